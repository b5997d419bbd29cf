"""Apply edits to a source, and find the way back from every place in the result."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sls_lab.facts import Offsets, Span
from sls_lab.rewrite.model import Edit, RewrittenFile


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the new text: copied from `old` on, or written by `edit`."""

    start: int
    end: int
    old: int
    edit: Edit | None


class PositionMap:
    """From offsets in a rewritten text back to the original file."""

    def __init__(self, file: str, original: str, edits: Sequence[Edit]) -> None:
        """Lay out `edits`, which must not overlap; those at one place stay in the order given.

        What is inserted where text is replaced comes before that text.
        """
        self._file = file
        self._offsets = Offsets(original)
        self._stretches: list[_Stretch] = []
        pieces: list[str] = []
        self.edits = tuple(sorted(edits, key=_order))
        position = written = 0
        for edit in self.edits:
            start = self._offsets.offset(edit.span.line, edit.span.column)
            end = self._offsets.offset(edit.span.end_line, edit.span.end_column)
            self._stretches.append(_Stretch(written, written + start - position, position, None))
            written += start - position
            self._stretches.append(_Stretch(written, written + len(edit.text), start, edit))
            written += len(edit.text)
            pieces += [original[position:start], edit.text]
            position = end
        rest = original[position:]
        self._stretches.append(_Stretch(written, written + len(rest) + 1, position, None))
        self.text = "".join([*pieces, rest])
        self._starts = [stretch.start for stretch in self._stretches]

    def written(self) -> Iterator[tuple[int, int]]:
        """Where `text` has what each of `edits` wrote: offsets, end exclusive, in the order of `edits`."""
        return ((stretch.start, stretch.end) for stretch in self._stretches if stretch.edit is not None)

    def edit_at(self, offset: int) -> Edit | None:
        """The edit that wrote what is at `offset`, None where that is the original's."""
        return self._stretch_at(offset).edit

    def origin(self, start: int, end: int) -> Span:
        """Where the characters from `start` to `end` come from.

        Copied text has an exact place. Within an edit it is the smallest repeated expression that covers the stretch,
        else what the edit is about. What begins with the text that is put around an expression begins with it.
        """
        first = self._stretch_at(start)
        if first.edit is not None:
            covering = [
                origin
                for origin in first.edit.origins
                if origin.start <= start - first.start and end - first.start <= origin.end
            ]
            if covering:
                return min(covering, key=lambda origin: origin.end - origin.start).span
            about = first.edit.about
            if end <= first.end or (about.line, about.column) != (first.edit.span.line, first.edit.span.column):
                return about
        last = self._stretch_at(max(start, end - 1))
        old_start = first.old + (start - first.start if first.edit is None else 0)
        if last.edit is None:
            old_end = last.old + end - last.start
        else:
            old_end = self._offsets.offset(last.edit.span.end_line, last.edit.span.end_column)
        return Span(self._file, *self._offsets.place(old_start), *self._offsets.place(max(old_start, old_end)))

    def moved(self, start: int, end: int) -> tuple[int, int]:
        """Where `text` has the characters from `start` to `end` of the original, with what is added among them."""
        copied = [stretch for stretch in self._stretches if stretch.edit is None]
        olds = [stretch.old for stretch in copied]
        first = copied[max(0, bisect_right(olds, start) - 1)]
        last = copied[max(0, bisect_left(olds, end) - 1)]
        moved = min(first.start + start - first.old, first.end)
        return moved, max(moved, min(last.start + end - last.old, last.end))

    def _stretch_at(self, offset: int) -> _Stretch:
        index = bisect_right(self._starts, offset) - 1
        # Empty ranges share their start with the one that follows; the last of them holds the characters.
        return self._stretches[index]


def _order(edit: Edit) -> tuple[int, int, bool]:
    span = edit.span
    return span.line, span.column, (span.line, span.column) != (span.end_line, span.end_column)


class AnalysedText:
    """One file as the analyser reads it, and the way back to the original, by way of the rewritten text."""

    def __init__(self, file: RewrittenFile) -> None:
        """Apply the edits of `file`, then those for the analyser."""
        self.file = file
        self._rewritten = PositionMap(file.file, file.original, file.edits)
        self._analysed = PositionMap(file.file, file.text, file.for_the_analyser)
        self._offsets = Offsets(file.text)
        self.text = self._analysed.text

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the original, in the order of their places."""
        return self._rewritten.edits

    def origin(self, start: int, end: int) -> Span:
        """Where in the original file the characters from `start` to `end` (offsets) come from."""
        return self.original(self._analysed.origin(start, end))

    def original(self, span: Span) -> Span:
        """Where in the original file a span of the rewritten text comes from."""
        start = self._offsets.offset(span.line, span.column)
        return self._rewritten.origin(start, self._offsets.offset(span.end_line, span.end_column))

    def edit_at(self, offset: int) -> Edit | None:
        """The edit of the original that wrote what is at `offset`, None where the application did.

        What an edit for the analyser wrote belongs to whoever wrote what it is about.
        """
        place = self._analysed.origin(offset, offset)
        return self._rewritten.edit_at(self._offsets.offset(place.line, place.column))
