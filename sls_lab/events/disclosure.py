"""SAS-10 and SAS-7, what is told to the caller or written to the log and should stay inside."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from sls_lab.code import Code
from sls_lab.code.model import Module
from sls_lab.code.positions import FunctionNode, span_of
from sls_lab.events.model import Advice
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
    telling: set[str] = set()  # variables that hold the text of an exception
    for caught in (node for node in ast.walk(definition) if isinstance(node, ast.ExceptHandler)):
        named = caught.name if caught.name is not None and _is_open_ended(caught.type) else None
        for node in ast.walk(caught):
            if isinstance(node, ast.Assign) and _tells(node.value, named, telling, above):
                telling |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        for node in ast.walk(caught):
            if isinstance(node, ast.Return) and node.value and _tells(node.value, named, set(), above):
                yield _verbose(module, node)
    for node in ast.walk(definition):
        if isinstance(node, ast.Return) and node.value and _tells(node.value, None, telling, above):
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
    above = _parents(definition)
    for call in _logging_calls(definition):
        for node in _within(call):
            if isinstance(node, ast.Name) and node.id == event and _is_whole(node, above):
                message = "the whole request is logged, with its cookies and Authorization header; log what is needed"
                yield Advice("request-logged", message, span_of(module, call))


def _logged_secrets(module: Module) -> Iterator[Advice]:
    above = _parents(module.tree)
    secret = _names_of_secrets(module.tree)
    for call in _logging_calls(module.tree):
        for node in _within(call):
            if _is_environment(node) and _is_whole(node, above):
                message = "the whole environment is logged, with the function's credentials; log what is needed"
                yield Advice("environment-logged", message, span_of(module, call))
            elif (
                isinstance(node, ast.Name)
                and (node.id in secret or _SECRET_NAME.search(node.id))
                and _is_whole(node, above)
            ):
                message = f"`{node.id}` is logged, and who reads the log need not know it; leave it out"
                yield Advice("secret-logged", message, span_of(module, call))


def _names_of_secrets(tree: ast.Module) -> set[str]:
    """Variables to which the answer of a secret store is assigned."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _SECRET_CALLS
            for call in ast.walk(node.value)
        ):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return found


def _logging_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id="print"):
                    yield node
                case ast.Attribute(attr=method, value=ast.Name(id=name)) if (
                    method in _LOGGING and "log" in name.lower()
                ):
                    yield node


def _within(call: ast.Call) -> Iterator[ast.AST]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        yield from ast.walk(argument)


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
