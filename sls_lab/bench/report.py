"""What was measured: text for a terminal, JSON, Markdown, and a picture of what each kind of knowledge contributes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import reduce
from html import escape
from operator import add
from typing import Any, Literal

from rich.text import Text

from sls_lab.bench.measuring import ABLATIONS, Ablation, Measured
from sls_lab.bench.published import IN_THE_WILD, PUBLISHED
from sls_lab.report.display import one_line
from sls_lab.report.page import Page
from sls_lab.scoring import EdgeScore, Score

Format = Literal["text", "json", "markdown", "svg"]
SCHEMA = "sls-lab/bench/1"
_NOTHING = Score(0, 0, 0, 0)
_COLUMNS = ("application", "right", "missed", "false", "silent", "edges", "seconds")
_SUMS = ("", "right", "missed", "false", "silent", "precision", "recall")


def total(scores: Iterable[Score]) -> Score:
    """The sum of several scores."""
    return reduce(add, scores, _NOTHING)


def as_text(measured: Sequence[Measured], *, columns: int = 100, colour: bool = False) -> str:
    """A table of the applications, the sums, and the published figures."""
    page = Page(columns, colour=colour)
    page.heading("Applications")
    page.table(_COLUMNS, [list(map(Text, row)) for row in _rows(measured)])
    page.heading("All together")
    page.table(_SUMS, [list(map(Text, row)) for row in _sums(measured)])
    page.heading("Published figures")
    for figure in PUBLISHED:
        counts = f"{figure.true} right, {figure.false} false, {figure.missed} missed"
        page.paragraph(Text(f"{figure.tool}, {figure.suite}: {counts} ({figure.source})"))
    page.paragraph(Text(IN_THE_WILD))
    for one in measured:
        if one.problem:
            page.paragraph(Text(f"not analysed: {one_line(one.case.name)}: {one_line(one.problem)}"))
    page.blank()
    page.paragraph(Text(sentence(measured)), indent=0, hanging=0)
    return page.text().strip("\n") + "\n"


def as_markdown(measured: Sequence[Measured]) -> str:
    """The same tables as Markdown."""
    lines = [sentence(measured), ""]
    for head, rows in ((_COLUMNS, _rows(measured)), (_SUMS, _sums(measured))):
        lines += [_line(head), _line("---" for _ in head), *map(_line, rows), ""]
    lines += [_line(("published", "suite", "right", "false", "missed")), _line("---" for _ in range(5))]
    for figure in PUBLISHED:
        counts = map(str, (figure.true, figure.false, figure.missed))
        lines.append(_line((f"[{figure.tool}]({figure.source})", figure.suite, *counts)))
    return "\n".join([*lines, "", IN_THE_WILD + ".", ""])


def as_json(measured: Sequence[Measured]) -> str:
    """All figures for programs."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "applications": [_application(one) for one in measured],
        "total": _score(total(one.score for one in measured)),
        "without": {
            name: _score(total(one.without.get(name, one.score) for one in measured)) for name in ablated(measured)
        },
        "published": [asdict(one) for one in PUBLISHED],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_svg(measured: Sequence[Measured]) -> str:
    """Bars of what is missed and what is false, with all that is known and with each part of it taken away."""
    rows = [("all known", total(one.score for one in measured))]
    rows += [
        (f"without {name}", total(one.without.get(name, one.score) for one in measured)) for name in ablated(measured)
    ]
    greatest = max(1, *(max(score.missed, score.false) for _, score in rows))
    parts = []
    for number, (label, score) in enumerate(rows):
        top = 40 + 46 * number
        parts.append(f'<text x="8" y="{top + 17}">{escape(label)}</text>')
        for place, (kind, count) in enumerate((("missed", score.missed), ("false", score.false))):
            y, width = top + 18 * place, 360 * count / greatest
            parts.append(f'<rect class="{kind}" x="180" y="{y}" width="{width:.1f}" height="15"/>')
            parts.append(f'<text x="{186 + width:.1f}" y="{y + 12}">{count} {kind}</text>')
    height = 50 + 46 * len(rows)
    style = (
        "text{font:13px sans-serif;fill:currentColor}.missed{fill:#b3560a}.false{fill:#5b6bbf}"
        "svg{color:#222;background:#fff}@media(prefers-color-scheme:dark){svg{color:#eee;background:#1b1b1b}}"
    )
    title = "Flows missed and reported falsely"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="660" height="{height}" viewBox="0 0 660 {height}" role="img">'
        f'<title>{title}</title><style>{style}</style><text x="8" y="22">{title}</text>{"".join(parts)}</svg>\n'
    )


def sentence(measured: Sequence[Measured]) -> str:
    """The answer in one sentence."""
    whole = total(one.score for one in measured)
    right = sum(is_right(one) for one in measured)
    there = whole.true + whole.missed
    return (
        f"{right} of {len(measured)} applications are right: {whole.true} of {there} flows found, "
        f"{whole.false} reported falsely, {whole.clean} dangerous places rightly silent."
    )


def is_right(one: Measured) -> bool:
    """Whether nothing is missed, nothing false, and every edge as it should be."""
    edges = one.edges is None or not (one.edges.false or one.edges.missed)
    return not (one.score.missed or one.score.false or one.problem) and edges


def ablated(measured: Sequence[Measured]) -> list[Ablation]:
    """What was taken away from all of them, in the usual order."""
    return [name for name in ABLATIONS if measured and all(name in one.without for one in measured if not one.problem)]


def _rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    return [
        (
            f"{'✓' if is_right(one) else '✗'} {one_line(one.case.name)}",
            *map(str, (one.score.true, one.score.missed, one.score.false, one.score.clean)),
            _edges(one.edges),
            f"{one.seconds:.2f}",
        )
        for one in measured
    ]


def _sums(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows = [("all known", total(one.score for one in measured))]
    for name in ablated(measured):
        rows.append((f"without {name}", total(one.without.get(name, one.score) for one in measured)))
    return [
        (name, *map(str, (one.true, one.missed, one.false, one.clean)), _part(one.precision), _part(one.recall))
        for name, one in rows
    ]


def _part(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _edges(score: EdgeScore | None) -> str:
    if score is None:
        return "–"
    wrong = [f"{number} {what}" for number, what in ((score.missed, "missed"), (score.false, "false")) if number]
    return ", ".join([str(score.true), *wrong])


def _score(score: Score) -> dict[str, Any]:
    return {**asdict(score), "precision": score.precision, "recall": score.recall}


def _application(one: Measured) -> dict[str, Any]:
    return {
        "name": one.case.name,
        "told_by": one.case.told_by,
        "right": is_right(one),
        "score": _score(one.score),
        "edges": asdict(one.edges) if one.edges is not None else None,
        "seconds": round(one.seconds, 3),
        "without": {name: _score(score) for name, score in one.without.items()},
        "problem": one.problem or None,
    }


def _line(values: Iterable[str]) -> str:
    return "| " + " | ".join(value.replace("|", "\\|") for value in values) + " |"
