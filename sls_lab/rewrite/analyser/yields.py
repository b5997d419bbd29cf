"""Let what a generator yields be an element: `yield item` is written `yield sls_lab_event.yielded(item)`.

Pysa takes what is yielded for all that the function returns, and whoever goes through it would go through the parts of
one item. What `yielded` returns has the item's type, and holds the item at every index. This happens in the staged
copy alone, on the same lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason
from sls_lab.rewrite import Edit
from sls_lab.rewrite.analyser.splices import STUB, end_of, import_edit, start_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def yield_edits(file: str, text: str) -> list[Edit]:
    """The edits around everything that the generators in `text`, which must parse, yield.

    Decorated ones stay as they are, since what they yield may be entered by `with` instead, and so does `__iter__`,
    of whose result Python takes the elements itself.
    """
    lines = text.split("\n")
    edits = []
    for value in _yielded(ast.parse(text), True):
        start, end = start_of(file, lines, value), end_of(file, lines, value)
        reason = (Reason("it is yielded", start),)
        edits.append(Edit("type-annotation", start, f"{STUB}.yielded((", start, reason))
        edits.append(Edit("type-annotation", end, "))", end, reason))
    if edits:
        edits.append(import_edit(file, lines, "for `yielded`"))
    return edits


def _yielded(node: ast.AST, iterated: bool) -> Iterator[ast.expr]:
    """What is yielded below `node`; `iterated` tells whether the function around goes to a loop.

    Within f-strings nothing is changed: Python before 3.12 knows no places there.
    """
    if isinstance(node, ast.JoinedStr):
        return
    if isinstance(node, _Function):
        iterated = not node.decorator_list and node.name not in ("__iter__", "__aiter__")
    if isinstance(node, ast.Yield) and node.value is not None and iterated:
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _yielded(child, iterated)
