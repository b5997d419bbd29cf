"""Predictions, which hold back the output of a cell, and questions on earlier notebooks."""

from __future__ import annotations

from typing import Any

from IPython.display import display

from sls_lab.exercises import Exercise, find, recalled
from sls_lab.exercises.checking import learner_key
from sls_lab.widgets.exercises import ExerciseWidget
from sls_lab.widgets.held import HeldOutput, HeldPart


class HoldingWidget(ExerciseWidget):
    """An exercise or question that holds back the rest of its cell's output until it is answered."""

    def __init__(self, exercise: Exercise) -> None:
        self.held = HeldOutput()
        super().__init__(exercise)

    def hold(self, *parts: HeldPart) -> None:
        """Make the output, and show it only where the learner has answered before."""
        for part in parts:
            self.held.take(part)
        self.held.reserve()
        if self.answered:
            self.held.open()
        self.show_state()

    def make_state(self) -> dict[str, Any]:
        """That of the exercise, and whether something is still held back."""
        return {**super().make_state(), "held": bool(self.held.bundles) and not self.answered}

    @property
    def answered(self) -> bool:
        """Whether there is an answer, now or from an earlier time, so that nothing is left to predict."""
        return self.done.attempts > 0 or bool(self.done.said) or (self.verdict is not None and self.verdict.is_answer)

    def commit(self, answer: Any) -> None:
        """Check the answer, and show what was held back."""
        super().commit(answer)
        if self.answered:
            self.held.open()


def predict(id: str, *parts: HeldPart) -> None:
    """Ask the prediction or exercise `id` of a lesson, and hold back `parts` until it is answered.

    A part is a value, shown as the last line of a cell would show it, or a function: it is called at once, and what it
    prints, shows and returns is the output. The cell does not wait for the learner. A prediction that was committed to
    stays open when its cell runs again. Raises ExerciseError for an unknown `id`.
    """
    widget = HoldingWidget(find(id))
    display(widget)
    widget.hold(*parts)


def recall(number: str) -> None:
    """Ask three questions on the notebooks before the one with this `number` (`"03"`), each learner their own three.

    Raises ExerciseError for a number that no lesson has.
    """
    for question in recalled(number, learner_key()):
        display(ExerciseWidget(question, number))
