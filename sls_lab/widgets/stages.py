"""A function that a learner writes for an analyser, and the one that takes its place until theirs is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.display import display

from sls_lab.exercises import Done, UnusableProgress, check, find, progress_file, read_progress
from sls_lab.widgets import fallback
from sls_lab.widgets.kit import KitSource


class UsedFunction:
    """Whose function is used from here on, and the other one's source for whoever has committed to an answer."""

    def __init__(self, sentence: str, source: KitSource | None) -> None:
        self.sentence = sentence
        self.source = source

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        shown = self.source._repr_html_() if self.source else ""
        return fallback.page("Which function is used", fallback.paragraph(self.sentence)) + shown


def own_or(id: str, own: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    """The learner's function if the exercise `id` finds it right, else `other`; a sentence says which.

    The source of `other` is shown, folded, once the learner has committed to an answer. Raises ExerciseError.
    """
    name = other.__name__
    verdict = check(find(id), own)
    try:
        done = read_progress(progress_file()).of(id)
    except UnusableProgress:  # the exercise's widget says so
        done = Done()
    source = KitSource(other, folded=f"How the small package writes {name}")
    if verdict.passed:
        display(UsedFunction(f"From here on your own {name} is used.", source))
        return own
    if done.attempts or done.solution_seen or verdict.is_answer:
        display(UsedFunction(f"Your {name} is not right yet. Until it is, that of the small package is used.", source))
    else:
        display(UsedFunction(f"You have not written {name} yet. Until then, that of the small package is used.", None))
    return other
