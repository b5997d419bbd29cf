"""What frameworks hand requests to, and in which parameters the request arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.code import Handler, read_code
from sls_lab.code.routes import checks_annotations, framework_class
from tests.code.builder import function, read, template

HEAD = "from mangum import Mangum\nfrom fastapi import APIRouter, Depends, FastAPI, Request\nfrom flask import Flask\n"


def receivers(handler: Handler) -> dict[str, tuple[str, ...]]:
    return {one.qualified: one.parameters for one in handler.receivers}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("app = FastAPI()\n@app.get('/{n}')\ndef f(n): pass\n", {"f": ("n",)}),
        ("app = FastAPI()\n@app.get('/{n}')\ndef f(n: int, m: int | None, o: 'UUID'): pass\n", {"f": ()}),
        ("app = FastAPI()\n@app.get('/{n}')\ndef f(n: int | str, m: list[int]): pass\n", {"f": ("n", "m")}),
        ("app = FastAPI()\n@app.exception_handler(OSError)\ndef f(request, error): pass\n", {}),
        ("app = FastAPI()\n@app.middleware('http')\ndef f(request, call_next): pass\n", {}),
        ("app = FastAPI()\ndef db(): pass\n@app.get('/')\ndef f(q, d=Depends(db)): pass\n", {"f": ("q",)}),
        (
            "app = FastAPI()\ndef page(q): pass\n@app.get('/')\ndef f(p=Depends(page)): pass\n",
            {"page": ("q",), "f": ("p",)},
        ),
        (
            "app = FastAPI()\n@app.get('/')\ndef f(q: Query = Depends(), d=Depends(lambda: 1)): pass\n",
            {"f": ("q",)},
        ),
        (
            "app = FastAPI()\nclass A:\n def __call__(self, q): pass\na = A()\n@app.get('/')\n"
            "def f(p=Depends(A()), s=Depends(a)): pass\n",
            {"A.__call__": ("q",), "f": ("p", "s")},
        ),
        (
            "app = FastAPI()\nclass A:\n def __init__(self): pass\nclass B:\n def __init__(self, q): pass\n"
            "@app.get('/')\ndef f(a: A = Depends(), b: B = Depends(), c=Depends(B)): pass\n",
            {"B.__init__": ("q",), "f": ("b", "c")},
        ),
        (
            "from typing import Annotated\napp = FastAPI()\ndef db(): pass\ndef page(q): pass\n"
            "Base = Annotated[str, Depends(db)]\nPage = Annotated[str, Depends(page)]\n"
            "@app.get('/')\ndef f(b: Base, p: Page, n: Annotated[str, 'words']): pass\n",
            {"page": ("q",), "f": ("p", "n")},
        ),
        (
            "from typing import Annotated\napp = FastAPI()\ndef inner(q): pass\n"
            "def outer(i: Annotated[str, Depends(inner)]): pass\ndef again(a: Annotated[str, Depends(again)]): pass\n"
            "@app.get('/')\ndef f(o=Depends(outer), a=Depends(again)): pass\n",
            {"inner": ("q",), "outer": ("i",), "f": ("o",)},
        ),
        (
            "app = FastAPI()\nr = APIRouter()\n@r.get('/')\ndef f(q): pass\n@r.get('/')\ndef g(q): pass\n"
            "app.include_router(r)\n",
            {"f": ("q",), "g": ("q",)},
        ),
        (
            "app = FastAPI()\nr = APIRouter()\n@r.get('/')\ndef f(q): pass\n@app.get('/')\ndef g(q): pass\n",
            {"g": ("q",)},
        ),
        ("app = Flask(__name__)\n@app.route('/<int:n>/<path:m>')\ndef f(n, m): pass\n", {"f": ("m",)}),
        ("app = Flask(__name__)\ndef f(n): pass\napp.add_url_rule('/<n>', view_func=f)\n", {"f": ("n",)}),
        (
            "def make():\n    app = FastAPI()\n    @app.get('/')\n    def f(q): pass\n    return app\napp = make()\n",
            {"make.f": ("q",)},
        ),
    ],
)
def test_a_route_receives_what_the_request_chooses(tmp_path: Path, source: str, wanted: dict[str, object]) -> None:
    code = read(tmp_path, {"handler.py": HEAD + source + "handler = Mangum(app)\n"})
    handler = code.handlers["app"]
    assert handler.definition is None
    assert receivers(handler) == wanted
    assert handler.span.text_in(code.modules["handler.py"].text) == "Mangum(app)"
    assert code.unseen == {}


def test_routes_belong_to_the_handlers_that_reach_them(tmp_path: Path) -> None:
    source = (
        "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
        "app = APIGatewayRestResolver()\n"
        "@app.get('/<n>')\ndef f(n): pass\n"
        "def handler(event, context):\n    return app.resolve(event, context)\n"
        "def other(event, context):\n    pass\n"
    )
    code = read(tmp_path, {"handler.py": source}, function("app"), function("other", "handler.other"))
    assert receivers(code.handlers["app"]) == {"handler": ("event",), "f": ("n",)}
    assert receivers(code.handlers["other"]) == {"other": ("event",)}


def test_a_wrapper_receives_the_event_too(tmp_path: Path) -> None:
    source = (
        "import functools\n"
        "def logged(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args)\n    return inner\n"
        "@logged\ndef handler(event, context): pass\n"
    )
    code = read(tmp_path, {"handler.py": source})
    assert receivers(code.handlers["app"]) == {"handler": ("event",), "logged.inner": ("*args",)}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "import bottle, apig_wsgi\napp = bottle.Bottle()\n@app.get('/<n>')\ndef f(n): pass\n"
            "wsgi = apig_wsgi.make_lambda_handler(app)\n"
            "def handler(event, context):\n    return wsgi(event, context)\n",
            "bottle.Bottle()",
        ),
        (
            "import serverless_wsgi\nfrom mysite.wsgi import application\n"
            "def handler(event, context):\n    return serverless_wsgi.handle_request(application, event, context)\n",
            "mysite.wsgi.application",
        ),
        (
            "import serverless_wsgi\nfrom flask import Flask\nfrom flask_restful import Api\napp = Flask('a')\n"
            "class C: pass\nApi(app).add_resource(C, '/c')\n"
            "def handler(event, context):\n    return serverless_wsgi.handle_request(app, event, context)\n",
            "registers a class",
        ),
    ],
)
def test_routes_that_cannot_be_found_are_not_passed_over(tmp_path: Path, source: str, words: str) -> None:
    code = read(tmp_path, {"handler.py": source}, function("app"), function("again"))
    for name in ("app", "again"):  # the second finds the module loaded
        assert code.unseen[name].code == "unknown-framework"
        assert words in code.unseen[name].message


def test_a_lambda_at_the_top_of_its_module_is_a_handler(tmp_path: Path) -> None:
    (tmp_path / "handler.py").write_text("handler = lambda event, context: print(event)\n", encoding="utf-8")
    code = read_code(template(tmp_path, function("app")))
    handler = code.handlers["app"]
    assert (handler.qualified, handler.event, receivers(handler)) == ("handler", "event", {"handler": ("event",)})
    assert handler.span.text_in(code.modules["handler.py"].text) == "lambda event, context: print(event)"


def test_a_framework_is_recognised_by_the_class_and_not_by_a_label() -> None:
    assert framework_class("flask.Flask") == "Flask"
    assert checks_annotations("fastapi.routing.APIRouter") and not checks_annotations("flask.Flask")
    for label in ("flask.Flask('x')", "fastapi.FastAPI(title='Notes').docs", "mysite.flask.Flask", "Flask"):
        assert framework_class(label) is None
        assert not checks_annotations(label)
