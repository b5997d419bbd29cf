"""Which functions a web framework hands a request to, and in which of their parameters the request arrives.

An adapter turns the event into a request (`Mangum(app)`, `serverless_wsgi.handle_request(app, event, context)`), or
the application does itself (`app.resolve(event, context)` of Powertools); the framework then calls one of the functions
that were registered with it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from sls_lab.python.module import FunctionNode

#: Classes of frameworks by the modules they come from; whether they check parameters against their annotations.
#: https://fastapi.tiangolo.com/tutorial/path-params/, https://www.starlette.io/routing/,
#: https://flask.palletsprojects.com/en/stable/api/#url-route-registrations,
#: https://docs.powertools.aws.dev/lambda/python/latest/core/event_handler/api_gateway/,
#: https://aws.github.io/chalice/topics/routing.html
_FRAMEWORKS = {
    "fastapi": {"FastAPI": True, "APIRouter": True},
    "starlette": {"Starlette": False, "Router": False},
    "flask": {"Flask": False, "Blueprint": False},
    "aws_lambda_powertools": {
        "ALBResolver": False,
        "APIGatewayHttpResolver": False,
        "APIGatewayRestResolver": False,
        "ApiGatewayResolver": False,
        "AppSyncResolver": False,
        "LambdaFunctionUrlResolver": False,
        "Router": False,
        "VPCLatticeResolver": False,
        "VPCLatticeV2Resolver": False,
    },
    "chalice": {"Blueprint": False, "Chalice": False},
}
#: What registers a route, as a decorator or with the function among its arguments.
_DECORATORS = frozenset(
    {"api_route", "delete", "get", "head", "options", "patch", "post", "put", "resolver", "route", "websocket"}
)
#: What registers a function that runs before each route, as a decorator without parentheses.
#: https://flask.palletsprojects.com/en/stable/api/#flask.Flask.before_request
_HOOKS = frozenset({"before_request", "before_app_request"})
#: Methods that take a function or a router in; the object hands requests on to it.
TAKING = frozenset(
    {
        "add_api_route",
        "add_api_websocket_route",
        "add_route",
        "add_url_rule",
        "add_websocket_route",
        "include_router",
        "mount",
        "register_blueprint",
    }
)
#: Functions that hand an event to an application of some framework.
ADAPTERS = frozenset(
    {
        "apig_wsgi.make_lambda_handler",
        "aws_wsgi.response",
        "awsgi.response",
        "awsgi2.response",
        "mangum.Mangum",
        "serverless_wsgi.handle_request",
    }
)
#: What makes a decorator of a function that is given a handler, its event and its context, and calls the handler.
#: https://docs.powertools.aws.dev/lambda/python/latest/utilities/middleware_factory/
MIDDLEWARE = frozenset(
    {
        "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
        "aws_lambda_powertools.middleware_factory.factory.lambda_handler_decorator",
    }
)
#: Methods that register classes, whose methods answer requests.
CLASS_TAKING = frozenset({"add_resource", "as_view"})
#: https://fastapi.tiangolo.com/tutorial/dependencies/
DEPENDENCIES = frozenset({"fastapi.Depends", "fastapi.Security", "fastapi.params.Depends"})

#: Annotations that a checking framework lets nothing else pass by, and those of objects that hold no request.
_CHECKED = frozenset({"UUID", "bool", "date", "datetime", "Decimal", "float", "int", "time", "timedelta"})
_NO_REQUEST = frozenset({"BackgroundTasks", "Response"})
#: `<int:number>` and similar converters let nothing but numbers and UUIDs pass.
_CONVERTER = re.compile(r"<(?:int|float|uuid)(?:\([^)>]*\))?:(\w+)>")


def framework_class(maker: str) -> str | None:
    """The framework's class that `maker`, a dotted name such as `fastapi.FastAPI`, means; None for other libraries."""
    name = maker.rpartition(".")[2]
    return name if name in _FRAMEWORKS.get(maker.partition(".")[0], {}) else None


def is_web_route(node: FunctionNode) -> bool:
    """Whether a function is registered for a path, such as `@app.get("/items")`, with whatever library."""
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in _DECORATORS
        and bool(decorator.args)
        and isinstance(decorator.args[0], ast.Constant)
        and isinstance(decorator.args[0].value, str)
        and decorator.args[0].value.startswith("/")
        for decorator in node.decorator_list
    )


def checks_annotations(maker: str) -> bool:
    """Whether what `maker` makes turns parameters into the types they are annotated with, or refuses them."""
    return _FRAMEWORKS.get(maker.partition(".")[0], {}).get(maker.rpartition(".")[2], False)


def is_route(node: FunctionNode, taken: bool) -> bool:
    """Whether a registered function is called for requests, not for errors or at the start.

    `taken` says that it was registered as an argument, where no decorator shows it.
    """
    return taken or any(map(_registers, node.decorator_list))


def _registers(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in _DECORATORS
        case ast.Attribute(attr=name):
            return name in _HOOKS
    return False


def request_parameters(node: FunctionNode, checked: bool, depending: Mapping[str, bool]) -> tuple[str, ...]:
    """The parameters of a route that hold what the request says.

    `checked` is as in `checks_annotations`; `depending` are the parameters that are given what others make, and whether
    those pass on parts of the request.
    """
    converted = set(_converted(node))
    given = node.args
    found = []
    for parameter in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        kinds = set(_names(parameter.annotation))
        wanted = not (kinds & _NO_REQUEST or (checked and kinds and kinds <= {*_CHECKED, "None", "Optional"}))
        if depending.get(parameter.arg, wanted) and parameter.arg not in {*converted, "self", "cls"}:
            found.append(parameter.arg)
    if given.kwarg is not None:
        found.append(f"**{given.kwarg.arg}")
    return tuple(found)


def _converted(node: FunctionNode) -> Iterator[str]:
    for decorator in node.decorator_list:
        for inner in ast.walk(decorator):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield from _CONVERTER.findall(inner.value)


def _names(annotation: ast.expr | None) -> Iterator[str]:
    """The types that an annotation is made of: `UUID` and `None` of `uuid.UUID | None`."""
    match annotation:
        case None:
            return
        case ast.Constant(value=None):
            yield "None"
        case ast.Constant(value=str(text)):
            yield text.rpartition(".")[2]
        case ast.BinOp(left=left, right=right):
            yield from (*_names(left), *_names(right))
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[first, *_])) if _last(value) == "Annotated":
            yield from _names(first)
        case ast.Tuple(elts=elements):
            for element in elements:
                yield from _names(element)
        case ast.Subscript(value=value, slice=inner):
            yield from (*_names(value), *_names(inner))
        case _:
            yield _last(annotation) or "?"


def _last(expression: ast.expr) -> str | None:
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None
