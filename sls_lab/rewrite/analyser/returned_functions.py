"""Take away what a function that returns a function says of its result.

`def job() -> Callable[[], None]:` is `def job():`. Pysa finds out by itself which function comes back, but trusts an
annotation that says less.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.python.bindings import bindings
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def returned_edits(draft: Draft) -> Iterator[Edit]:
    """The edits of the functions that return nothing but functions which are defined in them."""
    for node in draft.nodes:
        if isinstance(node, FunctionNode) and node.returns is not None and _returns_functions(node):
            start, end = draft.range(node.returns)
            arrow = draft.text.rfind("->", 0, start)
            reason = draft.reason(f"`{node.name}` returns a function that is defined in it", node.returns)
            yield draft.edit("returned-function", (arrow, end), "\\\n" * draft.text.count("\n", arrow, end), reason)


def _returns_functions(function: FunctionNode) -> bool:
    inner = {one.name for one in bindings(function).definitions if isinstance(one, FunctionNode)}
    returned = [one.value for one in own_nodes(function) if isinstance(one, ast.Return)]
    return bool(returned) and all(
        isinstance(one, ast.Lambda) or (isinstance(one, ast.Name) and one.id in inner) for one in returned
    )
