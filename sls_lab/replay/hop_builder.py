"""A hop while it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sls_lab.facts import Span, split_lines
from sls_lab.replay.model import Call, Danger, Delivery, Ending, Hop, Note, SeenVariable, ValueAsked


@dataclass
class HopBuilder:
    """Collects what the child reports of one run of one handler."""

    number: int
    handler: str
    event: Any
    woken_by: int | None
    attempt: int = 1
    request: int = 0
    ending: Ending = "returned"
    result: Any = None
    error: str = ""
    error_type: str = ""
    span: Span | None = None
    output: str = ""
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    dangers: list[Danger] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seen: list[SeenVariable] = field(default_factory=list)
    asked: list[ValueAsked] = field(default_factory=list)
    lines: frozenset[tuple[str, int]] = frozenset()

    @property
    def failed(self) -> bool:
        """Whether Lambda counts the run as an error."""
        return self.ending != "returned"

    def built(self) -> Hop:
        """The hop as it is reported."""
        return Hop(
            self.number,
            self.handler,
            self.event,
            self.woken_by,
            self.attempt,
            self.ending,
            self.result,
            self.error,
            self.span,
            self.output,
            tuple(self.calls),
            tuple(self.deliveries),
            tuple(self.dangers),
            tuple(self.notes),
            tuple(self.seen),
            self.request,
            tuple(self.asked),
            self.lines,
        )


class Spans:
    """From the child's places (columns in bytes) to spans (columns in code points)."""

    def __init__(self, text_of: Callable[[str], str | None]) -> None:
        """`text_of` gives a file's source, None for one that cannot be read."""
        self._text_of = text_of
        self._lines: dict[str, list[str]] = {}

    def span(self, place: Mapping[str, Any] | None) -> Span | None:
        """The span of a place."""
        if not place:
            return None
        file, line, end_line = str(place["file"]), int(place["line"]), int(place["end_line"])
        return Span(
            file,
            line,
            self._column(file, line, int(place["column"])),
            end_line,
            self._column(file, end_line, int(place["end_column"])),
        )

    def _column(self, file: str, line: int, column: int) -> int:
        if file not in self._lines:
            self._lines[file] = split_lines(self._text_of(file) or "")
        lines = self._lines[file]
        if not 0 < line <= len(lines):
            return column
        return len(lines[line - 1].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
