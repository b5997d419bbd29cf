"""SAS-10, verbose errors: the message of an exception in the answer to a request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sls_lab.advice.answering import Parents, parents_in
from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import span_of

#: Exceptions whose message could be anything: all of them, AWS's, the system's, a database's. A `ValueError` of the
#: application's own is often written for the caller.
_OPEN_ENDED = frozenset(
    {
        "Exception", "BaseException", "BotoCoreError", "ClientError", "OSError", "IOError", "RuntimeError",
        "Error", "DatabaseError", "MySQLError", "OperationalError", "ProgrammingError", "SQLAlchemyError",
    }
)  # fmt: skip
_TRACES = re.compile(r"\b(?:traceback\.(?:format_exc|format_exception|format_tb|extract_tb)|sys\.exc_info)\b")


def verbose_errors(app: Linked) -> Iterator[Advice]:
    """Answers to requests that contain the message of an exception."""
    for function in app.template.functions:
        handler = app.code.handlers.get(function.name)
        if handler is not None and any(trigger.is_answered for trigger in function.triggers):
            for receiver in handler.receivers:
                if not isinstance(receiver.definition, ast.Lambda):
                    yield from _verbose_answers(app.code.modules[receiver.file], receiver.definition)


def _verbose_answers(module: Module, definition: FunctionNode) -> Iterator[Advice]:
    above = parents_in(definition)
    later: set[str] = set()  # variables that hold the message of an exception after the `except`
    for caught in (node for node in ast.walk(definition) if isinstance(node, ast.ExceptHandler)):
        named = caught.name if caught.name is not None and _is_open_ended(caught.type) else None
        here: set[str] = set()
        for node in ast.walk(caught):
            if isinstance(node, ast.Assign) and _tells(node.value, named, here, above):
                here |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        for node in ast.walk(caught):
            if isinstance(node, ast.Return) and node.value and _tells(node.value, named, here, above):
                yield _verbose(module, node)
        if not isinstance(caught.body[-1], ast.Return | ast.Raise):
            later |= here
    for node in ast.walk(definition):
        if isinstance(node, ast.Return) and node.value and _tells(node.value, None, later, above):
            yield _verbose(module, node)


def _verbose(module: Module, node: ast.Return) -> Advice:
    message = "the message of an exception is sent to the caller; answer with a fixed message, and log the exception"
    return Advice("verbose-error", message, span_of(module, node))


def _is_open_ended(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or ast.unparse(kind).rpartition(".")[2] in _OPEN_ENDED or ".exceptions." in ast.unparse(kind)
        for kind in kinds
    )


def _tells(value: ast.expr, caught: str | None, telling: set[str], above: Parents) -> bool:
    """Whether an expression holds the message of the exception `caught`, a traceback, or a variable with either."""
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute) and _TRACES.search(ast.unparse(node)):
            return True
        if isinstance(node, ast.Name) and node.id in telling:
            return True
        if isinstance(node, ast.Name) and node.id == caught and not _only_the_kind(node, above):
            return True
    return False


def _only_the_kind(node: ast.Name, above: Parents) -> bool:
    """Whether only the type, status or code of an exception is used."""
    around = above.get(node)
    if isinstance(around, ast.Call) and isinstance(around.func, ast.Name):
        return around.func.id in ("type", "isinstance")
    if isinstance(around, ast.Attribute):
        if around.attr != "response":
            return around.attr not in ("args", "message", "msg", "strerror")
        part = above.get(around)
        while isinstance(part, ast.Subscript):
            if isinstance(part.slice, ast.Constant) and part.slice.value in ("Code", "HTTPStatusCode"):
                return True
            part = above.get(part)
    return False


CHECK = Check(
    "verbose-errors",
    "Exceptions that are sent to the caller",
    10,
    "https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html",
    ("verbose-error",),
    verbose_errors,
)
