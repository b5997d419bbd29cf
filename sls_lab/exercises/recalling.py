"""Which questions on earlier notebooks a learner is asked: at the start of a notebook, and by `sls-lab quiz`."""

from __future__ import annotations

from typing import Final

from sls_lab.exercises.loading import lessons
from sls_lab.exercises.model import Exercise, ExerciseError
from sls_lab.exercises.progress import Progress
from sls_lab.exercises.shuffle import shuffled

#: How many are asked at the start of a notebook.
RECALLED: Final = 3


def recalled(number: str, learner: str) -> tuple[Exercise, ...]:
    """The questions to ask at the start of a lesson: for one learner always the same, and each in one lesson alone.

    The first one comes from the lesson before, where there is one that was not asked yet. Raises ExerciseError for a
    lesson that does not exist or has none before it.
    """
    numbers = [lesson.number for lesson in lessons()]
    if number not in numbers[1:]:
        raise ExerciseError(f"there is no lesson {number!r} with one before it; these have: {', '.join(numbers[1:])}")
    asked: list[Exercise] = []
    drawn: list[Exercise] = []
    for place in range(1, numbers.index(number) + 1):
        drawn = _draw(numbers[:place], asked, learner)
        asked += drawn
    return tuple(drawn)


def quiz(progress: Progress, learner: str, count: int) -> tuple[Exercise, ...]:
    """`count` questions on the lessons that a learner has worked on, those that were asked least first.

    Who has not worked on any is asked about the whole course.
    """
    worked_on = {id.partition("/")[0] for id, done in progress.done.items() if done.passed or done.attempts}
    every = [one for lesson in lessons() for one in lesson.recall]
    known = [one for one in every if one.lesson in worked_on] or every
    mixed = shuffled(known, lambda one: one.id, learner)
    return tuple(sorted(mixed, key=lambda one: progress.of(one.id).attempts)[:count])


def _draw(before: list[str], asked: list[Exercise], learner: str) -> list[Exercise]:
    pool = [one for lesson in lessons() if lesson.number in before for one in lesson.recall]
    mixed = shuffled([one for one in pool if one not in asked], lambda one: one.id, learner)
    latest = [one for one in mixed if one.lesson == before[-1]][:1]
    drawn = [*latest, *(one for one in mixed if one not in latest)][:RECALLED]
    # Early in the course there are too few for never asking one again.
    return [*drawn, *shuffled([one for one in pool if one not in drawn], lambda one: one.id, learner)][:RECALLED]
