"""Where the edits of the staged copy go."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason, Span
from sls_lab.rewrite import Edit

#: The stub whose functions and types the staged copy uses.
STUB = "sls_lab_event"
_Placed = ast.expr | ast.stmt | ast.keyword | ast.arg


def outside_texts(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those within f-strings, where Python before 3.12 knows no places."""
    if not isinstance(node, ast.JoinedStr):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from outside_texts(child)


def start_of(file: str, lines: list[str], node: _Placed) -> Span:
    """The place at which a node of the text with these `lines` begins."""
    return _place(file, lines, node.lineno, node.col_offset)


def end_of(file: str, lines: list[str], node: _Placed) -> Span:
    """The place behind a node."""
    return _place(file, lines, node.end_lineno or node.lineno, node.end_col_offset or 0)


def import_edit(file: str, lines: list[str], reason: str) -> Edit:
    """The edit that imports the stub `sls_lab_event` behind all else, so that no line moves."""
    end = Span(file, len(lines), len(lines[-1]), len(lines), len(lines[-1]))
    return Edit("import", end, f"\nimport {STUB}\n", end, (Reason(reason),))


def _place(file: str, lines: list[str], line: int, byte: int) -> Span:
    column = len(lines[line - 1].encode()[:byte].decode())
    return Span(file, line, column, line, column)
