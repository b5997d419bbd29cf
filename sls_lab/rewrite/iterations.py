"""Name the method that a loop calls: `for note in notes` becomes `for note in notes.__iter__()`.

Pysa does not follow what the language calls without a name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.code.model import Iteration
from sls_lab.facts import Reason
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit


def iteration_edits(context: FileContext, iterations: Sequence[Iteration]) -> Iterator[Edit]:
    """The edits for the loops in the site's file through objects of the application's classes."""
    for iteration in iterations:
        about = context.site.span(iteration.node)
        reason = Reason("the loop calls the `__iter__` of this object", about)
        front, behind = context.site.points(iteration.node)
        plain = isinstance(iteration.node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        if not plain:
            yield Edit("named-call", front, "(", about, (reason,))
        yield Edit("named-call", behind, ".__iter__()" if plain else ").__iter__()", about, (reason,))
