"""SAS-12, data across executions: what one invocation leaves for the next, which may be another caller's.

An execution environment, its memory and its `/tmp` are used again
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.advice.model import Advice
from sls_lab.code import Code
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import span_of

_COLLECTIONS = frozenset({"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "Counter"})
_ADDING = frozenset({"append", "appendleft", "extend", "add", "update", "insert", "setdefault"})
_REMOVING = frozenset({"remove", "unlink", "rmtree", "TemporaryDirectory"})
#: Calls whose result still is what the caller sent.
_KEEPING = frozenset({"loads", "get", "strip", "lower", "upper", "decode", "encode", "format", "str", "dict", "list"})


def kept_data(code: Code) -> Iterator[Advice]:
    """Data of an event in a variable of the module, and files that a handler leaves in /tmp."""
    for handler in code.handlers.values():
        for receiver in handler.receivers:
            module, definition = code.modules[receiver.file], receiver.definition
            if not isinstance(definition, ast.Lambda):
                yield from _in_memory(module, definition, set(receiver.parameters))
                yield from _in_files(module, definition)


def _in_memory(module: Module, definition: FunctionNode, given: set[str]) -> Iterator[Advice]:
    data = _data_of_the_event(definition, given)
    shared = {name for node in ast.walk(definition) if isinstance(node, ast.Global) for name in node.names}
    shared |= _collections(module)
    emptied = {ast.unparse(node.func.value) for node in ast.walk(definition) if _is_method(node, {"clear"})}  # type: ignore[attr-defined]
    lasting = shared - emptied
    for node in ast.walk(definition):
        for name, value in _kept(node):
            if name in lasting and not data.isdisjoint(_handed_on(value)):
                message = f"`{name}` keeps data of this caller for the next invocation; keep it in a local variable"
                yield Advice("kept-between-invocations", message, span_of(module, node))


def _kept(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Which variable is given what, where that outlives the statement."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
                elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    yield target.value.id, value
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method), args=[*_, value]) if method in _ADDING:
            yield name, value


def _collections(module: Module) -> set[str]:
    """The module's variables that hold a list, set or dict."""
    found = set()
    for statement in module.tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ):
                made = isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in _COLLECTIONS
                if made or isinstance(value, ast.List | ast.Dict | ast.Set):
                    found.add(name)
    return found


def _data_of_the_event(definition: FunctionNode, given: set[str]) -> set[str]:
    """The parameters with data of the event, and the local variables that hold parts of it."""
    data = set(given)
    local: list[tuple[ast.expr, ast.expr]] = []
    for node in ast.walk(definition):
        if isinstance(node, ast.Assign):
            local += [(target, node.value) for target in node.targets]
        elif isinstance(node, ast.For | ast.AsyncFor):
            local.append((node.target, node.iter))
        elif isinstance(node, ast.NamedExpr):
            local.append((node.target, node.value))
    following: dict[str, list[ast.expr]] = {}
    for target, value in local:
        for name in _handed_on(value):
            following.setdefault(name, []).append(target)
    pending = list(given)
    while pending:
        for target in following.pop(pending.pop(), ()):
            bound = {part.id for part in ast.walk(target) if isinstance(part, ast.Name) and _is_bound(part)}
            pending += bound - data
            data |= bound
    return data


def _is_bound(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _handed_on(value: ast.expr) -> Iterator[str]:
    """The variables that an expression hands on, other than through a call that makes something else."""
    pending: list[ast.AST] = [value]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            yield node.id
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] not in _KEEPING:
            continue
        if isinstance(node, ast.Compare):
            continue
        pending += [node.value] if isinstance(node, ast.Subscript) else ast.iter_child_nodes(node)


def _in_files(module: Module, definition: FunctionNode) -> Iterator[Advice]:
    if any(_is_method(node, _REMOVING) for node in ast.walk(module.tree)):
        return
    paths = _paths(module.tree.body) | _paths(definition.body)
    for node in ast.walk(definition):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open" and node.args
        ):
            continue
        mode = next(
            (word.value for word in node.keywords if word.arg == "mode"), node.args[1] if node.args[1:] else None
        )
        written = isinstance(mode, ast.Constant) and any(letter in str(mode.value) for letter in "wax")
        path = node.args[0]
        if written and (_in_tmp(path) or (isinstance(path, ast.Name) and path.id in paths)):
            message = "the file stays in /tmp, where the next invocation finds it; delete it, or use TemporaryDirectory"
            yield Advice("kept-between-invocations", message, span_of(module, node))


def _paths(body: list[ast.stmt]) -> set[str]:
    """Variables that are given a path in /tmp."""
    assigned = (node for statement in body for node in ast.walk(statement) if isinstance(node, ast.Assign))
    return {
        target.id for node in assigned if _in_tmp(node.value) for target in node.targets if isinstance(target, ast.Name)
    }


def _in_tmp(path: ast.expr) -> bool:
    match path:
        case ast.Constant(value=str(text)):
            return text.startswith("/tmp/") or text == "/tmp"
        case ast.JoinedStr(values=[first, *_]):
            return _in_tmp(first)
        case ast.BinOp(left=left):
            return _in_tmp(left)
        case ast.Call(func=ast.Attribute(attr="join"), args=[first, *_]):
            return _in_tmp(first)
    return False


def _is_method(node: ast.AST, names: set[str] | frozenset[str]) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names
