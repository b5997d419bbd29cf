"""The stages of *write your own analyser*, and the five put together; `test_many_answers` judges their answers."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mini
from mini.taint import Analyser
from sls_lab.exercises import check, exercises, find
from sls_lab.exercises.driving import DRIVERS
from sls_lab.exercises.tasks.extractor import ExtractorTask
from tests.exercises.learner import answer_of

EXAMPLES = Path(__file__).resolve().parents[2] / "code-examples"
FOLDER = Path(__file__).parent / "fixtures" / "answers"
STAGES = {
    "assignments": "assign",
    "expressions": "marks_of",
    "calls": "through_call",
    "rounds": "fixpoint",
    "kinds": "models_for",
}
ANSWERS: dict[str, dict[str, Callable[..., Any]]] = {
    stage: {
        name: value
        for name, value in runpy.run_path(str(FOLDER / f"09-{stage}.py")).items()
        if name.startswith(("right_", "wrong_"))
    }
    for stage in STAGES
}


def task_of(stage: str) -> ExtractorTask:
    task = find(f"09/{stage}").task
    assert isinstance(task, ExtractorTask)
    return task


def test_the_stages_are_those_of_the_lesson() -> None:
    assert [one.id for one in exercises() if one.lesson == "09" and one.kind == "extractor"] == [
        f"09/{stage}" for stage in STAGES
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_the_small_package_passes_its_own_exercises(stage: str) -> None:
    assert task_of(stage).function == STAGES[stage]
    assert check(find(f"09/{stage}"), getattr(Analyser(), STAGES[stage])).passed


@pytest.mark.parametrize("stage", STAGES)
def test_what_there_is_to_begin_with_is_no_answer(stage: str) -> None:
    exercise = find(f"09/{stage}")
    verdict = check(exercise, answer_of(exercise, task_of(stage).starter))
    assert verdict.result == "blank"
    assert check(exercise, task_of(stage).solution).result == "unusable"


def test_a_hidden_sample_is_shown_to_whoever_fails_on_it() -> None:
    task = task_of("assignments")
    shown = task.view(None)["samples"]  # type: ignore[arg-type]
    assert len(shown) == 1
    verdict = check(find("09/assignments"), ANSWERS["assignments"]["wrong_never_cleans"])
    assert 'title = "fixed"' in verdict.found
    assert all('title = "fixed"' not in one["text"] for one in shown)


def test_an_error_is_told_with_the_line_of_the_learners_cell() -> None:
    def assign(statement: Any, marks: Any, taint: Any) -> Any:
        return taint.nothing

    line = assign.__code__.co_firstlineno + 1
    assert f"in line {line} of your function's cell" in check(find("09/assignments"), assign).found
    assert "TypeError" in check(find("09/assignments"), lambda: None).found


@pytest.mark.parametrize("number", range(10))
def test_five_right_answers_make_an_analyser(number: int) -> None:
    right = {
        STAGES[stage]: [value for name, value in answers.items() if name.startswith("right_")][number]
        for stage, answers in ANSWERS.items()
    }
    mine = Analyser(**right)
    for name, flows in (("upload-chain", {"os.system in convert_handler, line 16"}), ("safe-wrong-table", set())):
        found = mini.analyse(EXAMPLES / "apps" / name)
        assert {flow.sink for flow in mine.trace(found.program, found.sources)} == flows


@pytest.mark.parametrize("stage", STAGES)
def test_a_function_that_gives_something_else_is_refused_in_a_sentence(stage: str) -> None:
    for given in (3, None, "x", [3], {3}, ({3}, {4}), {"x": 3}):
        verdict = check(find(f"09/{stage}"), lambda *_, given=given: given)
        assert verdict.result == "wrong"
        assert "\n" not in verdict.explanation.strip() or verdict.explanation in {
            wrong.explanation for wrong in task_of(stage).wrong
        }


def test_every_driver_is_of_some_stage() -> None:
    assert {task_of(stage).driver for stage in STAGES} == set(DRIVERS)
