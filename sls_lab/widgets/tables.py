"""Rows of text, as a table in a notebook and as columns in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.report.display import cells, one_line
from sls_lab.taint.run.doctor import ExaminedState, examine, healthy
from sls_lab.widgets import fallback

_STATES: Final[dict[ExaminedState, str]] = {"ok": "✓ found", "missing": "✗ missing", "optional": "– note"}


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` of text under `titles`; `name` is what a reader sees first, `below` a sentence on the whole."""

    name: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    below: str = ""

    def __repr__(self) -> str:
        widths = [max(map(cells, column)) for column in zip(self.titles, *self.rows, strict=True)]
        lines = [
            "  ".join(cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in (self.titles, *self.rows)
        ]
        return "\n".join([self.name, *lines, *filter(None, [self.below])])

    def _repr_html_(self) -> str:
        below = [fallback.paragraph(self.below, code=True)] if self.below else []
        return fallback.page(self.name, fallback.table(self.titles, self.rows), *below)


def table(name: str, titles: Sequence[str], rows: Iterable[Sequence[object]], below: str = "") -> Table:
    """A table of whatever the rows hold, each cell as one line of text; of a list or tuple, commas between its parts.

    Raises ValueError where a row is not as long as `titles`.
    """
    shown = tuple(tuple(one_line(_text(cell)) for cell in row) for row in rows)
    if any(len(row) != len(titles) for row in shown):
        raise ValueError(f"{name}: each row needs {len(titles)} cells")
    return Table(name, tuple(titles), shown, below)


def _text(cell: object) -> str:
    return ", ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell)


def doctor() -> Table:
    """Whether everything is there that an analysis needs, as `sls-lab doctor` says it."""
    findings = examine()
    rows = [
        (_STATES[finding.state], finding.name, " → ".join(filter(None, (finding.detail, finding.remedy))))
        for finding in findings
    ]
    below = "All is well." if healthy(findings) else "Until ✗ is seen to, you see results that were recorded."
    return table("Is everything in place?", ("", "what", "found"), rows, below)
