"""Name the method that the language calls: `for note in notes` becomes `for note in notes.__iter__()`.

`notes[0]` becomes `Notes.__getitem__(notes, 0)`.

Pysa does not follow what the language calls without a name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.code.model import Iteration
from sls_lab.facts import Reason, Span
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit


def iteration_edits(context: FileContext, iterations: Sequence[Iteration]) -> Iterator[Edit]:
    """The edits for the loops in the site's file through objects of the application's classes, and their subscripts."""
    for iteration in iterations:
        about = context.site.span(iteration.node)
        if any(isinstance(node, ast.JoinedStr) for node in context.site.ancestors(iteration.node)):
            continue  # Python before 3.12 knows no places there
        if iteration.holder is not None:
            if isinstance(iteration.node, ast.Subscript):
                yield from _subscript(context, iteration.node, *iteration.holder)
            continue
        reason = Reason("the loop calls the `__iter__` of this object", about)
        front, behind = context.site.points(iteration.node)
        plain = isinstance(iteration.node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
        if not plain:
            yield Edit("named-call", front, "(", about, (reason,))
        yield Edit("named-call", behind, ".__iter__()" if plain else ").__iter__()", about, (reason,))


def _subscript(context: FileContext, node: ast.Subscript, file: str, holder: ast.ClassDef) -> Iterator[Edit]:
    """`Notes.__getitem__(value, index)`; a slice stays as it is, and so does what cannot be named from here."""
    is_plain = not isinstance(node.slice, ast.Slice | ast.Tuple) and isinstance(node.ctx, ast.Load)
    if not is_plain or holder not in context.code.modules[file].tree.body:
        return
    about = context.site.span(node)
    reason = Reason("the subscript calls the `__getitem__` of this object", about)
    front, after_value = context.site.points(node.value)
    index, after_index = context.site.points(node.slice)
    start, end = context.site.points(node)
    opening, closing = _between(after_value, index), _between(after_index, end)
    text = context.site.module.text
    if start == front and opening.text_in(text).strip() == "[" and closing.text_in(text).strip() == "]":
        name = holder.name
        if file != context.file:
            name = context.imports.bind(context.modules[file], name, f"{name}Type", reason, about)
        yield Edit("named-call", front, f"{name}.__getitem__(", about, (reason,))
        yield Edit("named-call", opening, ", ", about, (reason,))
        yield Edit("named-call", closing, ")", about, (reason,))


def _between(first: Span, second: Span) -> Span:
    return Span(first.file, first.end_line, first.end_column, second.line, second.column)
