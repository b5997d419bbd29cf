"""What is run one after the other in a function, as far as its text shows."""

from __future__ import annotations

import ast

from sls_lab.rewrite.local_files import Write, expressions_in, nodes_in


class Order:
    """The order of the expressions of one scope."""

    def __init__(self, scope: ast.AST) -> None:
        """Look at a function or a module."""
        self._scope = scope
        self._suites: dict[ast.AST, tuple[int, ...]] = {}
        self._enter(scope, ())
        self._exits = [
            node for node in nodes_in(scope) if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue)
        ]

    def always_before(self, first: ast.expr, second: ast.expr) -> bool:
        """Whether `first` stands in front of `second` and is run wherever that is."""
        outer, inner = self._suites.get(first), self._suites.get(second)
        if outer is None or inner is None or place(first) >= place(second):
            return False
        return inner[: len(outer)] == outer

    def always_after(self, second: ast.expr, first: ast.expr) -> bool:
        """Whether `second` stands behind `first` and is run wherever that is: in the same lines, with no way out."""
        if self._suites.get(first) != self._suites.get(second) or place(first) >= place(second):
            return False
        return not any(place(first) < place(leaving) < place(second) for leaving in self._exits)

    def overwritten(self, writes: list[Write]) -> set[ast.Call]:
        """The writes whose file is begun anew, by the same variable or text, before anything uses its path."""
        return {
            write.call
            for write in writes
            for later in writes
            if self.replaces(later, write)
            and ast.dump(later.path) == ast.dump(write.path)
            and not self._used_between(write, later)
        }

    def replaces(self, later: Write, write: Write) -> bool:
        """Whether `later` opens the file of both once more, so that what `write` put there is gone."""
        return not later.appended and later.path is not write.path and self.always_after(later.call, write.call)

    def _used_between(self, write: Write, later: Write) -> bool:
        names = {node.id for node in ast.walk(write.path) if isinstance(node, ast.Name)}
        wanted = ast.dump(write.path)
        return any(
            place(write.call) < place(one) < place(later.call)
            and one is not later.path
            and one is not write.path
            and (ast.dump(one) == wanted or (isinstance(one, ast.Name) and one.id in names))
            for one in expressions_in(self._scope)
        )

    def _enter(self, node: ast.AST, suite: tuple[int, ...]) -> None:
        """Give each node the lists of statements around it; the body of a `with` belongs to those around the `with`."""
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


def place(node: ast.expr | ast.stmt) -> tuple[int, int]:
    """Where a node begins."""
    return node.lineno, node.col_offset
