"""A page that says what a learner has done: for printing, and for showing to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sls_lab.exercises.bars import stars_of
from sls_lab.exercises.model import Exercise, Lesson
from sls_lab.exercises.progress import Progress
from sls_lab.report.summary import count
from sls_lab.report.web_page import shown, web_page

_STYLE = """
main { border: .2rem double var(--sls-line); padding: 2rem 3rem; max-width: 52rem; margin: 2rem auto; }
.name { font-size: 2rem; margin: .5rem 0; }
td.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
@page { size: A4; margin: 15mm; }
@media print { main { border-color: #000; margin: 0; max-width: none; } section { break-inside: avoid; } }
"""


def certificate(lessons: Sequence[Lesson], progress: Progress, name: str, day: date) -> str:
    """The page of one learner, `name` being what they call themselves: what was passed on or before `day`.

    It says what was done and no more: lessons without a passed exercise are left out, and nobody signs it.
    """
    rows, hardest = [], []
    for lesson in lessons:
        passed = [one for one in lesson.exercises if progress.of(one.id).passed]
        if passed:
            hardest += passed
            minutes = round(progress.spent[lesson.number].seconds / 60) if lesson.number in progress.spent else 0
            rows.append(
                f'<tr><th scope="row">{lesson.number} {shown(lesson.title)}</th>'
                f'<td class="number">{len(passed)} of {len(lesson.exercises)}</td>'
                f'<td class="number">{f"{minutes} min" if minutes else ""}</td></tr>'
            )
    everything = sum(len(lesson.exercises) for lesson in lessons)
    told = f"has passed {len(hardest)} of {count(everything, 'exercise')} of sls-lab, a course on"
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("notebook", "exercises passed", "time"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>" if rows else ""
    body = [
        f'<p>What was done</p><p class="name">{shown(name)}</p>',
        f"<p>{told} finding vulnerabilities in serverless applications by static analysis.</p>",
        table,
        _hardest(hardest),
        f'<p class="faint">{day.isoformat()}. What is listed was noted by the course on the computer of the learner.',
        "Nobody has signed it.</p>",
    ]
    return web_page(f"{name} · sls-lab", "<main>{}</main>".format("\n".join(body)), style=_STYLE)


def _hardest(passed: Sequence[Exercise]) -> str:
    """The exercises with the most stars."""
    most = [one for one in passed if one.stars == 3]
    if not most:
        return ""
    listed = "".join(f"<li>{stars_of(one)} {shown(one.title)}</li>" for one in most)
    return f"<section><h2>The hardest of them</h2><ul>{listed}</ul></section>"
