"""The page that an instructor looks at."""

from __future__ import annotations

from collections.abc import Sequence

from sls_lab.exercises import Exercise, Lesson
from sls_lab.report.summary import count, enumerate_words
from sls_lab.report.web_page import bars, shown, web_page
from sls_lab.room.figures import hurdles, passed_in, places
from sls_lab.room.folder import Refusal
from sls_lab.room.standing import Standing, Tried

_MOST_HURDLES = 8
_SECONDS = 5
_STYLE = """
.hands { font-size: 1.25rem; padding: .6rem 1rem; border: 2px solid var(--sls-warm); border-radius: .4rem; }
.class td, .class th { padding: .25rem .5rem; white-space: nowrap; text-align: center; }
.class th[scope=row] { text-align: start; }
.class .passed { color: var(--sls-good); font-weight: 600; }
.class .stuck { color: var(--sls-danger); font-weight: 600; }
"""
# The page asks again by itself. What it has is replaced only where it has changed, so that a fold stays open.
SCRIPT = f"""
const main = document.querySelector("main");
async function refresh() {{
  try {{
    const answer = await fetch("now", {{ cache: "no-store" }});
    if (!answer.ok) throw new Error(answer.statusText);
    const text = await answer.text();
    if (text !== main.dataset.now) {{
      const open = new Set([...main.querySelectorAll("details[open]")].map((one) => one.id));
      main.innerHTML = text;
      main.dataset.now = text;
      for (const one of main.querySelectorAll("details")) one.open = open.has(one.id);
    }}
    document.querySelector("#state").textContent = "";
  }} catch {{
    document.querySelector("#state").textContent = "The room's server does not answer; this is the last that it said.";
  }}
}}
setInterval(refresh, {_SECONDS} * 1000);
"""


def room_page(lessons: Sequence[Lesson], standings: Sequence[Standing], refused: Sequence[Refusal]) -> str:
    """The whole page. It asks for the part `now` every five seconds, from where it came from."""
    now = room_now(lessons, standings, refused)
    links = '<p><a href="class.csv">As a table (CSV)</a> · <a href="ctfd.csv">Exercises for a contest (CTFd)</a></p>'
    refresh = f'<noscript><meta http-equiv="refresh" content="{2 * _SECONDS}"></noscript>\n'
    body = f'<p id="state" role="status" class="warning"></p><main>{now}</main>{links}<script src="room.js"></script>'
    return web_page(
        "The room · sls-lab", body, style=_STYLE, head=refresh, policy="script-src 'self'; connect-src 'self'"
    )


def room_now(lessons: Sequence[Lesson], standings: Sequence[Standing], refused: Sequence[Refusal]) -> str:
    """What changes: hands, hurdles, and the table of the class."""
    parts = [f"<h1>The room: {count(len(standings), 'learner')}</h1>"]
    if not standings:
        parts.append("<p>Nobody has joined yet. Whoever does appears here within seconds.</p>")
    hands = [one for one in standings if one.hand]
    if hands:
        names = "; ".join(f"{one.nickname}{f' (at {one.latest})' if one.latest else ''}" for one in hands)
        parts.append(f'<p class="hands"><strong>Hands up:</strong> {shown(names)}</p>')
    parts.append(_hurdles(lessons, standings))
    titles = {lesson.number: lesson.title for lesson in lessons}
    parts.append(bars("Where they are", {f"{n} {titles[n]}": many for n, many in places(lessons, standings).items()}))
    if standings:
        parts.append(_class(lessons, standings))
        parts += [_lesson(lesson, standings) for lesson in lessons if any(_tried(lesson, one) for one in standings)]
    if refused:
        listed = "".join(f"<li><code>{shown(one.file)}</code>: {shown(one.why)}</li>" for one in refused)
        parts.append(f"<section><h2>Not counted</h2><ul>{listed}</ul></section>")
    return "\n".join(parts)


def _hurdles(lessons: Sequence[Lesson], standings: Sequence[Standing]) -> str:
    found = hurdles(lessons, standings)[:_MOST_HURDLES]
    if not found:
        return ""
    rows = "".join(
        f'<tr><th scope="row"><code>{shown(one.exercise.id)}</code> {shown(one.exercise.title)}</th>'
        + "".join(f'<td class="number">{number}</td>' for number in (one.stuck, one.passed, one.attempts))
        + "</tr>"
        for one in found
    )
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("exercise", "stuck", "passed", "attempts"))
    return (
        "<section><h2>Where most are stuck</h2>"
        f'<table class="counted"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _class(lessons: Sequence[Lesson], standings: Sequence[Standing]) -> str:
    heads = "".join(f'<th scope="col" title="{shown(lesson.title)}">{lesson.number}</th>' for lesson in lessons)
    rows = []
    for one in standings:
        cells = []
        for lesson in lessons:
            passed, minutes = passed_in(lesson, one), one.minutes.get(lesson.number, 0)
            whole = passed == len(lesson.exercises) and passed
            spent = f' <span class="faint">{minutes} min</span>' if minutes else ""
            told = f"{'✓ ' if whole else ''}{passed}/{len(lesson.exercises)}" if _tried(lesson, one) else ""
            cells.append(f'<td class="{"passed" if whole else ""}">{told}{spent}</td>')
        hand = ' <span class="stuck">hand up</span>' if one.hand else ""
        total = f"<td>{one.passed}</td><td>{sum(one.minutes.values()) or ''}</td>"
        rows.append(f'<tr><th scope="row">{shown(one.nickname)}{hand}</th>{total}{"".join(cells)}</tr>')
    head = f'<tr><th scope="col">learner</th><th scope="col">passed</th><th scope="col">minutes</th>{heads}</tr>'
    table = f'<table class="class"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'
    return f'<section><h2>The class</h2><div class="wide" tabindex="0">{table}</div></section>'


def _lesson(lesson: Lesson, standings: Sequence[Standing]) -> str:
    """Exercise by exercise, in a fold: a check mark for what is passed, the number of attempts for what is not."""
    shown_ones = [one for one in lesson.exercises if any(one.id in standing.tried for standing in standings)]
    names = [shown(one.id.partition("/")[2]) for one in shown_ones]
    heads = "".join(
        f'<th scope="col" title="{shown(one.title)}">{name}</th>' for one, name in zip(shown_ones, names, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row">{shown(standing.nickname)}</th>'
        f"{''.join(_cell(standing.tried.get(one.id)) for one in shown_ones)}</tr>"
        for standing in standings
        if _tried(lesson, standing)
    )
    left = enumerate_words([one.id.partition("/")[2] for one in lesson.exercises if one not in shown_ones], limit=20)
    rest = f'<p class="faint">Nobody has tried: {shown(left)}.</p>' if left else ""
    return (
        f'<details id="lesson-{lesson.number}"><summary>{lesson.number} {shown(lesson.title)}</summary>'
        '<div class="wide" tabindex="0"><table class="class">'
        f'<thead><tr><th scope="col">learner</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{rest}</details>"
    )


def _cell(tried: Tried | None) -> str:
    if tried is None:
        return "<td></td>"
    if tried.passed:
        return '<td class="passed">✓</td>'
    return f'<td class="stuck" title="tried, not passed">{count(tried.attempts, "try", "tries")}</td>'


def _tried(lesson: Lesson, standing: Standing) -> list[Exercise]:
    return [one for one in lesson.exercises if one.id in standing.tried]
