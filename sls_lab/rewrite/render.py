"""From a synthesised tree to source text, remembering where its pieces came from."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.facts import Span
from sls_lab.rewrite.layout import ExpressionWriter, laid_out
from sls_lab.rewrite.model import Origin


def render(
    statement: ast.stmt | ast.expr,
    span_of: Callable[[ast.AST], Span],
    indent: str | None = None,
    layout: ExpressionWriter | None = None,
) -> tuple[str, tuple[Origin, ...]]:
    """The source of a synthesised tree, and which stretches of it repeat original expressions.

    A statement that begins a line after the white space `indent` is broken into lines where it is long.
    """
    source = laid_out(statement, indent, layout)
    return source.text, tuple(Origin(start, end, span_of(node)) for start, end, node in source.places)
