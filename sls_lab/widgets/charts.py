"""Numbers as bars, with each number beside its bar: HTML in a notebook, blocks in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.report.display import cells, one_line
from sls_lab.widgets import fallback

_BLOCKS: Final = ("█", "▒")  #: in a terminal, one for each series in turn
_LONGEST: Final = 40  #: blocks, for the greatest number


@dataclass(frozen=True, slots=True)
class Chart:
    """One bar for each series in each row; `name` is what a reader sees first. No number is negative."""

    name: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def _greatest(self) -> int:
        return max((number for _, numbers in self.rows for number in numbers), default=0) or 1

    def __repr__(self) -> str:
        names, words = (max(map(cells, texts), default=0) for texts in ([row for row, _ in self.rows], self.series))
        lines = [self.name]
        for row, numbers in self.rows:
            for place, (label, number) in enumerate(zip(self.series, numbers, strict=True)):
                left = _padded("" if place else row, names)
                bar = _BLOCKS[place % len(_BLOCKS)] * round(_LONGEST * number / self._greatest)
                lines.append(" ".join(filter(None, (f"{left}  {_padded(label, words)} ", bar, str(number)))))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = []
        for row, numbers in self.rows:
            head = f'<th scope="rowgroup" rowspan="{len(numbers)}">{fallback.text_html(row)}</th>'
            for place, (label, number) in enumerate(zip(self.series, numbers, strict=True)):
                width = f"inline-size: {100 * number / self._greatest:.1f}%"
                bar = f'<span class="sls-bar sls-bar-{place % len(_BLOCKS)}" style="{width}" aria-hidden="true"></span>'
                cells_ = f"<td>{fallback.text_html(label)}</td><td>{number}</td><td>{bar}</td>"
                rows.append(f"<tr>{'' if place else head}{cells_}</tr>")
        return fallback.page(self.name, '<table class="sls-chart"><tbody>', *rows, "</tbody></table>")


def chart(name: str, series: Sequence[str], rows: Iterable[tuple[str, Sequence[int]]]) -> Chart:
    """A bar chart: each of `rows` has a label and one number for each of `series`.

    Raises ValueError where a row has another count of numbers, or one is negative.
    """
    shown = tuple((one_line(label), tuple(numbers)) for label, numbers in rows)
    if any(len(numbers) != len(series) or any(number < 0 for number in numbers) for _, numbers in shown):
        raise ValueError(f"{name}: each row needs {len(series)} numbers of 0 or more")
    return Chart(name, tuple(map(one_line, series)), shown)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))
