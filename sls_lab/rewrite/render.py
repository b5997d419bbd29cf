"""From a synthesised tree to source text, remembering where its pieces came from."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from sls_lab.facts import Offsets, Span
from sls_lab.rewrite.layout import laid_out
from sls_lab.rewrite.model import Origin


def render(
    statement: ast.stmt | ast.expr, span_of: Callable[[ast.AST], Span], indent: str | None = None
) -> tuple[str, tuple[Origin, ...]]:
    """The source of a synthesised tree, and which stretches of it repeat original expressions.

    A statement that begins a line behind the white space `indent` is broken into lines where it is long.

    Original nodes are those that have a place (`lineno`); synthesised ones have none. The text is parsed once more
    and both trees are walked side by side: equal trees have equal shapes, so that the place of each original node in
    the new text is that of its twin.
    """
    text = ast.unparse(statement) if indent is None else laid_out(statement, indent)
    twin: ast.AST = ast.parse(text, mode="eval").body if isinstance(statement, ast.expr) else ast.parse(text).body[0]
    offsets = Offsets(text)
    bytes_to_text = _ByteColumns(text)
    origins = []
    for original, copy in _pairs(statement, twin):
        if hasattr(original, "lineno") and isinstance(copy, ast.expr):
            start = offsets.offset(copy.lineno, bytes_to_text.column(copy.lineno, copy.col_offset))
            end = offsets.offset(
                copy.end_lineno or copy.lineno, bytes_to_text.column(copy.end_lineno or 1, copy.end_col_offset or 0)
            )
            origins.append(Origin(start, end, span_of(original)))
    return text, tuple(origins)


class _ByteColumns:
    """`ast` counts columns in bytes of UTF-8; the package counts code points."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def column(self, line: int, column: int) -> int:
        return len(self._lines[line - 1].encode()[:column].decode())


def _pairs(original: ast.AST, copy: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Both trees' nodes in step. Inside an f-string Python before 3.12 knows no places, so that it is left whole."""
    pending = [(original, copy)]
    while pending:
        left, right = pending.pop()
        if type(left) is not type(right):
            continue
        yield left, right
        if isinstance(left, ast.JoinedStr):
            continue
        pending.extend(zip(ast.iter_child_nodes(left), ast.iter_child_nodes(right), strict=False))
