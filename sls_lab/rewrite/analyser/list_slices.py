"""Let a part of a list be a list: `items[1:]` is written `sls_lab_event.whole(items)[1:]`.

Pysa takes every subscript for the choice of one element, so that `for item in items[1:]` would go through the parts of
one item. What `whole` returns holds the list at every index.

An index from the end is written `items[int(-1)]`: Pysa takes `-1` for one more index, at which nothing is ever stored.
"""

from __future__ import annotations

import ast

from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.model import Edit


def slice_edits(draft: Draft) -> list[Edit]:
    """The edits around what slices are read of, and around indices from the end.

    Within f-strings nothing is changed: there a slice becomes text anyway.
    """
    edits: list[Edit] = []
    wholes = False
    for node in draft.nodes:
        match node:
            case ast.Subscript(value=value, slice=ast.Slice(), ctx=ast.Load()):
                edits += draft.around("list-slice", value, f"{STUB}.whole(", ")", "a slice is read of it")
                wholes = True
            case ast.Subscript(slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) as index, ctx=ast.Load()):
                edits += draft.around("index-from-the-end", index, "int(", ")", "it may be any index")
    if wholes:
        edits.append(draft.import_edit("for `whole`"))
    return edits
