"""Exercises and progress without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.exercises import ExerciseError, progress_file, read_progress
from sls_lab.widgets import check_exercise, exercise, progress_bar


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_an_answer_stays_until_the_learner_tries_again() -> None:
    widget = exercise("01/how-many-public")
    assert widget.state["verdict"] is None
    widget.act("commit", answer=["b"])
    assert widget.state["answer"] == ["b"]
    assert widget.state["verdict"]["word"] == "✗ Not yet"
    widget.act("again")
    assert widget.state["verdict"] is None
    widget.act("commit", answer=["a"])
    assert widget.state["verdict"]["word"] == "✓ Right"
    done = read_progress(progress_file()).of("01/how-many-public")
    assert (done.attempts, done.hints, done.solution_seen, done.passed) == (2, 0, False, True)


def test_nothing_answered_is_no_attempt() -> None:
    widget = exercise("01/how-many-public")
    widget.act("commit", answer=[])
    assert widget.state["verdict"]["result"] == "blank"
    assert read_progress(progress_file()).of("01/how-many-public").attempts == 0


def test_hints_come_one_at_a_time_and_are_counted() -> None:
    widget = exercise("01/how-many-public")
    for count in (1, 2, 2):
        widget.act("hint")
        assert len(widget.state["hints"]) == count
    assert read_progress(progress_file()).of("01/how-many-public").hints == 2


@pytest.mark.posix
def test_the_solution_can_be_seen_and_handed_in() -> None:
    widget = exercise("01/tighten-the-permission")
    widget.act("solution")
    lines = widget.state["solution"]["changes"]
    assert [(look, line) for look, line, _ in lines[:2]] == [
        ("header", "--- a/serverless.yml"),
        ("header", "+++ b/serverless.yml"),
    ]
    # It has the colours of code, as the file has them.
    assert all(colours["runs"] for look, line, colours in lines if look == "added" and ":" in line)
    widget.act("commit", answer=widget.state["solution_answer"])
    assert widget.state["verdict"]["result"] == "right"
    assert read_progress(progress_file()).of("01/tighten-the-permission").solution_seen


def test_the_bar_grows_when_an_exercise_is_passed() -> None:
    bar = progress_bar()
    lesson = next(row for row in bar.view["rows"] if row["number"] == "01")
    assert lesson["passed"] == 0
    check_exercise("01/how-many-public", ["a"])
    lesson = next(row for row in bar.view["rows"] if row["number"] == "01")
    assert lesson["passed"] == 1
    assert "1 of 5" in bar.as_text()
    assert "1 of 5" in bar.as_html()


def test_a_check_in_a_cell_is_shown_in_the_widget_as_well() -> None:
    widget = exercise("01/how-many-public")
    told = check_exercise("01/how-many-public", ["c"])
    assert widget.state["verdict"]["result"] == "wrong"
    assert repr(told).startswith("✗ Not yet\n")
    assert "<strong>wakes</strong>" in told._repr_html_()


def test_a_wrong_choice_is_explained_and_nothing_else_is_said_of_it() -> None:
    told = check_exercise("01/how-many-public", ["c"])
    for text in (repr(told), told._repr_html_()):
        assert "expected" not in text.rpartition("</style>")[2]
    assert "expected" in repr(check_exercise("01/resolve-the-variable", {"stage": "x", "prefix": "y", "bucket": "z"}))


def test_saved_pages_show_the_question_and_the_choices() -> None:
    widget = exercise("01/how-many-public")
    data, _ = widget._repr_mimebundle_()
    for text in (data["text/html"], data["text/plain"]):
        assert "How many doors are open?" in text
        assert "All four, since what an outsider sends goes through all of them" in text


def test_an_unknown_exercise_is_told_with_those_of_the_lesson() -> None:
    with pytest.raises(ExerciseError, match="this lesson has 01/how-many-public"):
        exercise("01/none")


def test_an_exercise_works_where_progress_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLS_LAB_LEARNER", "../somebody")
    widget = exercise("01/how-many-public")
    assert "cannot be a learner's name" in widget.status
    assert "cannot be a learner's name" in progress_bar().view["note"]
    widget.act("commit", answer=["a"])
    assert widget.state["verdict"]["result"] == "right"
    assert "cannot be a learner's name" in widget.status


def test_a_broken_file_is_told_once(tmp_path: Path) -> None:
    progress_file().parent.mkdir(parents=True)
    progress_file().write_text("{")
    widget = exercise("01/how-many-public")
    assert "starts again" in widget.status
    widget.act("commit", answer=["a"])
    assert widget.status == ""
    assert widget.state["passed"]
