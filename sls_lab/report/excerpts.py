"""Lines of the analysed files as a report shows them: with what is marked, and the carets below it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sls_lab.facts.lines import split_lines
from sls_lab.report.display import cells, visible_character, width

if TYPE_CHECKING:
    from sls_lab.facts import Span
    from sls_lab.report.results import Results

TAB = 4
_MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of a file as shown: `text` is visible, tabs are expanded; `start` and `end` are code points of it.

    What lies between them is the marked part; `start` equals `end` where nothing of the line is marked. `columns` says
    of each column of the file's own line where it is in `text`, and last where its end is; of a line that was cut,
    nothing.
    """

    line: int
    text: str
    start: int
    end: int
    columns: tuple[int, ...] = ()

    @property
    def carets(self) -> str:
        """The line to print below `text`, with carets under the marked part; empty if nothing is marked."""
        marked = cells(self.text[self.start : self.end])
        return " " * cells(self.text[: self.start]) + "^" * max(marked, 1) if self.start != self.end else ""

    @property
    def whole(self) -> bool:
        """Whether all of the line is marked, apart from the spaces around it."""
        return not (self.text[: self.start] + self.text[self.end :]).strip()


class SourceLines:
    """The texts of an application's files, by lines."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, list[str]] = {}

    @staticmethod
    def of(results: Results) -> SourceLines:
        """The texts of the templates and of all Python files that were read."""
        modules = {file: module.text for file, module in results.code.modules.items()}
        return SourceLines({**results.template.texts, **modules})

    def lines(self, file: str) -> list[str]:
        """The lines of `file` without their ends, an empty list where it is not known."""
        if file not in self._lines:
            self._lines[file] = [line.rstrip("\r\n") for line in split_lines(self._texts.get(file, ""))]
        return self._lines[file]

    def excerpts(self, span: Span, limit: int | None = None) -> tuple[Excerpt, ...]:
        """The lines that `span` covers, four at most, empty where its file is not known.

        `limit` is the number of cells a line may take: of a longer one the part around the mark is shown, with `…`
        where something was left out.
        """
        lines = self.lines(span.file)
        shown = []
        for number in range(span.line, min(span.end_line, span.line + _MOST_LINES - 1, len(lines)) + 1):
            line = lines[number - 1]
            first = span.column if number == span.line else len(line) - len(line.lstrip())
            last = span.end_column if number == span.end_line else len(line.rstrip())
            excerpt = _excerpt(number, line, min(first, len(line)), min(last, len(line)))
            shown.append(excerpt if limit is None else _cut(excerpt, limit))
        return tuple(shown)


def _excerpt(number: int, line: str, first: int, last: int) -> Excerpt:
    pieces: list[str] = []
    offsets = [0]
    taken = 0
    for character in line:
        piece = " " * (TAB - taken % TAB) if character == "\t" else visible_character(character)
        pieces.append(piece)
        taken += cells(piece)
        offsets.append(offsets[-1] + len(piece))
    return Excerpt(number, "".join(pieces), offsets[first], offsets[max(first, last)], tuple(offsets))


def _cut(excerpt: Excerpt, limit: int) -> Excerpt:
    """The part of a long line around its mark, `limit` cells at most."""
    if cells(excerpt.text) <= limit or limit < 8:
        return excerpt
    text, start, end = excerpt.text, excerpt.start, excerpt.end
    # Some context before the mark, then as much after its beginning as fits.
    left = min(_fitting_before(text, start, limit // 4), _fitting_before(text, len(text), limit - 2))
    head = "…" if left else ""
    room = limit - len(head) - 1
    right = left
    while right < len(text) and width(text[right]) <= room:
        room -= width(text[right])
        right += 1
    tail = "…" if right < len(text) else ""
    moved = len(head) - left
    return Excerpt(
        excerpt.line,
        head + text[left:right] + tail,
        min(start, right) + moved,
        min(end, right) + moved + (1 if end > right else 0),
    )


def _fitting_before(text: str, end: int, room: int) -> int:
    """Where the longest stretch of `text` up to `end` begins that takes `room` cells at most."""
    start = end
    while start and width(text[start - 1]) <= room:
        start -= 1
        room -= width(text[start])
    return start
