"""Where a fact is written."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts.lines import split_lines


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A range of characters in one file of the application.

    Lines count from 1; columns from 0, in Unicode code points; the end is exclusive.
    `file` is relative to the application's folder, with `/` between its parts.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def place(self) -> str:
        """`file:line`, as terminals and editors understand it."""
        return f"{self.file}:{self.line}"

    def contains(self, other: Span) -> bool:
        """Whether `other` is in the same file and within this span."""
        return (
            self.file == other.file
            and (self.line, self.column) <= (other.line, other.column)
            and (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )

    def text_in(self, source: str) -> str:
        """The source that this span covers; `source` is the whole of its file."""
        lines = split_lines(source)[self.line - 1 : self.end_line]
        if not lines:
            return ""
        if len(lines) == self.end_line - self.line + 1:  # else it ends in the empty line after the last
            lines[-1] = lines[-1][: self.end_column]
        lines[0] = lines[0][self.column :]
        return "".join(lines)
