"""What is read, what is not and why."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from sls_lab.code import read_code
from sls_lab.facts import Diagnostic, Pattern
from tests.code.builder import calls_of, function, read, template, values

GOOD = "def handler(event, context):\n    return event\n"
PUT = "import boto3\ns3 = boto3.client('s3')\n"


def test_handlers_are_found_in_every_shape(tmp_path: Path) -> None:
    files = {
        "app.py": (
            "from impl import real as imported\n"
            "from functools import partial\n"
            "import impl\n"
            "def plain(event, context): pass\n"
            "async def coroutine(evt, context): pass\n"
            "alias = plain\n"
            "wrapped = impl.decorate(plain)\n"
            "@impl.decorate\n"
            "def decorated(payload, context): pass\n"
            "class App:\n"
            "    def run(self, request, context): pass\n"
            "    def __call__(self, called, context): pass\n"
            "method = App().run\n"
            "instance = App()\n"
            "def three(first, event, context): pass\n"
            "part = partial(three, 1)\n"
            "def star(*args): pass\n"
            "from unknown_library import wrap\n"
            "outside = wrap(plain)\n"
            "if True:\n"
            "    def conditional(event, context): pass\n"
        ),
        "impl.py": (
            "import functools\n"
            "def real(data, context): pass\n"
            "def decorate(f):\n"
            "    @functools.wraps(f)\n"
            "    def inner(event, context):\n"
            "        return f(event, context)\n"
            "    return inner\n"
        ),
    }
    wanted = {
        "plain": ("app.py", "plain", "event"),
        "coroutine": ("app.py", "coroutine", "evt"),
        "alias": ("app.py", "plain", "event"),
        "wrapped": ("app.py", "plain", "event"),
        "decorated": ("app.py", "decorated", "payload"),
        "imported": ("impl.py", "real", "data"),
        "method": ("app.py", "run", "request"),
        "instance": ("app.py", "__call__", "called"),
        "part": ("app.py", "three", "event"),
        "star": ("app.py", "star", None),
        "outside": ("app.py", "plain", "event"),
        "conditional": ("app.py", "conditional", "event"),
    }
    code = read(tmp_path, files, *(function(name, f"app.{name}") for name in wanted))
    assert code.unseen == {}
    found = {name: (one.file, one.definition.name, one.event) for name, one in code.handlers.items()}
    assert found == wanted
    for one in code.handlers.values():
        text = one.span.text_in(code.modules[one.file].text)
        assert ast.parse(text).body[0].name == one.definition.name
    assert code.reached["plain"] == ("app.py", "impl.py")


def test_a_handler_that_may_be_several_functions_is_all_of_them(tmp_path: Path) -> None:
    source = (
        f"{PUT}import os\n"
        "def one(event, context): s3.put_object(Bucket='one', Key='k')\n"
        "def two(request, context): s3.put_object(Bucket='two', Key='k')\n"
        "handler = one if os.environ.get('ONE') else two\n"
    )
    code = read(tmp_path, {"handler.py": source}, function("app"))
    handler = code.handlers["app"]
    assert (handler.qualified, handler.alternatives) == ("one", ("two",))
    assert [(one.qualified, one.parameters) for one in handler.receivers] == [
        ("one", ("event",)),
        ("two", ("request",)),
    ]
    assert [str(call.arguments["Bucket"].values[0]) for call in code.calls] == ["one", "two"]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from agent import wrapped as handler\nexcept ImportError:\n    def handler(event, context): pass\n",
        "from agent import make\ndef plain(event, context): pass\nhandler = make() if make else plain\n",
    ],
)
def test_a_handler_that_may_be_of_a_library_is_not_all_seen(tmp_path: Path, source: str) -> None:
    code = read(tmp_path, {"handler.py": source}, function("app"))
    assert set(code.handlers) == set(code.unseen) == {"app"}
    assert (code.unseen["app"].code, code.unseen["app"].level) == ("handler-not-a-function", "error")
    assert "something of a library" in code.unseen["app"].message


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("", "handler-function-missing", "is empty"),
        ("x = 1\n", "handler-function-missing", "no function"),
        ("def handle(event, context): pass\n", "handler-function-missing", "`handle`"),
        ("handler = [lambda event, context: event][0]\n", "handler-is-lambda", "lambda"),
        ("def a(e, c): pass\nhandler = a if f() else [lambda e, c: e][0]\n", "handler-is-lambda", "lambda"),
        ("from x import app\nhandler = app.Adapter(app)\n", "handler-not-a-function", "app.Adapter(app)"),
        ("def handler(:\n", "syntax-error", "line 1"),
        ("def handler(event, context):\n    print 'x'\n", "python-2", "Python 2"),
        ("try:\n    x = 1\nexcept ValueError, error:\n    pass\n", "python-2", "Python 2"),
        ("x = 0777\n", "python-2", "Python 2"),
        ("x = '\0'\n", "null-bytes", "null bytes"),
        (b"x = '\xff'\n", "undecodable", "UTF-8"),
        (b"# coding: klingon\n", "undecodable", "klingon"),
        (b"# coding: hex\n", "undecodable", "encoding"),
        (f"x = {'-' * 100_000}1\n", "nested-too-deeply", "split"),
        (f"x = {'(' * 300}1{')' * 300}\n", "nested-too-deeply", "split"),
        (f"x = {' + '.join(['1'] * 5000)}\n", "nested-too-deeply", "split"),
        ("#" * 2_000_001, "file-too-large", "bytes"),
    ],
)
def test_what_is_not_seen_says_why(tmp_path: Path, source: str | bytes, code: str, words: str) -> None:
    found = read(tmp_path, {"handler.py": source, "good.py": GOOD}, function("app"), function("good", "good.handler"))
    assert set(found.unseen) == {"app"}
    assert set(found.handlers) == {"good"}
    diagnostic = found.unseen["app"]
    assert (diagnostic.code, diagnostic.level) == (code, "error")
    assert words in diagnostic.message
    assert diagnostic.span is not None
    assert diagnostic in found.diagnostics


def test_helpers_that_call_helpers_are_followed_as_far_as_people_write_them(tmp_path: Path) -> None:
    limit = sys.getrecursionlimit()
    chain = "".join(f"def f{number}(x):\n    return str([f{number + 1}(x)][0]) if x else x\n" for number in range(150))
    source = f"{PUT}{chain}def f150(x):\n    return x\n"
    source += "def handler(event, context):\n    s3.put_object(Bucket=f0('photos'), Key='k')\n"
    code = read(tmp_path, {"handler.py": source}, function("app"))
    assert not code.unseen and not code.diagnostics
    (call,) = code.calls
    assert [str(value) for value in call.arguments["Bucket"].values] == ["photos"]
    assert sys.getrecursionlimit() == limit


def test_helpers_that_never_end_are_left_with_a_word(tmp_path: Path) -> None:
    chain = "".join(f"def f{number}(x):\n    return f{number + 1}(x)\n" for number in range(400))
    code = read(tmp_path, {"handler.py": f"{chain}def handler(event, context):\n    f0(1)\n"}, function("app"))
    assert [one.code for one in code.diagnostics] == ["nested-too-deeply"]


def test_a_missing_file_names_near_ones(tmp_path: Path) -> None:
    code = read(tmp_path, {"src/handlers.py": GOOD}, function("app", "src/handler.handler"))
    assert code.unseen["app"].code == "handler-file-missing"
    assert "src/handlers.py" in code.unseen["app"].message


def test_what_the_template_said_is_not_said_twice(tmp_path: Path) -> None:
    app = function("app", file=None, attribute=None)
    told = Diagnostic("handler-file-missing", "Not there: add it.", app.handler_span)
    code = read_code(template(tmp_path, app, diagnostics=(told,)))
    assert code.unseen == {"app": told}
    assert code.diagnostics == ()


def test_other_languages_and_images(tmp_path: Path) -> None:
    node = function("node", "index.handler", language="other", runtime="nodejs20.x", file=None)
    image = function("image", language="other", runtime=None, handler=None, file=None, attribute=None)
    code = read(tmp_path, {}, node, image)
    assert {name: found.code for name, found in code.unseen.items()} == {
        "node": "not-python",
        "image": "container-image",
    }


def test_links_out_of_the_folder_are_not_read(tmp_path: Path) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "secret.py").write_text("SECRET = 1\n" + GOOD, encoding="utf-8")
    (app / "linked.py").symlink_to("../secret.py")
    (app / "inner.py").symlink_to("real.py")
    files = {"real.py": "VALUE = 'v'\n", "handler.py": f"{PUT}import linked, inner\n{GOOD}"}
    code = read(app, files, function("app"), function("link", "linked.handler"))
    assert set(code.unseen) == {"link"}
    assert code.unseen["link"].code == "path-outside"
    assert set(code.modules) == {"handler.py", "inner.py"}
    assert [found.code for found in code.diagnostics if found.span and found.span.file == "linked.py"] == [
        "path-outside"
    ]


@pytest.mark.parametrize(
    "handler", ["my-handler.handler", "lambda.handler", "class/import.handler", "a/b-c/größe.handler"]
)
def test_names_that_are_no_identifiers(tmp_path: Path, handler: str) -> None:
    file = handler.rpartition(".")[0] + ".py"
    code = read(tmp_path, {file: GOOD}, function("app", handler, file=file))
    assert code.handlers["app"].file == file


def test_the_same_file_name_in_different_folders(tmp_path: Path) -> None:
    source = PUT + "from names import NAME\n\ndef handler(event, context):\n    s3.put_object(Bucket=NAME)\n"
    files = {f"{name}/app.py": source for name in "ab"} | {f"{name}/names.py": f"NAME = '{name}'\n" for name in "ab"}
    code = read(tmp_path, files, *(function(name, f"{name}/app.handler", code_root=name) for name in "ab"))
    for name in "ab":
        assert [values(call, "Bucket") for call in calls_of(code, name)] == [name]
        assert code.reached[name] == (f"{name}/app.py", f"{name}/names.py")
        assert code.modules[f"{name}/app.py"].names == ("app",)


def test_coding_cookies_byte_order_marks_and_line_ends(tmp_path: Path) -> None:
    body = f"{PUT}def handler(event, context):\n    s3.put_object(Key='é'); s3.put_object(Key='x')\n"
    latin = ("# -*- coding: latin-1 -*-\n" + body).encode("latin-1")
    files: dict[str, str | bytes] = {
        "latin.py": latin,
        "mark.py": b"\xef\xbb\xbf" + body.encode(),
        "lines.py": body.replace("\n", "\r\n"),
    }
    code = read(tmp_path, files, *(function(name, f"{name}.handler") for name in ("latin", "mark", "lines")))
    for name in ("latin", "mark", "lines"):
        calls = list(calls_of(code, name))
        assert [values(call, "Key") for call in calls] == ["é", "x"]
        texts = [call.span.text_in(code.modules[call.file].text) for call in calls]
        assert texts == ["s3.put_object(Key='é')", "s3.put_object(Key='x')"]


def test_inline_code_is_a_virtual_file(tmp_path: Path) -> None:
    app = function(
        "Stack:app",
        "index.handler",
        file=None,
        inline_code=f"{PUT}def handler(event, context):\n    s3.put_object(Key='k')\n",
    )
    code = read(tmp_path, {}, app)
    assert code.handlers["Stack:app"].file == "inline/Stack_app.py"
    assert [values(call, "Key") for call in calls_of(code, "Stack:app")] == ["k"]


def test_one_helper_has_different_names_for_different_handlers(tmp_path: Path) -> None:
    files = {
        "store.py": f"{PUT}import os\nBUCKET = os.environ['BUCKET']\ndef save():\n    s3.put_object(Bucket=BUCKET)\n",
        "handler.py": "from store import save\ndef handler(event, context):\n    save()\n",
    }
    code = read(tmp_path, files, *(function(name, env={"BUCKET": f"bucket-{name}"}) for name in "ab"))
    for name in "ab":
        (call,) = calls_of(code, name)
        assert values(call, "Bucket") == f"bucket-{name}"
        reasons = [reason.text for reason in call.arguments["Bucket"].because]
        assert any("os.environ['BUCKET']" in reason for reason in reasons)
        assert any(f"environment variable BUCKET of {name}" in reason for reason in reasons)
        assert any("written in the template" in reason for reason in reasons)
        places = [reason.span.file for reason in call.arguments["Bucket"].because if reason.span]
        assert places == ["store.py", "serverless.yml", "serverless.yml"]


def test_module_level_calls_count_for_every_handler_that_loads_them(tmp_path: Path) -> None:
    files = {
        "common.py": f"{PUT}s3.put_object(Bucket='at-import')\n",
        "one.py": "import common\ndef handler(event, context): pass\n",
        "two.py": "def handler(event, context):\n    import common\n",
        "three.py": GOOD,
    }
    code = read(tmp_path, files, *(function(name, f"{name}.handler") for name in ("one", "two", "three")))
    assert [call.handler for call in code.calls] == ["one", "two"]


def test_undeclared_variables_and_unknown_clients_are_noted(tmp_path: Path) -> None:
    source = (
        "import os\nfrom elsewhere import store\n"
        "def handler(event, context):\n"
        "    name = os.getenv('NOPE', 'fallback')\n"
        "    event.client.put_object(Bucket=name)\n"
        "    store.put_item(Item={})\n"
    )
    code = read(tmp_path, {"handler.py": source})
    noted = {(found.code, found.span.line) for found in code.diagnostics if found.span and found.level == "note"}
    assert noted == {("undeclared-variable", 4), ("unknown-client", 5), ("unknown-client", 6)}
    assert code.calls == ()


def test_a_broken_helper_is_an_error_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = {
        "handler.py": f"{PUT}import helper\ndef handler(event, context):\n    s3.put_object(Key=helper.key())\n",
        "helper.py": "def (",
    }
    code = read(tmp_path, files)
    assert set(code.handlers) == {"app"}
    assert [found.code for found in code.diagnostics] == ["syntax-error"]
    assert [values(call, "Key") for call in code.calls] == ["{helper.key()}"]


def test_packaged_libraries_are_not_read(tmp_path: Path) -> None:
    files = {
        "handler.py": "import requests, boto3\n" + GOOD,
        "requests/__init__.py": "import boto3\n",
        "requests-2.0.dist-info/RECORD": "requests/__init__.py,sha256=x,1\n",
        "boto3/__init__.py": "raise SystemExit\n",
    }
    assert set(read(tmp_path, files).modules) == {"handler.py"}


def test_circular_imports_end(tmp_path: Path) -> None:
    files = {
        "handler.py": f"{PUT}import one\nNAME = 'n'\ndef handler(event, context):\n    s3.put_object(Key=one.key())\n",
        "one.py": "import two\nKEY = 'k'\ndef key():\n    return two.key()\n",
        "two.py": "import one\nimport handler\ndef key():\n    return one.KEY + handler.NAME\n",
    }
    code = read(tmp_path, files, function("app"), function("again"))
    assert [values(call, "Key") for call in code.calls] == ["kn", "kn"]


def test_receivers_name_their_arguments_by_expression(tmp_path: Path) -> None:
    source = (
        "import boto3\ns3 = boto3.resource('s3')\nbucket = s3.Bucket('b')\n"
        "def handler(event, context):\n"
        "    s3.Object('b', event['k']).put(Body='x')\n"
        "    bucket.Object('k').put(Body='x')\n"
        "    obj = bucket.Object('k')\n"
        "    obj.put(Body='x')\n"
        "    params = {'Bucket': 'b'}\n"
        "    boto3.client('s3').put_object(**params)\n"
    )
    code = read(tmp_path, {"handler.py": source})
    written = [
        {name: ast.unparse(one.node) for name, one in call.arguments.items() if one.node is not None and name != "Body"}
        for call in code.calls
    ]
    assert written == [
        {"Bucket": "'b'", "Key": "event['k']"},
        {"Bucket": "bucket.name", "Key": "'k'"},
        {"Bucket": "obj.bucket_name", "Key": "obj.key"},
        {"Bucket": "params['Bucket']"},
    ]


def test_layers_and_roots(tmp_path: Path) -> None:
    files = {
        "src/app.py": f"{PUT}import shared, top\ndef handler(e, c):\n    s3.put_object(Key=shared.K + top.T)\n",
        "layer/python/shared.py": "K = 'layer'\n",
        "top.py": "T = '-top'\n",
    }
    code = read(tmp_path, files, function("app", "src/app.handler", code_root="src", layers=("layer",)))
    assert [values(call, "Key") for call in code.calls] == ["layer-top"]


def test_deployed_names_stay_patterns(tmp_path: Path) -> None:
    source = (
        f"{PUT}import os\ndef handler(event, context):\n"
        "    s3.put_object(Bucket=os.environ['B'], Key=f\"{os.environ['B']}-x\")\n"
    )
    code = read(tmp_path, {"handler.py": source}, function("app", env={"B": "photos-{AWS::AccountId}"}))
    (call,) = code.calls
    assert call.arguments["Bucket"].values == (Pattern.of("photos-") + Pattern.fixed("AWS::AccountId"),)
    assert values(call, "Key") == "photos-{AWS::AccountId}-x"


def test_hostile_code_ends(tmp_path: Path) -> None:
    doubling = "".join(f"    x{n + 1} = x{n} + x{n}\n    t{n + 1} = (t{n}, t{n})\n" for n in range(60))
    fan = "".join(f"def f{n}(k):\n    f{n + 1}(k + 'a')\n    f{n + 1}(k + 'b')\n" for n in range(30))
    source = (
        f"{PUT}import re\n{fan}def f30(k):\n    s3.put_object(Key=k)\n"
        "def endless(n, f):\n    return endless(n + 1, lambda: f) or endless(n + 2, f)\n"
        "def handler(event, context):\n    x0 = 'x'\n    t0 = ('t',)\n"
        f"{doubling}"
        "    f0('s')\n    endless(0, None)\n"
        "    re.sub('(a+)+$', '', 'a' * 60 + '!')\n    '{:1000000000}'.format('x')\n    'x' * 10**10\n"
        "    '%1000000000d' % 3\n    10 ** 10 ** 10\n    a = []\n    a.append(a)\n    s3.put_object(Body=a)\n"
        "    for a in event:\n"
        + "".join("    " * (n + 2) + f"for a{n} in event:\n" for n in range(12))
        + "    " * 14
        + "s3.put_object(Key=a1)\n"
    )
    code = read(tmp_path, {"handler.py": source})
    assert set(code.handlers) == {"app"}
    assert {call.span.line for call in code.calls} >= {source.split("s3.put_object(Key=k)")[0].count("\n") + 1}
