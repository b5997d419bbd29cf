"""Let what a generator yields be an element: `yield item` is written `yield sls_lab_event.yielded(item)`.

Pysa takes what is yielded for all that the function returns, and whoever goes through it would go through the parts of
one item. What `yielded` returns has the item's type, and holds the item at every index.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.python.walking import children
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.model import Edit

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def yield_edits(draft: Draft) -> list[Edit]:
    """The edits around everything that generators yield.

    Decorated ones stay as they are, since what they yield may be entered by `with` instead, and so does `__iter__`,
    of whose result Python takes the elements itself.
    """
    edits: list[Edit] = []
    if not any(isinstance(node, ast.Yield) for node in draft.nodes):
        return edits
    for value in _yielded(draft.tree):
        edits += draft.around("yielded-element", value, f"{STUB}.yielded((", "))", "it is yielded")
    if edits:
        edits.append(draft.import_edit("for `yielded`"))
    return edits


def _yielded(tree: ast.Module) -> Iterator[ast.expr]:
    """What is yielded by functions whose result goes to a loop.

    Within f-strings nothing is changed: Python before 3.12 knows no places there.
    """
    pending: list[tuple[ast.AST, bool]] = [(tree, True)]
    while pending:
        node, iterated = pending.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(node, _Function):
            iterated = not node.decorator_list and node.name not in ("__iter__", "__aiter__")
        if isinstance(node, ast.Yield) and node.value is not None and iterated:
            yield node.value
        pending.extend((child, iterated) for child in reversed(children(node)))
