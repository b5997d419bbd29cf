"""Let a part of a list be a list: `items[1:]` is written `sls_lab_event.whole(items)[1:]` in the staged copy.

Pysa takes every subscript for the choice of one element, so that `for item in items[1:]` would go through the parts of
one item. What `whole` returns holds the list at every index.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason
from sls_lab.rewrite import Edit
from sls_lab.taint.splices import end_of, import_edit, start_of


def slice_edits(file: str, text: str) -> list[Edit]:
    """The edits around everything in `text`, which must parse, of which a slice is read.

    Within f-strings nothing is changed: there a slice becomes text anyway.
    """
    lines = text.split("\n")
    edits = []
    for sliced in _sliced(ast.parse(text)):
        start, end = start_of(file, lines, sliced), end_of(file, lines, sliced)
        reason = (Reason("a slice is read of it", start),)
        edits.append(Edit("type-annotation", start, "sls_lab_event.whole(", start, reason))
        edits.append(Edit("type-annotation", end, ")", end, reason))
    if edits:
        edits.append(import_edit(file, lines, "for `whole`"))
    return edits


def _sliced(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _sliced(child)
