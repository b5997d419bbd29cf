"""What is run one after the other in a function, as far as its source shows.

Each node is known by its suites: the blocks of statements around it, from the outermost in. Of two nodes in the same
suites the later is run after the earlier, unless a way out (`return`, `raise`, `break`, `continue`) is between them. A
node whose suites begin with those of another may be skipped where that other is not: it is in an inner block. No graph
of the control flow is built, so the answer may be no where a graph would say yes. Exceptions from calls do not count.
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import islice, pairwise

from sls_lab.python.module import Module, ScopeNode
from sls_lab.python.walking import walk
from sls_lab.rewrite.local_files import Write, expressions_in, nodes_in

_Place = tuple[int, int]


class Order:
    """The order of the expressions of one scope."""

    def __init__(self, scope: ScopeNode) -> None:
        """Look at a function or a module."""
        self._scope = scope
        self._suites: dict[ast.AST, tuple[int, ...]] = {}
        self._enter(scope, ())
        self._exits = sorted(
            place(node)
            for node in nodes_in(scope)
            if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue)
        )

    def preceded(self, firsts: Iterable[ast.expr], seconds: Iterable[ast.expr]) -> bool:
        """Whether each of `seconds` comes after one of `firsts` that is run whenever that one is."""
        earliest: dict[tuple[int, ...], _Place] = {}
        for first in firsts:
            outer = self._suites.get(first)
            if outer is not None:
                earliest[outer] = min(place(first), earliest.get(outer, place(first)))
        for second in seconds:
            inner = self._suites.get(second)
            around = [inner[:depth] for depth in range(len(inner) + 1)] if inner is not None else []
            if not any(outer in earliest and earliest[outer] < place(second) for outer in around):
                return False
        return True

    def replaced(self, writes: Iterable[Write]) -> set[ast.Call]:
        """Those of the writes into one file that a later one in the same block replaces, with no way out between."""
        gone: set[ast.Call] = set()
        # From the last write to the first: for each block the next write that starts the file afresh, and the next
        # by another path expression than that, since a write does not replace one that is made by its own expression.
        following: dict[tuple[int, ...] | None, tuple[Write | None, Write | None]] = {}
        for write in sorted(writes, key=_call_place, reverse=True):
            suite = self._suites.get(write.call)
            near, far = following.get(suite, (None, None))
            later = far if near is not None and near.path is write.path else near
            if later is not None and self._replaces(later, write):
                gone.add(write.call)
            if not write.appended:
                following[suite] = (write, near if near is not None and near.path is not write.path else far)
        return gone

    def overwritten(self, writes: Iterable[Write]) -> set[ast.Call]:
        """The writes whose file is started afresh, by the same variable or string, before anything uses its path."""
        by_path: dict[str, list[Write]] = {}
        for write in sorted(writes, key=_call_place):
            by_path.setdefault(ast.dump(write.path), []).append(write)
        return {
            write.call
            for path, same in by_path.items()
            for write, later in pairwise(same)
            if not later.appended and self._replaces(later, write) and not self._used_between(path, write, later)
        }

    def _replaces(self, later: Write, write: Write) -> bool:
        """Whether `later` comes after `write`, on a path of its own, and is run whenever that is."""
        first, second = place(write.call), place(later.call)
        if later.path is write.path or first >= second:
            return False
        if self._suites.get(write.call) != self._suites.get(later.call):
            return False
        leaving = bisect_right(self._exits, first)
        return leaving == len(self._exits) or self._exits[leaving] >= second

    def _used_between(self, path: str, write: Write, later: Write) -> bool:
        names = {node.id for node in ast.walk(write.path) if isinstance(node, ast.Name)}
        start = bisect_right(self._expressions, place(write.call), key=place)
        end = bisect_left(self._expressions, place(later.call), key=place)
        return any(
            one is not later.path
            and one is not write.path
            and ((isinstance(one, ast.Name) and one.id in names) or ast.dump(one) == path)
            for one in islice(self._expressions, start, end)
        )

    @cached_property
    def _expressions(self) -> list[ast.expr]:
        return sorted(expressions_in(self._scope), key=place)

    def _enter(self, node: ast.AST, suite: tuple[int, ...]) -> None:
        """Give each node the blocks around it; the body of a `with`, which is always run, counts as part of the block
        around the `with`.
        """
        self._suites[node] = suite
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt | ast.ExceptHandler):
                inner = suite if isinstance(node, ast.With | ast.AsyncWith) else (*suite, id(value))
                for statement in value:
                    self._enter(statement, inner)
            else:
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        self._enter(child, suite)


def _call_place(write: Write) -> _Place:
    return place(write.call)


def place(node: ast.expr | ast.stmt) -> _Place:
    """Where a node begins."""
    return node.lineno, node.col_offset


def suite_of(statement: ast.stmt, module: Module) -> list[ast.stmt]:
    """The statements that `statement` is one of."""
    for _, value in ast.iter_fields(walk(module.tree).parents.get(statement, module.tree)):
        if isinstance(value, list) and any(one is statement for one in value):
            return value
    return [statement]
