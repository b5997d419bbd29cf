"""Source text as the browser shows it: marked stretches, counted in UTF-16 units, nothing invisible in it."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any

from sls_lab.exercises.prose import blocks
from sls_lab.facts import Span
from sls_lab.facts.lines import split_lines
from sls_lab.report.palette import TOKENS
from sls_lab.report.syntax import Stretch, coloured

_SHOWN = "\N{WHITE VERTICAL RECTANGLE}"


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A stretch of a file that means something. `kind` decides its look, `title` says in words what it is.

    Marks may lie within each other or overlap. Several with one `id` are chosen together.
    """

    id: str
    kind: str
    span: Span
    title: str = ""


class ShownText:
    """The text of one file as shown: lines end with `\\n` alone, and what has no shape of its own is made visible.

    The analysed code is hostile: characters that turn the reading direction must be seen (https://trojansource.codes).
    Each is replaced by one character, so that columns keep their meaning.
    """

    def __init__(self, text: str) -> None:
        lines = [_shown(line) for line in split_lines(text)]
        self._starts = [0, *accumulate(map(len, lines))]
        self._ends = [start + len(line.rstrip("\n")) for start, line in zip(self._starts, lines, strict=False)]
        self.shown = "".join(lines)
        self._astral = [number for number, character in enumerate(self.shown) if ord(character) > 0xFFFF]

    def point(self, line: int, column: int) -> int:
        """Where a place (line from 1, column from 0 in code points) is in `shown`, in code points.

        A column after the last character of its line, such as that between `\\r` and `\\n`, is the end of the line.
        """
        if line > len(self._ends):
            return len(self.shown)
        return min(self._starts[line - 1] + column, self._ends[line - 1])

    def offset(self, line: int, column: int) -> int:
        """Where a place is in `shown`, in UTF-16 units as browsers count."""
        point = self.point(line, column)
        return point + bisect_left(self._astral, point)

    def view(self, file: str, marks: Iterable[SourceMark] = ()) -> dict[str, Any]:
        """What the browser's source view shows; marks in other files are left out."""
        return {
            "file": file,
            "text": self.shown,
            "colours": colours(file, self.shown),
            "marks": [
                [
                    mark.id,
                    mark.kind,
                    self.offset(mark.span.line, mark.span.column),
                    self.offset(mark.span.end_line, mark.span.end_column),
                    mark.title,
                ]
                for mark in marks
                if mark.span.file == file
            ],
        }


def source_view(file: str, text: str, marks: Iterable[SourceMark] = ()) -> dict[str, Any]:
    """One file with its marks, for the browser."""
    return ShownText(text).view(file, marks)


def coloured_code(text: str, file: str = "code.py") -> dict[str, Any]:
    """A piece of code by itself, with its colours; the end of `file` tells its language."""
    shown = ShownText(text).shown
    return {"text": shown, "colours": colours(file, shown)}


def prose_view(text: str) -> list[dict[str, Any]]:
    """The little Markdown of lesson files in blocks, those of code with their colours."""
    return [
        {**block, **coloured_code(block["pre"], block["file"])} if "pre" in block else block for block in blocks(text)
    ]


@lru_cache(maxsize=64)
def colours(file: str, text: str) -> dict[str, Any]:
    """The colours of shown text, for the browser: `runs` has three numbers for each stretch, which are how many UTF-16
    units after the one before it begins, how many it has, and which of `kinds` it is.
    """
    return runs_of(coloured(file, text), text)


def runs_of(stretches: Iterable[Stretch], text: str) -> dict[str, Any]:
    """Stretches of `text` (in code points, in order and apart) as `colours` gives them."""
    kinds = [*TOKENS]
    astral = [number for number, character in enumerate(text) if ord(character) > 0xFFFF]
    runs: list[int] = []
    last = 0
    for first, stop, kind in stretches:
        start, end = first + bisect_left(astral, first), stop + bisect_left(astral, stop)
        runs += (start - last, end - start, kinds.index(kind))
        last = end
    return {"kinds": kinds, "runs": runs}


def _shown(line: str) -> str:
    body = line.rstrip("\r\n")
    return "".join(map(_visible, body)) + ("\n" if len(body) < len(line) else "")


@cache
def _visible(character: str) -> str:
    if character == "\t":
        return character
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    # A zero-width joiner is harmless and holds emoji together; Python knows no astral control character.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character != "\u200d":
        return _SHOWN
    return character
