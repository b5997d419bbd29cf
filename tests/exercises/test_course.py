"""The whole course, as a learner plays it who answers everything wrong once, asks one hint, then answers right."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.exercises import check, exercises, find, progress_file, progress_text, read_progress, sending
from sls_lab.exercises.tasks.edit import EditTask
from sls_lab.taint import live_run, tracing
from sls_lab.taint.run.pysa import PysaPrograms, PysaUnavailable
from sls_lab.widgets.exercises import ExerciseWidget
from tests.exercises.learner import answer_of, blank_of


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def play() -> None:
    course = exercises()
    for exercise in course:
        widget = ExerciseWidget(exercise)
        widget.act("commit", answer=blank_of(exercise))
        assert widget.state["verdict"]["result"] == "blank", exercise.id
        wrong = exercise.task.wrong[0]
        widget.act("commit", answer=answer_of(exercise, wrong.answer))
        assert widget.state["verdict"]["result"] == "wrong", (exercise.id, widget.verdict)
        assert widget.verdict is not None
        assert widget.verdict.explanation.startswith(wrong.explanation)
        widget.act("again")
        widget.act("hint")
        widget.act("commit", answer=answer_of(exercise, exercise.task.solution))
        assert widget.state["verdict"]["result"] == "right", (exercise.id, widget.verdict)
        assert not widget.status.endswith("…")
    progress = read_progress(progress_file())
    for exercise in course:
        done = progress.of(exercise.id)
        assert (done.attempts, done.hints, done.solution_seen, done.passed) == (2, 1, False, True)
    assert f"{len(course)} of {len(course)} exercises passed, 100 %" in progress_text(progress)


@pytest.mark.live
@pytest.mark.usefixtures("analysed")
def test_the_course_can_be_finished() -> None:
    play()


@pytest.mark.posix
def test_the_course_can_be_finished_without_pysa(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_pysa(monkeypatch)
    play()


def test_the_course_can_be_finished_without_pysa_and_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_pysa(monkeypatch)
    monkeypatch.setattr(sending, "available", lambda: False)
    monkeypatch.setattr(sending, "_TRIED", {})
    play()
    exercise = find("05/fix-the-handler")
    verdict = check(exercise, answer_of(exercise, exercise.task.solution))
    assert verdict.mark == "proven"
    assert "What happened was recorded: moto is not installed here." in verdict.explanation
    assert "What the analysis finds was recorded: Pysa does not run here." in verdict.explanation


def hide_pysa(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> PysaPrograms:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(live_run, "find_programs", none)
    monkeypatch.setattr(tracing, "cached", lambda *_: None)


@pytest.mark.posix
def test_an_answer_that_nobody_recorded_is_not_judged_by_its_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    hide_pysa(monkeypatch)
    for exercise in exercises():
        if isinstance(exercise.task, EditTask) and exercise.task.asks_pysa:
            widget = ExerciseWidget(exercise)
            answer = answer_of(exercise, exercise.task.solution)
            own = {file: f"# in my own words\n{text}" for file, text in answer.items()}
            widget.act("commit", answer=own)
            assert widget.verdict is not None
            assert "the flows were not analysed" in widget.verdict.explanation
            if exercise.task.is_fix:  # what happens is seen all the same
                assert (widget.verdict.result, widget.verdict.mark) == ("right", "not-proven")
                assert widget.state["verdict"]["word"] == "✓ Right, not proven"
                continue
            assert widget.state["verdict"]["result"] == "not-analysed", exercise.id
            assert not read_progress(progress_file()).of(exercise.id).passed
            widget.act("solution")
            assert widget.state["solution"]
