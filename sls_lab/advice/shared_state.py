"""SAS-12, data across executions: what one invocation leaves for the next, which may be another caller's.

An execution environment, its memory and its `/tmp` are used again
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings, namespaces_within
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import span_of
from sls_lab.python.walking import walk

_COLLECTIONS = frozenset({"list", "dict", "set", "deque", "defaultdict", "OrderedDict", "Counter"})
#: How a variable is given something that outlives the statement.
_LASTING = frozenset({BindingKind.VALUE, BindingKind.ITEM, BindingKind.ADDED, BindingKind.CHANGED})
_REMOVING = frozenset({"remove", "unlink", "rmtree", "TemporaryDirectory"})
#: Calls whose result is still what the caller sent.
_KEEPING = frozenset({"loads", "get", "strip", "lower", "upper", "decode", "encode", "format", "str", "dict", "list"})


def shared_state(app: Linked) -> Iterator[Advice]:
    """Data of an event in a variable of the module, and files that a handler leaves in /tmp."""
    code = app.code
    receivers = {one.definition: one for handler in code.handlers.values() for one in handler.receivers}
    homes: dict[str, _Home] = {}  # thousands of handlers may be defined in one file
    for definition, receiver in receivers.items():
        if not isinstance(definition, ast.Lambda):
            module = code.modules[receiver.file]
            home = homes.get(receiver.file) or homes.setdefault(receiver.file, _Home.of(module))
            yield from _in_memory(module, home, definition, set(receiver.parameters))
            yield from _in_files(module, home, definition)


@dataclass(frozen=True, slots=True)
class _Home:
    """What a module says for all handlers in it.

    `collections` are its variables that hold a list, set or dict, `paths` those with a path in /tmp; `removes` says
    whether it removes files.
    """

    collections: frozenset[str]
    paths: frozenset[str]
    removes: bool

    @classmethod
    def of(cls, module: Module) -> _Home:
        """Look through a module."""
        removes = any(_is_method(node, _REMOVING) for node in walk(module.tree).nodes)
        return cls(frozenset(_collections(module)), frozenset(_paths(module.tree.body)), removes)


def _in_memory(module: Module, home: _Home, definition: FunctionNode, given: set[str]) -> Iterator[Advice]:
    data = _data_of_the_event(definition, given)
    scopes = list(namespaces_within(definition))
    shared = home.collections.union(*(bindings(scope).globals for scope in scopes))
    emptied = {ast.unparse(node.func.value) for node in ast.walk(definition) if _is_method(node, {"clear"})}  # type: ignore[attr-defined]
    lasting = shared - emptied
    for scope in scopes:
        known = bindings(scope)
        for one in known.every:
            if one.name not in lasting or one.name in known.local or one.value is None or one.kind not in _LASTING:
                continue
            if not data.isdisjoint(_handed_on(one.value)):
                message = f"`{one.name}` keeps data of this caller for the next invocation; keep it in a local variable"
                yield Advice("kept-between-invocations", message, span_of(module, one.node))


def _collections(module: Module) -> set[str]:
    """The module's variables that hold a list, set or dict."""
    found = set()
    for one in bindings(module.tree).every:
        if one.kind is BindingKind.VALUE and one.value is not None:
            made = isinstance(one.value, ast.Call) and ast.unparse(one.value.func).rpartition(".")[2] in _COLLECTIONS
            if made or isinstance(one.value, ast.List | ast.Dict | ast.Set):
                found.add(one.name)
    return found


def _data_of_the_event(definition: FunctionNode, given: set[str]) -> set[str]:
    """The parameters with data of the event, and the local variables that hold parts of it."""
    data = set(given)
    following: dict[str, list[str]] = {}
    for scope in namespaces_within(definition):
        known = bindings(scope)
        for one in (*known.every, *known.inner):
            if one.value is not None and one.kind is not BindingKind.PARAMETER:
                for name in _handed_on(one.value):
                    following.setdefault(name, []).append(one.name)
    pending = list(given)
    while pending:
        for name in following.pop(pending.pop(), ()):
            if name not in data:
                pending.append(name)
                data.add(name)
    return data


def _handed_on(value: ast.expr) -> Iterator[str]:
    """The variables whose values an expression passes on, other than through a call that makes something else."""
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


def _in_files(module: Module, home: _Home, definition: FunctionNode) -> Iterator[Advice]:
    if home.removes:
        return
    paths = home.paths | _paths(definition.body)
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


CHECK = Check(
    "shared-state",
    "Data that one invocation leaves for the next",
    12,
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html",
    ("kept-between-invocations",),
    shared_state,
)
