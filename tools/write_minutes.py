"""Write how long notebooks and the paths of a workshop take, wherever it is said, by the model of the kit.

python -m tools.write_minutes

The model is `sls_lab/exercises/minutes.py`. Its minutes are in each lesson's first cell, in the map of notebook 00,
in the README, and in the instructor's guide, where the paths are laid out by the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sls_lab.exercises.minutes import (
    ASKED,
    SECONDS_A_LINE,
    WIDGET,
    WORDS_A_MINUTE,
    Section,
    minutes,
    sections,
)

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "notebooks"
MAP, README, GUIDE = FOLDER / "00-start-here.ipynb", ROOT / "README.md", ROOT / "docs" / "instructors-guide.md"
_START = 10 * 60  # what the clock of a path says at first, in minutes
_BREAK = "break"


@dataclass(frozen=True, slots=True)
class Part:
    """What a path does of one notebook: its sections under these headings, without some of their exercises."""

    number: str
    headings: tuple[str, ...]
    done_when: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A path of so many minutes. The rest is slack; after the part `pause_after` a quarter of an hour is a break."""

    total: int
    parts: tuple[Part, ...]
    pause_after: str = ""


PATHS = (
    Schedule(
        180,
        (
            Part(
                "00",
                ("One upload", "One request", "What the cloud sees", "What the kit finds"),
                "everyone has answered `00/which-line`",
            ),
            Part(
                "01",
                (
                    "What the code does not say",
                    "The same, hands-on",
                    "Who is at the door?",
                    "Names that nobody wrote",
                    "Who may do what",
                ),
                "most have a right `01/resolve-the-variable`",
                without=("01/tighten-the-permission",),
            ),
            Part(
                "02",
                ("Searching characters", "The tree", "From a call to a service", "What is known about an argument"),
                "`02/click-the-call` passes",
            ),
            Part(
                "03",
                (
                    "Draw it first",
                    "The graph",
                    "Why not? A first case",
                    "Why not? A second case",
                    "Whose data are dangerous?",
                    "Turn it round",
                ),
                "`03/why-not` was discussed",
            ),
            Part(
                "04",
                ("The gap", "The event object", "Edit by edit", "Where it is hard"),
                "the stepper has shown all edits of `submit`",
                without=("04/order-the-event",),
            ),
            Part(
                "05",
                ("Three words", "Step by step", "Before and after", "A sanitiser on the way", "Close the flow"),
                "`05/fix-the-handler` passes for half of the pairs",
            ),
            Part(
                "07",
                ("Read it in this order", "Keep it so"),
                "each pair has read one report aloud to each other",
            ),
        ),
        pause_after="03",
    ),
    Schedule(
        90,
        (
            Part(
                "00",
                ("One upload", "One request", "What the cloud sees", "What the kit finds"),
                "everyone has answered `00/which-line`",
            ),
            Part(
                "01",
                ("What the code does not say", "The same, hands-on", "Who is at the door?"),
                "`01/find-the-trigger` passes for most",
            ),
            Part(
                "03",
                ("Draw it first", "The graph", "Why not? A first case", "Why not? A second case"),
                "`03/why-not` was discussed",
                without=("03/order-the-reasons",),
            ),
            Part("04", ("Edit by edit",), "the added call was read aloud, on the projector"),
            Part(
                "05",
                ("Three words", "Step by step", "Before and after", "Close the flow"),
                "the first wrong fix was seen to fail",
                without=("05/find-the-sink", "05/fix-the-handler"),
            ),
        ),
    ),
)


#: Notebook 09 is a session of its own, or two.
SITTINGS = (
    Part(
        "09",
        (
            "Five steps in 500 lines",
            "Step 1: read the template",
            "Step 2: read the code",
            "Step 3: link the events",
            "Step 4: rewrite the handlers",
            "Marks",
            "Stage 1: names and assignments",
            "Stage 2: expressions and f-strings",
        ),
        "most have the marks of `store_handler`",
    ),
    Part(
        "09",
        (
            "Stage 3: calls and their summaries",
            "Stage 4: until nothing changes",
            "Stage 5: sanitisers by kind",
            "Your analyser at work",
            "Where it is wrong",
        ),
        "most have found the flow of the choir",
    ),
)


def written() -> dict[Path, str]:
    """Each file in which minutes are said, as it is with those of today. Raises ExerciseError."""
    lessons = {notebook: minutes(notebook) for notebook in sorted(FOLDER.glob("[0-9]*.ipynb"))}
    texts = {file: file.read_text(encoding="utf-8") for file in (*lessons, README, GUIDE)}
    for notebook, taken in lessons.items():
        own = r"(\| \*\*Minutes\*\* \| )\d+( \|)"
        texts[notebook] = re.sub(own, rf"\g<1>{taken}\g<2>", texts[notebook])
        row = rf"(\[[^\]]+\]\({re.escape(notebook.name)}\) \| [^|\n]+ \| )\d+( \|)"
        texts[MAP] = re.sub(row, rf"\g<1>{taken}\g<2>", texts[MAP])
        row = rf"(\[[^\]]+\]\(notebooks/{re.escape(notebook.name)}\) \| )\d+( \|)"
        texts[README] = re.sub(row, rf"\g<1>{taken}\g<2>", texts[README])
    hours = f"about {sum(lessons.values()) / 60:.0f} hours"
    texts[README] = re.sub(r"(?<=Take the notebooks in order: )about [\w ]+ hours", hours, texts[README])
    blocks = {
        "model": _model(),
        "alone": _alone(lessons),
        "sittings": _sittings(),
        **{f"path {one.total}": _path(one) for one in PATHS},
    }
    for name, lines in blocks.items():
        block = rf"(<!-- {name}: [^\n]+ -->\n).*?(<!-- end -->)"
        texts[GUIDE] = re.sub(block, rf"\g<1>\n{chr(10).join(lines)}\n\n\g<2>", texts[GUIDE], flags=re.DOTALL)
    return texts


def spent(part: Part) -> tuple[int, str]:
    """The whole minutes that a part takes, and the cell to stop at: the last that asks. Raises ValueError."""
    (notebook,) = FOLDER.glob(f"{part.number}-*.ipynb")
    chosen = list(_chosen(sections(notebook), part))
    asked = [one for section in chosen for one in section.asked if one.id not in part.without]
    left = [one for section in chosen for one in section.asked if one.id in part.without]
    if len(left) != len(part.without):
        raise ValueError(f"{part.number}: what is left out is not in these sections: {part.without}")
    taken = sum(section.minutes for section in chosen) - sum(ASKED[one.kind] for one in left)
    return round(taken), asked[-1].id


def _chosen(every: tuple[Section, ...], part: Part) -> Iterator[Section]:
    by_title = {section.title: section for section in every}
    for heading in part.headings:
        if heading not in by_title:
            raise ValueError(f"notebook {part.number} has no section {heading!r}")
        yield by_title[heading]


def _path(path: Schedule) -> Iterator[str]:
    """The path by the clock, one row a part."""
    yield "| clock | notebook | sections | stop at | minutes | done when |"
    yield "|---|---|---|---|---:|---|"
    now = _START
    for part in path.parts:
        taken, stop = spent(part)
        what = ", ".join(f"*{heading}*" for heading in part.headings)
        left = f", without {' and '.join(f'`{id}`' for id in part.without)}" if part.without else ""
        yield f"| {_clock(now)} | {part.number} | {what}{left} | `{stop}` | {taken} | {part.done_when} |"
        now += taken
        if part.number == path.pause_after:
            yield f"| {_clock(now)} | – | {_BREAK} | | 15 | |"
            now += 15
    yield f"| {_clock(now)} | – | slack: questions, feedback | | {_START + path.total - now} | |"
    yield f"| {_clock(_START + path.total)} | – | end | | | |"


def _sittings() -> Iterator[str]:
    yield "| sitting | from | stop at | minutes | done when |"
    yield "|---|---|---|---:|---|"
    for number, part in enumerate(SITTINGS, 1):
        taken, stop = spent(part)
        yield f"| {number} | *{part.headings[0]}* | `{stop}` | {taken} | {part.done_when} |"


def _alone(lessons: dict[Path, int]) -> Iterator[str]:
    yield "| notebook | alone | in 180 | in 90 |"
    yield "|---|---:|---:|---:|"
    for notebook, taken in lessons.items():
        number = notebook.name.partition("-")[0]
        taught = [next((str(spent(part)[0]) for part in path.parts if part.number == number), "–") for path in PATHS]
        yield f"| {number} | {taken} | {' | '.join(taught)} |"
    yield f"| all | {sum(lessons.values())} | | |"


def _model() -> Iterator[str]:
    yield "| what | counts |"
    yield "|---|---|"
    yield f"| prose | {WORDS_A_MINUTE} words a minute |"
    yield f"| code to read | {SECONDS_A_LINE} seconds a line |"
    yield f"| a widget with an application, or a function of the kit to read | {WIDGET} minutes |"
    for taken in sorted(set(ASKED.values())):
        kinds = [f"`{kind}`" for kind, one in ASKED.items() if one == taken]
        yield f"| {', '.join(kinds)} | {taken:g} {'minute' if taken <= 1 else 'minutes'} each |"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}"


def main() -> None:
    """Write each file anew."""
    for file, text in written().items():
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
