"""Code as HTML, in the colours of code."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from html import escape
from itertools import accumulate
from operator import itemgetter
from typing import TYPE_CHECKING

from sls_lab.report.syntax import Stretch, coloured

if TYPE_CHECKING:
    from sls_lab.report.excerpts import Excerpt, SourceLines


def coloured_html(text: str, start: int, end: int, colours: Sequence[Stretch]) -> str:
    """The HTML of `text[start:end]`, in which each of the `colours` is a `<span>`."""
    pieces: list[str] = []
    at = start
    for first, last, kind in colours[bisect_right(colours, start, key=itemgetter(1)) :]:
        if first >= end:
            break
        begin, stop = max(first, at), min(last, end)
        pieces.append(escape(text[at:begin]))
        pieces.append(f'<span class="sls-is-{kind}-token">{escape(text[begin:stop])}</span>')
        at = stop
    pieces.append(escape(text[at:end]))
    return "".join(pieces)


class LineColours:
    """The colours of the lines of `sources`. A file is looked at as a whole, so that a long string is one."""

    def __init__(self, sources: SourceLines) -> None:
        self._sources = sources
        self._files: dict[str, dict[int, list[Stretch]]] = {}

    def of(self, file: str, excerpt: Excerpt) -> list[Stretch]:
        """The colours of a line as it is shown, in code points of its text."""
        if file not in self._files:
            self._files[file] = _by_lines(file, self._sources.lines(file))
        columns = excerpt.columns
        stretches = self._files[file].get(excerpt.line, []) if columns else []
        return [(columns[start], columns[end], kind) for start, end, kind in stretches]


def _by_lines(file: str, lines: Sequence[str]) -> dict[int, list[Stretch]]:
    """The colours by lines (from 1), in columns of each."""
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    found: dict[int, list[Stretch]] = defaultdict(list)
    for start, end, kind in coloured(file, "\n".join(lines)):
        for row in range(bisect_right(starts, start) - 1, bisect_left(starts, end)):
            first, last = max(start, starts[row]), min(end, starts[row + 1] - 1)
            if first < last:
                found[row + 1].append((first - starts[row], last - starts[row], kind))
    return found
