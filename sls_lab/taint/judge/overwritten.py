"""Entries of dictionaries that are no longer the data, since something else was put there before they are read.

`job["tool"] = "convert"` and then `os.system(job["tool"])`: whatever else of the job is an outsider's, the tool is not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.positions import span_of
from sls_lab.python.walking import own_nodes, walk
from sls_lab.taint.read.dataflow import Station, carried_but_for

#: Methods of a dictionary that leave it as it is.
_READING: Final = frozenset({"copy", "get", "items", "keys", "values"})
_DICT: Final = ast.Name("dict", ast.Load())


def overwritten(stations: Sequence[Station]) -> Reason | None:
    """Where every entry by which the data would leave one of the functions was given another value."""
    for station in stations:
        found = _Entries(station)
        if (
            isinstance(station.held.function, FunctionNode)
            and carried_but_for(station.held, station.leaving, lambda _: False)
            and not carried_but_for(station.held, station.leaving, found.is_overwritten)
            and found.by is not None
        ):
            return Reason("another value was put there before", span_of(station.module, found.by))
    return None


class _Entries:
    """The entries that one function reads; `by` is what overwrites one of them."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._above = walk(station.module.tree).parents
        self.by: ast.stmt | ast.expr | None = None

    def is_overwritten(self, node: ast.AST) -> bool:
        """Whether a node reads an entry that was certainly given a value without the data before."""
        match node:
            case ast.Subscript(value=read, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
                pass
            case ast.Call(func=ast.Attribute(value=read, attr="get"), args=[ast.Constant(value=str(key))]):
                pass
            case ast.expr() if self._station.entry is not None and node in self._station.leaving:
                read, key = node, self._station.entry
            case _:
                return False
        setting: ast.stmt | ast.expr | None = self._written(read, key)
        if setting is None and isinstance(read, ast.Name) and not self._has_other_names(read.id):
            setting = self._setting(node, read.id, key)
        self.by = setting or self.by
        return setting is not None

    def _written(self, node: ast.AST, key: str) -> ast.expr | None:
        """What sets the entry last where a dictionary is written out, unless that may be the data."""
        value = _entry(node, key)
        return None if value is None or self._station.held.carries(value) else value

    def _setting(self, node: ast.AST, name: str, key: str) -> ast.stmt | ast.expr | None:
        """The nearest statement before a node that sets the entry, with nothing between that may set it again."""
        for statement in _before(node, self._station.held.function, self._above):
            match statement:
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=written))]):
                    if owner == name and written == key:
                        return None if self._station.held.carries(statement.value) else statement
                case ast.Assign(targets=[ast.Name(id=owner)]) if owner == name:
                    return self._written(statement.value, key)
                case ast.AugAssign(target=ast.Name(id=owner), op=ast.BitOr(), value=added) if owner == name:
                    return self._written(added, key)
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr="update")) as call):
                    if owner == name:
                        return self._written(ast.Call(_DICT, call.args, call.keywords), key)
            if any(_changes(inner, name, key) for inner in ast.walk(statement)):
                return None
        return None

    def _has_other_names(self, name: str) -> bool:
        """Whether the dictionary may be changed by another name, or by a function within this one."""
        own = list(own_nodes(self._station.held.function))
        everything = ast.walk(self._station.held.function)
        within = sum(isinstance(node, ast.Name) and node.id == name for node in everything)
        aliases = any(isinstance(node, ast.Assign) and _is(node.value, name) for node in own)
        return aliases or within != sum(isinstance(node, ast.Name) and node.id == name for node in own)


def _before(node: ast.AST, function: ast.AST, above: Mapping[ast.AST, ast.AST]) -> Iterator[ast.stmt]:
    """The statements that have run before a node, the last first; a loop around it, or a `try` of which it is not in
    the body, as a whole.
    """
    while node is not function and node in above:
        outer = above[node]
        for _, suite in ast.iter_fields(outer):
            if isinstance(suite, list) and node in suite and isinstance(node, ast.stmt):
                yield from reversed(suite[: suite.index(node)])
        again = isinstance(outer, ast.For | ast.AsyncFor | ast.While)
        tried = isinstance(outer, ast.Try) and node not in outer.body
        if isinstance(outer, ast.stmt) and (again or tried):
            yield outer
        node = outer


def _changes(node: ast.AST, name: str, key: str) -> bool:
    """Whether a node may change the entry `key` of the dictionary `name`, or make the name another one's."""
    match node:
        case ast.Name(id=bound, ctx=ast.Store() | ast.Del()):
            return bound == name
        case ast.Subscript(value=value, slice=index, ctx=ast.Store() | ast.Del()) if _is(value, name):
            return not isinstance(index, ast.Constant) or index.value == key
        case ast.Call(func=ast.Attribute(value=value, attr=method)) if _is(value, name):
            return method not in _READING
        case ast.Call(args=args, keywords=keywords):
            return any(_is(one, name) for one in (*args, *(keyword.value for keyword in keywords)))
    return False


def _entry(node: ast.AST, key: str) -> ast.expr | None:
    """The expression that gives the entry `key` of a dictionary its value; None where that is not written out."""
    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = list(zip(keys, values, strict=True))
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            pairs = [(None, left), (None, right)]
        case ast.Call(func=ast.Name(id="dict"), args=args, keywords=keywords) if len(args) < 2:
            named = ((ast.Constant(word.arg) if word.arg else None, word.value) for word in keywords)
            pairs = [*((None, one) for one in args), *named]
        case _:
            return None
    for written, value in reversed(pairs):
        if written is None:  # all entries of another dictionary, of which each must be known
            inner = _entry(value, key)
            if inner is not None or not _lacks(value, key):
                return inner
        elif not isinstance(written, ast.Constant):
            return None
        elif written.value == key:
            return value
    return None


def _lacks(node: ast.AST, key: str) -> bool:
    """Whether a dictionary has no entry `key`, as its display shows."""
    return isinstance(node, ast.Dict) and all(isinstance(one, ast.Constant) and one.value != key for one in node.keys)


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
