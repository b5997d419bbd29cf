"""SAS-7, secrets, the environment and whole requests in the log, where whoever reads it need not know them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import TypeGuard

from sls_lab.advice.answering import Parents, parents_in
from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.python.bindings import namespaces_within
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import span_of
from sls_lab.python.walking import own_nodes

_LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_SECRET_NAME = re.compile(r"(?:^|_)(?:password|passwd|passphrase|secret|(?:api|secret|private|access)_?key)$", re.I)
_SECRET_CALLS = frozenset({"get_secret_value", "decrypt"})


def logged_data(app: Linked) -> Iterator[Advice]:
    """Calls that log a secret, the whole environment or the whole request."""
    for function in app.template.functions:
        handler = app.code.handlers.get(function.name)
        if handler is not None and any(trigger.is_answered for trigger in function.triggers):
            for receiver in handler.receivers:
                if receiver.definition is handler.definition:
                    yield from _logged_requests(app.code.modules[receiver.file], handler.definition, handler.event)
    for module in app.code.modules.values():
        yield from _logged_secrets(module)


def _logged_requests(module: Module, definition: FunctionNode | ast.Lambda, event: str | None) -> Iterator[Advice]:
    names = (node for node in ast.walk(definition) if isinstance(node, ast.Name))
    if any(name.id == event and isinstance(name.ctx, ast.Store) for name in names):
        return  # it is no longer the request
    above = parents_in(definition)
    for call in filter(_is_logging, ast.walk(definition)):
        for node in _within(call):
            if isinstance(node, ast.Name) and node.id == event and _is_whole(node, above):
                message = "the whole request is logged, with its cookies and Authorization header; log what is needed"
                yield Advice("request-logged", message, span_of(module, call))


def _logged_secrets(module: Module) -> Iterator[Advice]:
    above = parents_in(module.tree)
    for scope in namespaces_within(module.tree):
        nodes = own_nodes(scope)
        secret = _names_of_secrets(nodes)
        for call in filter(_is_logging, nodes):
            for node in _within(call):
                if _is_environment(node) and _is_whole(node, above):
                    message = "the whole environment is logged, with the function's credentials; log what is needed"
                    yield Advice("environment-logged", message, span_of(module, call))
                elif _is_secret(node, secret) and _is_whole(node, above):
                    message = (
                        f"`{ast.unparse(node)}` is logged, and whoever reads the log need not know it; leave it out"
                    )
                    yield Advice("secret-logged", message, span_of(module, call))


def _names_of_secrets(nodes: Sequence[ast.AST]) -> set[str]:
    """Variables to which nothing else than the answers of secret stores are assigned."""
    secret: set[str] = set()
    other: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign):
            calls = (call for call in ast.walk(node.value) if isinstance(call, ast.Call))
            asked = any(isinstance(call.func, ast.Attribute) and call.func.attr in _SECRET_CALLS for call in calls)
            (secret if asked else other).update(target.id for target in node.targets if isinstance(target, ast.Name))
    return secret - other


def _is_logging(node: ast.AST) -> TypeGuard[ast.Call]:
    match node:
        case ast.Call(func=ast.Name(id="print")):
            return True
        case ast.Call(func=ast.Attribute(attr=method, value=ast.Name(id=name))):
            return method in _LOGGING and "log" in name.lower()
    return False


def _within(call: ast.Call) -> Iterator[ast.AST]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        yield from ast.walk(argument)


def _is_secret(node: ast.AST, secret: set[str]) -> bool:
    return isinstance(node, ast.Name) and (node.id in secret or _SECRET_NAME.search(node.id) is not None)


def _is_environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ"


def _is_whole(node: ast.AST, above: Parents) -> bool:
    """Whether a value is used as a whole: not one of its elements, not a number or truth value made of it."""
    around = above.get(node)
    if isinstance(around, ast.Subscript | ast.Attribute | ast.Compare | ast.keyword):
        return isinstance(around, ast.keyword)
    if isinstance(around, ast.Call) and isinstance(around.func, ast.Name):
        return around.func.id in ("str", "repr", "dict", "print", "format", "sorted", "list")
    if isinstance(around, ast.Call) and isinstance(around.func, ast.Attribute):
        return node in around.args and (around.func.attr in _LOGGING or around.func.attr in ("dumps", "format"))
    return True


CHECK = Check(
    "logged-data",
    "Secrets and requests in the log",
    7,
    "https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html#data-to-exclude",
    ("request-logged", "environment-logged", "secret-logged"),
    logged_data,
)
