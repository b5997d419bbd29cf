"""The nodes of one module by their places."""

from __future__ import annotations

import ast

from sls_lab.code import Module, span_of
from sls_lab.facts import Span
from sls_lab.python.module import FunctionNode, ScopeNode


class NodePlaces:
    """One module's nodes by their places."""

    def __init__(self, module: Module) -> None:
        self.module = module
        #: the nodes of each statement of the module, by its place: nothing reaches from one into another
        self._statements = [
            (
                span_of(module, statement),
                [
                    (span_of(module, node), node)
                    for node in ast.walk(statement)
                    if isinstance(node, ast.expr | ast.arg | ast.stmt)
                ],
            )
            for statement in module.tree.body
        ]

    def span(self, node: ast.AST) -> Span:
        """Where `node` is."""
        return span_of(self.module, node)

    def smallest(self, span: Span, kinds: tuple[type[ast.AST], ...]) -> ast.AST | None:
        """The innermost node of one of `kinds` that covers `span`."""
        covering = [
            (found, node)
            for whole, nodes in self._statements
            if whole.contains(span)
            for found, node in nodes
            if isinstance(node, kinds) and found.contains(span)
        ]
        return min(covering, key=lambda pair: _size(pair[0]), default=(None, None))[1]

    def within(self, span: Span) -> list[ast.AST]:
        """The nodes within `span`, the largest first."""
        inside = [
            (found, node)
            for whole, nodes in self._statements
            if whole.line <= span.end_line and span.line <= whole.end_line
            for found, node in nodes
            if span.contains(found)
        ]
        return [node for _, node in sorted(inside, key=lambda pair: _size(pair[0]), reverse=True)]

    def argument(self, span: Span, call: Span) -> Span:
        """Where an argument of a call is, of which `span` has the beginning.

        Pysa gives a line and two columns: of an expression over several lines the end is unknown.
        """
        begun = [
            found
            for whole, nodes in self._statements
            if whole.contains(span)
            for found, node in nodes
            if isinstance(node, ast.expr) and (found.line, found.column) == (span.line, span.column)
        ]
        inner = [found for found in begun if found != call and call.contains(found)]
        return span if span in begun else max(inner, key=_size, default=span)

    def function_around(self, span: Span) -> ScopeNode:
        """The innermost function around `span`, else the module."""
        found = self.smallest(span, (ast.FunctionDef, ast.AsyncFunctionDef))
        return found if isinstance(found, FunctionNode) else self.module.tree


def _size(span: Span) -> tuple[int, int]:
    lines = span.end_line - span.line
    return lines, span.end_column - (0 if lines else span.column)
