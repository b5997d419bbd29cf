"""Choose one of several statements, or all that are right: a prediction, before anything is run."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.prose import segments
from sls_lab.exercises.shuffle import shuffled


@dataclass(frozen=True, slots=True)
class Option:
    """One statement. `explanation` is the misconception of whoever chooses a wrong one, or leaves out a right one."""

    key: str
    text: str
    right: bool
    explanation: str


@dataclass(frozen=True, slots=True)
class ChoiceTask:
    """Statements, one or several of which are right. An answer is the list of the keys that are chosen."""

    options: tuple[Option, ...]

    @property
    def several(self) -> bool:
        """Whether more than one is right."""
        return len(self.solution) > 1

    @property
    def solution(self) -> list[str]:
        """All that are right."""
        return [option.key for option in self.options if option.right]

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Each wrong one, alone or beside the right ones."""
        right = self.solution if self.several else []
        return tuple(Wrong([*right, option.key], option.explanation, {}) for option in self.options if not option.right)

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The same."""
        return answer

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """Whether just the right ones are chosen."""
        if not answer:
            raise Unanswered
        keys = [option.key for option in self.options]
        if not isinstance(answer, list) or not all(key in keys for key in answer):
            raise Unusable(f"an answer is a list of {', '.join(keys)}")
        missed = [option for option in self.options if option.right is not (option.key in answer)]
        # Of several, a wrong one that was chosen says more than a right one that was left out.
        missed.sort(key=lambda option: option.right)
        why = "\n\n".join(option.explanation for option in missed if option.explanation and option.key in answer)
        if missed and not why:
            why = f"There is more than what you chose: {len(self.solution)} are right."
        # The right one is not given away: the learner may try again.
        expected = f"{len(self.solution)} statements" if self.several else ""
        found = self.in_words(answer, setting)
        return AnswerResult(not missed, found, expected if missed else found, explanation=why)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The statements, in an order of the learner's own."""
        mixed = shuffled(self.options, lambda option: option.text, setting.learner)
        shown = [[option.key, segments(option.text)] for option in mixed]
        return {"options": shown, "several": self.several}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """What is chosen."""
        return "; ".join(option.text for option in self.options if option.key in answer)


def read_choice(fields: Fields) -> ChoiceTask:
    """The statements; their keys follow the order of the lesson file, whatever the order on screen."""
    options = []
    for key, part in zip(ascii_lowercase, fields.parts("options"), strict=False):
        right = part.flag("right")
        options.append(Option(key, part.text("text"), right, part.text("explanation", "" if right else None)))
        part.done()
    if len(options) < 2 or not any(option.right for option in options):
        raise mistake(fields.node, "a choice has two or more `options`, one or more of them `right: true`")
    return ChoiceTask(tuple(options))
