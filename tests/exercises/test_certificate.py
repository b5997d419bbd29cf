"""The page of what was done: it says what the learner's file says, and nothing of a name is markup."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sls_lab.cli import main
from sls_lab.exercises import Done, Progress, certificate, lessons, note_down, progress_file
from sls_lab.exercises.progress import Spent

DAY = date(2024, 11, 16)
FIRST = lessons()[0].exercises[0]
HARDEST = next(one for lesson in lessons() for one in lesson.exercises if one.stars == 3)


def test_it_lists_what_was_passed_and_the_minutes() -> None:
    done = {
        FIRST.id: Done(attempts=3, passed=True),
        HARDEST.id: Done(passed=True),
        "01/how-many-public": Done(attempts=2),
    }
    page = certificate(lessons(), Progress(done, spent={FIRST.lesson: Spent(780.0)}), "Ada", DAY)
    everything = sum(len(lesson.exercises) for lesson in lessons())
    assert f"has passed 2 of {everything} exercises" in page
    assert f">{FIRST.lesson} {lessons()[0].title}</th>" in page
    assert "13 min" in page
    assert "2024-11-16" in page
    assert f"★★★ {HARDEST.title}" in page.replace("&quot;", '"')
    assert "01 Reading a template" not in page


def test_without_a_passed_exercise_it_lists_none() -> None:
    page = certificate(lessons(), Progress(), "Ada", DAY)
    assert "has passed 0 of" in page
    assert "<table>" not in page


def test_a_name_is_text() -> None:
    assert "<script>" not in certificate(lessons(), Progress(), "<script>\u202e", DAY)


def test_the_command_writes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    note_down(progress_file(), FIRST.id, passed=True)
    file = tmp_path / "certificate.html"
    assert main(["progress", "--certificate", str(file), "--name", "Ada"]) == 0
    assert '<p class="name">Ada</p>' in file.read_text(encoding="utf-8")
    assert main(["progress", "--certificate", str(tmp_path / "no" / "x.html")]) == 2
