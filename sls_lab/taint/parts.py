"""Let a part of a list be a list: `items[1:]` is written `sls_lab_event.whole(items)[1:]` in the staged copy.

Pysa takes every subscript for the choice of one element, so that `for item in items[1:]` would go through the parts of
one item. What `whole` returns holds the list at every index.

An index from the end is written `items[int(-1)]`: Pysa takes `-1` for one more index, at which nobody puts anything.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason
from sls_lab.rewrite import Edit
from sls_lab.taint.splices import STUB, end_of, import_edit, start_of


def slice_edits(file: str, text: str) -> list[Edit]:
    """The edits around what slices are read of, and around indices from the end, in `text`, which must parse.

    Within f-strings nothing is changed: there a slice becomes text anyway.
    """
    lines = text.split("\n")
    tree = ast.parse(text)
    edits = []
    for sliced in _sliced(tree):
        start, end = start_of(file, lines, sliced), end_of(file, lines, sliced)
        reason = (Reason("a slice is read of it", start),)
        edits.append(Edit("type-annotation", start, f"{STUB}.whole(", start, reason))
        edits.append(Edit("type-annotation", end, ")", end, reason))
    wholes = bool(edits)
    for index in _from_the_end(tree):
        start, end = start_of(file, lines, index), end_of(file, lines, index)
        reason = (Reason("it may be any index", start),)
        edits.append(Edit("type-annotation", start, "int(", start, reason))
        edits.append(Edit("type-annotation", end, ")", end, reason))
    if wholes:
        edits.append(import_edit(file, lines, "for `whole`"))
    return edits


def _sliced(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _sliced(child)


def _from_the_end(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.JoinedStr():
            return
        case ast.Subscript(slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) as index, ctx=ast.Load()):
            yield index
    for child in ast.iter_child_nodes(node):
        yield from _from_the_end(child)
