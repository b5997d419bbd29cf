"""What a class's standings come to: how far everyone is, and where most are stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sls_lab.exercises import Exercise, Lesson
from sls_lab.room.standing import Standing


@dataclass(frozen=True, slots=True)
class Hurdle:
    """An exercise with who has passed it, who tried and has not, and how often those tried."""

    exercise: Exercise
    passed: int
    stuck: int
    attempts: int


def hurdles(lessons: Sequence[Lesson], standings: Sequence[Standing]) -> list[Hurdle]:
    """The exercises that someone is stuck at: where most are first, then where most was tried."""
    found = []
    for exercise in (exercise for lesson in lessons for exercise in lesson.exercises):
        tried = [one.tried[exercise.id] for one in standings if exercise.id in one.tried]
        stuck = [one for one in tried if one.attempts and not one.passed]
        if stuck:
            passed = sum(one.passed for one in tried)
            found.append(Hurdle(exercise, passed, len(stuck), sum(one.attempts for one in stuck)))
    return sorted(found, key=lambda one: (-one.stuck, -one.attempts))


def passed_in(lesson: Lesson, standing: Standing) -> int:
    """How many exercises of a lesson a learner has passed."""
    return sum(standing.tried[one.id].passed for one in lesson.exercises if one.id in standing.tried)


def places(lessons: Sequence[Lesson], standings: Sequence[Standing]) -> Counter[str]:
    """How many learners worked on each lesson last."""
    numbers = {lesson.number for lesson in lessons}
    latest = (one.latest.partition("/")[0] for one in standings)
    return Counter(number for number in latest if number in numbers)
