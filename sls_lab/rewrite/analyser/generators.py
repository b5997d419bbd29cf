"""Write `map` and `filter` with a lambda as the generator that they make, and let a grouped list hold what it is given.

`map(lambda row: row["id"], rows)` is `((row["id"]) for row in (rows))` in the staged copy: Pysa does not follow what a
library gives a lambda. `groups.setdefault(key, []).append(row)` is `groups.setdefault(key, [row]).append(row)`, since
Pysa does not see that the list which comes back is one that the dictionary holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Offsets, Reason, Span
from sls_lab.rewrite import Edit, Origin
from sls_lab.rewrite.analyser.splices import end_of, outside_texts, start_of

_HOLDING = {"append": "[{}]", "extend": "[*{}]"}


def mapped_edits(file: str, text: str) -> list[Edit]:
    """The edits of the mapped lambdas and grouped lists in `text`, which must parse, on their lines.

    A pool's `map` goes through its second argument as the built-in one does.
    """
    lines, offsets = text.split("\n"), Offsets(text)
    edits: list[Edit] = []
    for node in outside_texts(ast.parse(text)):
        match node:
            case ast.Call(
                func=ast.Name(id="map" | "filter") | ast.Attribute(attr="map"),
                args=[ast.Lambda(args=ast.arguments(args=[ast.arg(arg=item)])) as function, ast.expr() as through],
                keywords=[],
            ) if _takes_one(function) and not isinstance(through, ast.Starred):
                kept = isinstance(node.func, ast.Name) and node.func.id == "filter"
                edits += _generator(_Text(file, text, lines, offsets), node, function, item, through, kept)
            case ast.Call(
                func=ast.Attribute(
                    attr="append" | "extend" as method,
                    value=ast.Call(func=ast.Attribute(attr="setdefault"), args=[_, ast.List(elts=[]) as empty]),
                ),
                args=[ast.expr() as given],
            ) if not isinstance(given, ast.Starred):
                edits.append(_held(_Text(file, text, lines, offsets), empty, given, _HOLDING[method]))
    return edits


def _takes_one(function: ast.Lambda) -> bool:
    given = function.args
    return not (given.posonlyargs or given.kwonlyargs or given.defaults or given.vararg or given.kwarg)


class _Text:
    """A text in which edits are placed by offsets."""

    def __init__(self, file: str, text: str, lines: list[str], offsets: Offsets) -> None:
        self._file = file
        self._text = text
        self._lines = lines
        self._offsets = offsets

    def around(self, node: ast.expr) -> tuple[int, int]:
        """Where a node begins and ends."""
        start, end = start_of(self._file, self._lines, node), end_of(self._file, self._lines, node)
        return self._offsets.offset(start.line, start.column), self._offsets.offset(end.line, end.column)

    def span(self, start: int, end: int) -> Span:
        return Span(self._file, *self._offsets.place(start), *self._offsets.place(end))

    def part(self, start: int, end: int) -> str:
        return self._text[start:end]

    def edit(self, start: int, end: int, text: str) -> Edit:
        """An edit that keeps the line ends of what it takes away."""
        about = self.span(start, end)
        text += "\n" * self._text.count("\n", start, end)
        return Edit("type-annotation", about, text, about, (Reason("the lambda is called for each item", about),))


def _generator(
    text: _Text, call: ast.Call, function: ast.Lambda, item: str, through: ast.expr, kept: bool
) -> Iterator[Edit]:
    """`((body) for item in (through))`; for `filter`, whose result the body is not, `(((body), item)[1] for …)`."""
    (start, end), (body, body_end) = text.around(call), text.around(function.body)
    first, last = text.around(through)
    yield text.edit(start, body, "(((" if kept else "((")
    yield text.edit(body_end, first, f"), {item})[1] for {item} in (" if kept else f") for {item} in (")
    yield text.edit(last, end, "))")


def _held(text: _Text, empty: ast.List, given: ast.expr, form: str) -> Edit:
    """The list that is put where none was, with what goes into it."""
    (start, end), (first, last) = text.around(empty), text.around(given)
    before = form.index("{")
    written = " ".join(text.part(first, last).split("\n"))
    about = text.span(first, last)
    origins = (Origin(before, before + len(written), about),)
    reason = Reason("the list holds it from now on", about)
    return Edit("type-annotation", text.span(start, end), form.format(written), about, (reason,), None, origins)
