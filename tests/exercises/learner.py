"""A learner, as tests need one: answers that are declared as text become what a learner would hand over."""

from __future__ import annotations

from typing import Any

from sls_lab.exercises import Exercise, setting_of
from sls_lab.exercises.tasks.extractor import ExtractorTask


def answer_of(exercise: Exercise, declared: Any) -> Any:
    """A declared answer, as the exercise's check takes it: an extractor's text is run, which is the kit's own code."""
    answer = exercise.task.resolve(declared, setting_of(exercise))
    if not isinstance(exercise.task, ExtractorTask):
        return answer
    namespace: dict[str, Any] = {}
    exec(compile(answer, f"<{exercise.id}>", "exec"), namespace)
    return namespace[exercise.task.function]


def blank_of(exercise: Exercise) -> Any:
    """What is handed over by who has done nothing yet."""
    if isinstance(exercise.task, ExtractorTask):
        return answer_of(exercise, exercise.task.starter) if exercise.task.starter else lambda text: None
    return {"order": [], "choice": [], "line": []}.get(exercise.kind, {})
