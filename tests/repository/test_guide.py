"""The instructor's guide: its timings add up, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


def test_every_lesson_is_told_about() -> None:
    section = GUIDE.split("## Notebook by notebook\n")[1].split("\n## ")[0]
    lessons = sorted(file.name[:2] for file in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    assert re.findall(r"^\| (\d\d) \|", section, re.MULTILINE) == lessons


def test_the_minutes_of_a_notebook_are_those_of_the_paths_and_of_itself() -> None:
    rows = re.findall(r"^\| (\d\d) \| (\d+) / (\d+|–) / (\d+|–) \|", GUIDE, re.MULTILINE)
    assert len(rows) == 8
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
