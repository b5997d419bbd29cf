"""Whether a function hands the data on as it is: put together with other things, but not decoded or taken apart."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.taint.read.dataflow import Station

#: Methods and functions that put strings together or keep their characters.
_KEEPING: Final = frozenset(
    {"format", "join", "str", "Path", "PurePath", "strip", "lower", "upper", "quote", "fspath", "decode", "encode"}
)
_TOGETHER = (
    ast.JoinedStr
    | ast.FormattedValue
    | ast.BinOp
    | ast.List
    | ast.Tuple
    | ast.keyword
    | ast.IfExp
    | ast.Dict
    | ast.Await
)


def kept(node: ast.AST, above: Mapping[ast.AST, ast.AST], leaving: Sequence[ast.AST]) -> bool:
    """Whether an expression goes on as it is up to `leaving`; `above` has the nodes around each node."""
    while node in above and node not in leaving:
        node = above[node]
        match node:
            case ast.Attribute(attr=name) | ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                if name not in _KEEPING:
                    return False
            case _ if not isinstance(node, _TOGETHER):
                return isinstance(node, ast.stmt)
    return True


def hands_on(station: Station) -> bool:
    """Whether all data that leaves a function has the characters with which it came in."""
    return _HandedOn(station).answer()


class _HandedOn:
    def __init__(self, station: Station) -> None:
        self._station = station
        self._seen: set[str] = set()

    def answer(self) -> bool:
        return all(self._leaves(node) for node in self._station.leaving)

    def _leaves(self, node: ast.AST) -> bool:
        """Whether what a call that the data leaves by is given is the data as it is."""
        if isinstance(node, ast.Call):
            inner = [node.func.value] if isinstance(node.func, ast.Attribute) else []
            return all(map(self._is_kept, [*inner, *node.args, *(one.value for one in node.keywords)]))
        return self._is_kept(node)

    def _is_kept(self, node: ast.AST) -> bool:
        if not self._station.held.carries(node):
            return True
        match node:
            case ast.Name(id=name):
                return self._variable(name)
            case ast.Attribute(value=inner) | ast.Starred(value=inner) | ast.Subscript(value=inner):
                return self._is_kept(inner)
            case ast.IfExp(body=body, orelse=other):
                return self._is_kept(body) and self._is_kept(other)
            case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _KEEPING:
                return self._leaves(node)
            case ast.ListComp(elt=element, generators=[only]) | ast.GeneratorExp(elt=element, generators=[only]):
                return self._is_kept(element) and self._is_kept(only.iter)
        return isinstance(node, _TOGETHER) and all(map(self._is_kept, ast.iter_child_nodes(node)))

    def _variable(self, name: str) -> bool:
        """Whether all that a variable is given is the data as it is."""
        if name in self._seen:
            return True
        self._seen.add(name)
        known = bindings(self._station.held.function)
        return all(
            one.kind is BindingKind.PARAMETER or (one.value is not None and self._is_kept(one.value))
            for one in (*known.every, *known.inner)
            if one.name == name
        )
