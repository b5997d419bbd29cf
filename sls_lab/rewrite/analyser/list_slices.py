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
from sls_lab.rewrite.analyser.splices import STUB, end_of, import_edit, outside_texts, start_of


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


def _sliced(tree: ast.Module) -> Iterator[ast.expr]:
    for node in outside_texts(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
            yield node.value


def _from_the_end(tree: ast.Module) -> Iterator[ast.expr]:
    for node in outside_texts(tree):
        match node:
            case ast.Subscript(slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) as index, ctx=ast.Load()):
                yield index
