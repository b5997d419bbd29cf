"""Whose function the next stage uses, and when the other one is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mini import taint
from sls_lab.exercises import find, note_down, progress_file
from sls_lab.widgets import check_exercise, own_or, stages
from sls_lab.widgets.exercise_text import task_text
from sls_lab.widgets.exercises import ExerciseWidget

ID = "09/assignments"


@pytest.fixture(autouse=True)
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is displayed; the learner's progress is their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    found: list[Any] = []
    monkeypatch.setattr(stages, "display", found.append)
    return found


def starter(statement: Any, marks: Any, taint: Any) -> Any:
    return taint


def wrong(statement: Any, marks: Any, taint: Any) -> Any:
    return {}


def right(statement: Any, marks: Any, before: Any) -> Any:
    return taint.assign(statement, marks, before)


def test_a_right_function_is_used_and_may_be_compared(shown: list[Any]) -> None:
    assert own_or(ID, right, taint.assign) is right
    (one,) = shown
    assert "your own assign" in repr(one)
    assert "def assign" in one._repr_html_()


def test_what_is_to_be_written_is_not_shown_to_whoever_has_not_tried(shown: list[Any]) -> None:
    assert own_or(ID, starter, taint.assign) is taint.assign
    (one,) = shown
    assert "not written assign yet" in repr(one)
    assert "def assign" not in one._repr_html_()


def test_it_is_shown_to_whoever_has_tried(shown: list[Any]) -> None:
    assert own_or(ID, wrong, taint.assign) is taint.assign
    note_down(progress_file(), ID, attempts=1)
    assert own_or(ID, starter, taint.assign) is taint.assign
    assert ["not right yet" in repr(one) for one in shown] == [True, True]
    assert all("def assign" in one._repr_html_() for one in shown)


def test_a_progress_file_that_cannot_be_read_is_no_obstacle(tmp_path: Path, shown: list[Any]) -> None:
    (tmp_path / "sls-lab").write_text("in the way")
    assert own_or(ID, starter, taint.assign) is taint.assign
    assert len(shown) == 1


def test_the_exercise_says_on_how_many_samples_it_is_tried() -> None:
    widget = ExerciseWidget(find(ID))
    assert widget.view["task"]["hidden"] == 7
    assert widget.view["task"]["driver"] == "assignments"
    assert "on sample 1 and 7 more" in task_text("extractor", widget.view["task"])
    assert "No answer yet" in repr(check_exercise(ID, starter))
