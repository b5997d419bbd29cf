"""Every exercise of every lesson: blank fails politely, the solution passes, each wrong answer has its own reason."""

from __future__ import annotations

import json
import re

import pytest

from sls_lab.exercises import Exercise, check, exercises, lessons, setting_of
from sls_lab.exercises.tasks.edit import EditTask
from sls_lab.exercises.tasks.extractor import ExtractorTask
from tests.exercises.learner import answer_of, blank_of
from tools.record_trials import RECORDED, tried

ALL = exercises()
NAMES = [exercise.id for exercise in ALL]
FORBIDDEN = re.compile(r"\b(?:simply|just|obviously|of course|easy|easily)\b", re.IGNORECASE)


def marked(exercise: Exercise) -> object:
    marks = []
    if isinstance(exercise.task, EditTask):
        marks += [pytest.mark.live] if exercise.task.asks_pysa else []
        marks += [pytest.mark.posix] if exercise.task.trial else []
    return pytest.param(exercise, id=exercise.id, marks=marks)


@pytest.fixture(autouse=True)
def once(request: pytest.FixtureRequest) -> None:
    """Whatever Pysa has to analyse is analysed in one go."""
    if request.node.get_closest_marker("live"):
        request.getfixturevalue("analysed")


JUDGED = [marked(exercise) for exercise in ALL]


def test_ids_are_unique_and_lessons_have_exercises() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(lesson.exercises for lesson in lessons())


@pytest.mark.parametrize("exercise", ALL, ids=NAMES)
def test_no_answer_is_told_politely_and_is_not_wrong(exercise: Exercise) -> None:
    verdict = check(exercise, blank_of(exercise))
    assert verdict.result == "blank"
    assert "no answer yet" in verdict.explanation


@pytest.mark.parametrize("exercise", JUDGED)
def test_the_solution_passes(exercise: Exercise) -> None:
    verdict = check(exercise, answer_of(exercise, exercise.task.solution))
    assert verdict.passed, verdict
    assert verdict.explanation.endswith(exercise.explanation)
    fix = isinstance(exercise.task, EditTask) and exercise.task.is_fix
    assert verdict.mark == ("proven" if fix else "")


@pytest.mark.parametrize("exercise", JUDGED)
def test_every_wrong_answer_has_an_explanation_of_its_own(exercise: Exercise) -> None:
    told = []
    for wrong in exercise.task.wrong:
        verdict = check(exercise, answer_of(exercise, wrong.answer))
        assert verdict.result == "wrong", (wrong.answer, verdict)
        assert verdict.explanation == wrong.explanation
        assert verdict.found
        told.append(verdict.explanation)
    assert len(told) >= 2
    assert len(set(told)) == len(told)
    assert exercise.explanation not in told


@pytest.mark.parametrize("exercise", ALL, ids=NAMES)
def test_hints_help_without_giving_the_answer_away(exercise: Exercise) -> None:
    assert 1 <= len(exercise.hints) <= 3
    assert len(set(exercise.hints)) == len(exercise.hints)


@pytest.mark.parametrize("exercise", ALL, ids=NAMES)
def test_what_it_names_is_there(exercise: Exercise) -> None:
    setting = setting_of(exercise)
    assert exercise.task.view(setting)
    for declared in (exercise.task.solution, *(wrong.answer for wrong in exercise.task.wrong)):
        answer = exercise.task.resolve(declared, setting)
        assert isinstance(exercise.task, ExtractorTask) or exercise.task.in_words(answer, setting)


@pytest.mark.parametrize("exercise", ALL, ids=NAMES)
def test_it_speaks_plainly(exercise: Exercise) -> None:
    said = [exercise.title, exercise.prompt, exercise.explanation, *exercise.hints]
    said += [wrong.explanation for wrong in exercise.task.wrong]
    for text in said:
        assert not FORBIDDEN.search(text), text


@pytest.mark.posix
def test_what_happens_with_the_listed_answers_is_recorded() -> None:
    assert json.loads(RECORDED.read_text(encoding="utf-8")) == tried(), "run python -m tools.record_trials"
