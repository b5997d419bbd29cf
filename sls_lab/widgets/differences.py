"""The difference between two texts of a file, line by line, in the colours of code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

from sls_lab.report.diff import text_diff
from sls_lab.report.syntax import Stretch, coloured
from sls_lab.widgets.sources import ShownText, runs_of

_KINDS: Final = {"-": "removed", "+": "added", "@": "hunk", "\\": "hunk"}
_HUNK: Final = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


def difference_view(file: str, before: str, after: str) -> list[list[Any]]:
    """The lines of a unified diff, each with its kind (`header`, `hunk`, `same`, `added`, `removed`) and its colours.

    A line is coloured as part of its file: a string that began before the hunk stays one.
    """
    texts = {"-": _Coloured(file, before), "+": _Coloured(file, after)}
    at = {"-": 0, "+": 0}
    shown: list[list[Any]] = []
    # A last line without an end is followed by a remark that says so.
    lines = (part for line in text_diff(file, before, after) for part in line.rstrip("\n").split("\n"))
    for number, line in enumerate(lines):
        text = ShownText(line.rstrip("\r")).shown
        sign = line[:1]
        kind = "header" if number < 2 else _KINDS.get(sign, "same")
        if kind == "hunk" and (starts := _HUNK.match(line)):
            at = {"-": int(starts[1]), "+": int(starts[2])}
        colours: list[Stretch] = []
        if kind in ("same", "added", "removed"):
            side = "-" if kind == "removed" else "+"
            colours = texts[side].line(at[side])
            for one in "-+" if kind == "same" else side:
                at[one] += 1
        # The sign comes before the code.
        shown.append([kind, text, runs_of([(start + 1, end + 1, token) for start, end, token in colours], text)])
    return shown


class _Coloured:
    """The colours of one side, line by line, as `patch` counts them: a lone carriage return ends none."""

    def __init__(self, file: str, text: str) -> None:
        self._lines = text.split("\n")
        self._starts = [0, *accumulate(len(line) + 1 for line in self._lines)]
        self._colours: Sequence[Stretch] = coloured(file, text)

    def line(self, number: int) -> list[Stretch]:
        """The colours of line `number` (from 1), in columns of it."""
        start, end = self._starts[number - 1], self._starts[number] - 1
        return [
            (max(first, start) - start, min(last, end) - start, kind)
            for first, last, kind in self._colours
            if first < end and last > start
        ]
