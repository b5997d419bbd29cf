"""Write `map` and `filter` with a lambda as the generator that they make, and let a grouped list hold what it is given.

`map(lambda row: row["id"], rows)` is `((row["id"]) for row in (rows))`: Pysa does not follow what a library gives a
lambda. `groups.setdefault(key, []).append(row)` is `groups.setdefault(key, [row]).append(row)`, since Pysa does not see
that the list which comes back is one that the dictionary holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason, split_lines
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin

_HOLDING = {"append": "[{}]", "extend": "[*{}]"}


def mapped_edits(draft: Draft) -> list[Edit]:
    """The edits of the mapped lambdas and grouped lists, on their lines.

    A pool's `map` goes through its second argument as the built-in one does.
    """
    edits: list[Edit] = []
    for node in draft.nodes:
        match node:
            case ast.Call(
                func=ast.Name(id="map" | "filter") | ast.Attribute(attr="map"),
                args=[ast.Lambda(args=ast.arguments(args=[ast.arg(arg=item)])) as function, ast.expr() as through],
                keywords=[],
            ) if _takes_one(function) and not isinstance(through, ast.Starred):
                kept = isinstance(node.func, ast.Name) and node.func.id == "filter"
                edits += _generator(draft, node, function, item, through, kept)
            case ast.Call(
                func=ast.Attribute(
                    attr="append" | "extend" as method,
                    value=ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, ast.List(elts=[]) as empty]),
                ),
                args=[ast.expr() as given],
            ) if not isinstance(given, ast.Starred):
                edits.append(_held(draft, empty, given, _HOLDING[method]))
    return edits


def _takes_one(function: ast.Lambda) -> bool:
    given = function.args
    return not (given.posonlyargs or given.kwonlyargs or given.defaults or given.vararg or given.kwarg)


def _generator(
    draft: Draft, call: ast.Call, function: ast.Lambda, item: str, through: ast.expr, kept: bool
) -> Iterator[Edit]:
    """`((body) for item in (through))`; for `filter`, whose result the body is not, `(((body), item)[1] for …)`."""
    (start, end), (body, body_end) = draft.range(call), draft.range(function.body)
    first, last = draft.range(through)
    reason = draft.reason("the lambda is called for each item", call)

    def edit(place: tuple[int, int], text: str) -> Edit:
        """An edit that keeps the line ends of what it takes away."""
        return draft.edit("generator", place, text + "\n" * draft.text.count("\n", *place), reason)

    yield edit((start, body), "(((" if kept else "((")
    yield edit((body_end, first), f"), {item})[1] for {item} in (" if kept else f") for {item} in (")
    yield edit((last, end), "))")


def _held(draft: Draft, empty: ast.List, given: ast.expr, form: str) -> Edit:
    """The list that is put where none was, with what goes into it."""
    start, end = draft.range(given)
    before = form.index("{")
    written = " ".join(line.rstrip("\r\n") for line in split_lines(draft.text[start:end]))
    origins = (Origin(before, before + len(written), draft.span(start, end)),)
    reason = Reason("the list holds it from now on", draft.span(start, end))
    return draft.edit(
        "grouped-list", draft.range(empty), form.format(written), reason, about=(start, end), origins=origins
    )
