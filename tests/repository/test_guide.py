"""The instructor's guide: its timings add up, and what it names exists."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from deck.source import slides

from sls_lab.exercises import exercises, lessons, questions

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "instructors-guide.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+?) \| (\d+) \|$", re.MULTILINE)


@pytest.mark.parametrize("total", [180, 90])
def test_a_path_adds_up_and_leaves_a_fifth_of_slack(total: int) -> None:
    section = GUIDE.split(f"### {total} minutes\n")[1].split("\n### ")[0]
    minutes = {part: int(number) for part, number in ROW.findall(section)}
    slack = minutes.pop("slack")
    assert sum(minutes.values()) + slack == total
    assert slack >= 0.2 * sum(minutes.values())
    for part in minutes:
        assert list((ROOT / "notebooks").glob(f"{part[:2]}-*.ipynb")), f"there is no notebook for {part}"


@pytest.mark.parametrize("total", [180, 90])
def test_the_clock_of_a_path_gives_each_part_its_minutes(total: int) -> None:
    section = GUIDE.split(f"### {total} minutes\n")[1].split("\n### ")[0]
    rows = re.findall(r"^\| (\d\d):(\d\d) \| (.+?) \|", section, re.MULTILINE)
    starts = [(60 * int(hours) + int(minutes), what) for hours, minutes, what in rows]
    assert starts[-1] == (starts[0][0] + total, "end")
    spent = {part[:2]: int(number) for part, number in ROW.findall(section) if part != "slack"}
    shown: dict[str, int] = {}
    for (start, what), (end, _) in pairwise(starts):
        if named := re.search(r"(?:^|then )(0\d)\b", what):
            shown[named[1]] = end - start
    assert shown == spent


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


def test_the_minutes_of_a_notebook_are_those_of_the_paths_and_of_itself() -> None:
    rows = re.findall(r"^\| (\d\d[a-z]?) \| (\d+) / (\d+|–) / (\d+|–) \|", GUIDE, re.MULTILINE)
    assert len(rows) == len(lessons())
    for number, alone, *taught in rows:
        (notebook,) = (ROOT / "notebooks").glob(f"{number}-*.ipynb")
        assert f"| **Minutes** | {alone} |" in notebook.read_text(encoding="utf-8")
        for total, minutes in zip((180, 90), taught, strict=True):
            path = {
                part[:2]: spent
                for part, spent in ROW.findall(GUIDE.split(f"### {total} minutes\n")[1].split("\n### ")[0])
            }
            assert path.get(number, "–") == minutes


def test_the_files_it_names_exist() -> None:
    for name in re.findall(r"`((?:slides|notebooks|code-examples)/[\w./-]+)`", GUIDE):
        assert (ROOT / name).exists(), name
