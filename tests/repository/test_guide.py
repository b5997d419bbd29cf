"""The instructor's guide: its timings add up, and what it names exists."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from deck.source import slides

from sls_lab.exercises import exercises, lessons, questions
from tools.write_minutes import PATHS, Schedule, spent, written

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "instructors-guide.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", written(), ids=lambda file: file.name)
def test_the_minutes_are_those_of_the_model(file: Path) -> None:
    assert written()[file] == file.read_text(encoding="utf-8"), "run python -m tools.write_minutes"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.total))
def test_a_path_leaves_a_fifth_of_slack(path: Schedule) -> None:
    taken = sum(spent(part)[0] for part in path.parts)
    assert 0.2 * taken <= path.total - taken


@pytest.mark.parametrize("total", [180, 90])
def test_the_clock_of_a_path_goes_on_by_the_minutes_of_each_part(total: int) -> None:
    section = GUIDE.split(f"### {total} minutes\n")[1].split("\n### ")[0]
    rows = [line.split("|")[1:] for line in section.splitlines() if re.match(r"\| \d\d:\d\d \|", line)]
    starts = [60 * int(row[0][:3]) + int(row[0][4:]) for row in rows]
    assert starts[-1] - starts[0] == total
    for (start, end), row in zip(pairwise(starts), rows, strict=False):
        assert end - start == int(row[4])


def test_every_stop_is_in_its_notebook() -> None:
    rows = re.findall(r"^\| (\d\d[a-z]?), (`[^`]+`|\*[^*]+\*) \|", GUIDE, re.MULTILINE)
    assert len(rows) >= 16
    for number, place in rows:
        (notebook,) = (ROOT / "notebooks").glob(f"{number}-*.ipynb")
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells)
        wanted = (
            rf'(?:exercise|predict)\("{place[1:-1]}"' if place.startswith("`") else rf"\n## {re.escape(place[1:-1])}"
        )
        assert re.search(wanted, f"\n{text}"), f"{number}: {place}"


def test_every_exercise_that_it_names_exists() -> None:
    known = {exercise.id for exercise in (*exercises(), *questions())}
    assert set(re.findall(r"`(\d\d[a-z]?/[a-z-]+)`", GUIDE)) <= known


def test_the_talk_is_as_long_as_it_says() -> None:
    (pages,) = re.findall(r"`slides/talk.md`: (\d+) pages", GUIDE)
    assert int(pages) == len(slides((ROOT / "slides" / "talk.md").read_text(encoding="utf-8")))


def test_every_lesson_is_told_about() -> None:
    section = GUIDE.split("## Notebook by notebook\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| (\d\d[a-z]?) \|", section, re.MULTILINE) == [lesson.number for lesson in lessons()]


def test_the_files_it_names_exist() -> None:
    for name in re.findall(r"`((?:slides|notebooks|code-examples)/[\w./-]+)`", GUIDE):
        assert (ROOT / name).exists(), name
