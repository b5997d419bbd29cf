"""What is bound to a name within one function or module, without following it anywhere else."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from sls_lab.python.module import ScopeNode

_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_CHANGING = {"extend", "insert", "pop", "popitem", "remove", "clear", "setdefault", "sort", "reverse", "add", "discard"}


@dataclass
class Bindings:
    """The bindings of one scope.

    `values` gives for each name what it is bound to, None for what is no plain `name = value` (a parameter, a loop).
    `stores` are the `name["key"] = value`, `appends` the `name.append(value)`; `changed` are names whose value is
    changed in other ways.
    """

    values: dict[str, list[ast.expr | None]] = field(default_factory=lambda: defaultdict(list))
    stores: dict[str, list[tuple[ast.expr, ast.expr]]] = field(default_factory=lambda: defaultdict(list))
    appends: dict[str, list[ast.expr]] = field(default_factory=lambda: defaultdict(list))
    changed: set[str] = field(default_factory=set)

    def once(self, name: str) -> ast.expr | None:
        """What `name` is bound to where that happens just once and as `name = value`."""
        values = self.values.get(name, ())
        return values[0] if len(values) == 1 else None

    def constant(self, name: str) -> ast.expr | None:
        """As `once`, where its value is not changed afterwards either."""
        if name in self.changed or name in self.stores or name in self.appends:
            return None
        return self.once(name)

    def stable(self, node: ast.expr) -> bool:
        """Whether every name in `node` has one binding here or none, so that it means the same everywhere."""
        return all(
            len(self.values.get(inner.id, ())) <= 1 and inner.id not in self.changed
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name)
        )


@lru_cache(maxsize=4096)
def bindings(scope: ScopeNode) -> Bindings:
    """Collect the bindings of `scope`; functions and classes inside it have their own."""
    found = Bindings()
    if not isinstance(scope, ast.Module):
        arguments = scope.args
        for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            found.values[argument.arg].append(None)
        for variadic in (arguments.vararg, arguments.kwarg):
            if variadic is not None:
                found.values[variadic.arg].append(None)
    for node in _own_nodes(scope):
        _note(node, found)
    return found


def _own_nodes(scope: ScopeNode) -> Iterator[ast.AST]:
    pending: list[ast.AST] = list(reversed(scope.body))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _NESTED):
            pending.extend(reversed(list(ast.iter_child_nodes(node))))


def _note(node: ast.AST, found: Bindings) -> None:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _bind(target, value, found)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            _bind(target, value, found)
        case ast.NamedExpr(target=target, value=value):
            _bind(target, value, found)
        case ast.AugAssign(target=target):
            _bind(target, None, found)
            _change(target, found)
        case ast.For(target=target) | ast.AsyncFor(target=target):
            _bind(target, None, found)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for entered in items:
                if entered.optional_vars is not None:
                    _bind(entered.optional_vars, None, found)
        case ast.Delete(targets=targets):
            for target in targets:
                _change(target, found)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            found.values[name].append(None)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            found.values[name].append(None)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                found.values[(alias.asname or alias.name).split(".")[0]].append(None)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            found.changed.update(names)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=word)):
            _note_method(name, word, node, found)


def _note_method(name: str, word: str, node: ast.Call, found: Bindings) -> None:
    if word == "append" and len(node.args) == 1:
        found.appends[name].append(node.args[0])
    elif word == "update" and len(node.args) <= 1 and all(keyword.arg for keyword in node.keywords):
        for keyword in node.keywords:
            found.stores[name].append((ast.Constant(keyword.arg), keyword.value))
        match node.args:
            case [ast.Dict(keys=keys, values=values)] if all(keys):
                found.stores[name] += [(key, value) for key, value in zip(keys, values, strict=True) if key]
            case [_]:
                found.changed.add(name)
    elif word in _CHANGING:
        found.changed.add(name)


def _bind(target: ast.expr, value: ast.expr | None, found: Bindings) -> None:
    match target:
        case ast.Name(id=name):
            found.values[name].append(value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            values: list[ast.expr | None] = [None] * len(elements)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(elements):
                values = list(value.elts)
            for element, inner in zip(elements, values, strict=True):
                _bind(element, inner, found)
        case ast.Starred(value=inner_target):
            _bind(inner_target, None, found)
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            if value is None:
                found.changed.add(name)
            else:
                found.stores[name].append((key, value))
        case ast.Subscript() | ast.Attribute(value=ast.Subscript() | ast.Attribute()):
            _change(target, found)


def _change(target: ast.expr, found: Bindings) -> None:
    root = target
    while isinstance(root, ast.Subscript | ast.Attribute):
        root = root.value
    if isinstance(root, ast.Name):
        found.changed.add(root.id)
