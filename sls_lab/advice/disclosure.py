"""SAS-10 and SAS-7, what is told to the caller or written to the log and should stay inside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from sls_lab.advice.model import Advice
from sls_lab.code import Code
from sls_lab.python.bindings import namespaces_within
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import span_of
from sls_lab.python.walking import own_nodes
from sls_lab.template.model import Template

#: Triggers whose function's result is the answer to a request.
_ANSWERING = frozenset({"alb", "http", "httpApi", "url"})
#: Exceptions of which nobody knows the text: everything, AWS's, the system's, a database's. A `ValueError` of one's
#: own is often written for the caller.
_OPEN_ENDED = frozenset(
    {
        "Exception", "BaseException", "BotoCoreError", "ClientError", "OSError", "IOError", "RuntimeError",
        "Error", "DatabaseError", "MySQLError", "OperationalError", "ProgrammingError", "SQLAlchemyError",
    }
)  # fmt: skip
_TRACES = re.compile(r"\b(?:traceback\.(?:format_exc|format_exception|format_tb|extract_tb)|sys\.exc_info)\b")
_LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_SECRET_NAME = re.compile(r"(?:^|_)(?:password|passwd|passphrase|secret|(?:api|secret|private|access)_?key)$", re.I)
_SECRET_CALLS = frozenset({"get_secret_value", "decrypt"})

Parents = Mapping[ast.AST, ast.AST]


def disclosures(template: Template, code: Code) -> Iterator[Advice]:
    """Answers with the text of an exception, and logs with secrets, the whole environment or the whole request."""
    for function in template.functions:
        handler = code.handlers.get(function.name)
        if handler is not None and any(trigger.type in _ANSWERING for trigger in function.triggers):
            for receiver in handler.receivers:
                module, definition = code.modules[receiver.file], receiver.definition
                if not isinstance(definition, ast.Lambda):
                    yield from _verbose_answers(module, definition)
                if definition is handler.definition:
                    yield from _logged_requests(module, definition, handler.event)
    for module in code.modules.values():
        yield from _logged_secrets(module)


def _verbose_answers(module: Module, definition: FunctionNode) -> Iterator[Advice]:
    above = _parents(definition)
    later: set[str] = set()  # variables that hold the text of an exception behind the `except`
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
    message = "the text of an exception is sent to the caller; answer with a fixed text, and log the exception"
    return Advice("verbose-error", message, span_of(module, node))


def _is_open_ended(caught: ast.expr | None) -> bool:
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        kind is None or ast.unparse(kind).rpartition(".")[2] in _OPEN_ENDED or ".exceptions." in ast.unparse(kind)
        for kind in kinds
    )


def _tells(value: ast.expr, caught: str | None, telling: set[str], above: Parents) -> bool:
    """Whether an expression holds the text of the exception `caught`, of a traceback, or a variable that holds one."""
    for node in ast.walk(value):
        if isinstance(node, ast.Attribute) and _TRACES.search(ast.unparse(node)):
            return True
        if isinstance(node, ast.Name) and node.id in telling:
            return True
        if isinstance(node, ast.Name) and node.id == caught and not _only_the_kind(node, above):
            return True
    return False


def _only_the_kind(node: ast.Name, above: Parents) -> bool:
    """Whether of an exception only its type, status or code is used."""
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


def _logged_requests(module: Module, definition: FunctionNode | ast.Lambda, event: str | None) -> Iterator[Advice]:
    names = (node for node in ast.walk(definition) if isinstance(node, ast.Name))
    if any(name.id == event and isinstance(name.ctx, ast.Store) for name in names):
        return  # it is no longer the request
    above = _parents(definition)
    for call in filter(_is_logging, ast.walk(definition)):
        for node in _within(call):
            if isinstance(node, ast.Name) and node.id == event and _is_whole(node, above):
                message = "the whole request is logged, with its cookies and Authorization header; log what is needed"
                yield Advice("request-logged", message, span_of(module, call))


def _logged_secrets(module: Module) -> Iterator[Advice]:
    above = _parents(module.tree)
    for scope in namespaces_within(module.tree):
        nodes = own_nodes(scope)
        secret = _names_of_secrets(nodes)
        for call in filter(_is_logging, nodes):
            for node in _within(call):
                if _is_environment(node) and _is_whole(node, above):
                    message = "the whole environment is logged, with the function's credentials; log what is needed"
                    yield Advice("environment-logged", message, span_of(module, call))
                elif _is_secret(node, secret) and _is_whole(node, above):
                    message = f"`{ast.unparse(node)}` is logged, and who reads the log need not know it; leave it out"
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


def _parents(tree: ast.AST) -> Parents:
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
