"""Commit to an answer, then compare it with what is so: a prediction, or a question on an earlier notebook."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from sls_lab.exercises.fields import Fields, mistake, scalar
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.prose import segments
from sls_lab.exercises.shuffle import shuffled

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class CommitmentTask:
    """One of `options` to choose, or, without any, a few words to write: `asks` says what kind of words.

    An answer is a list of one option's key, or a string. Any answer will do.
    """

    options: tuple[str, ...]
    asks: str
    answer: str

    @property
    def solution(self) -> Answer:
        """What is so."""
        return self.saying(self.answer)

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        """Nothing: nobody judges."""
        return ()

    def saying(self, words: str) -> Answer:
        """The answer that says `words`."""
        if not self.options:
            return words
        return [key for key, option in self._keyed() if option == words]

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The same."""
        return answer

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """What was said, beside what is so."""
        if not answer or (isinstance(answer, str) and not answer.strip()):
            raise Unanswered
        if self.options:
            keys = [key for key, _ in self._keyed()]
            if not (isinstance(answer, list) and len(answer) == 1 and answer[0] in keys):
                raise Unusable(f"an answer is one of {', '.join(keys)}")
        elif not isinstance(answer, str):
            raise Unusable("an answer is a few words")
        return AnswerResult(True, self.in_words(answer, setting), self.answer)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The options, in an order of the learner's own, or what to write."""
        mixed = shuffled(self._keyed(), lambda option: option[1], setting.learner)
        return {"options": [[key, segments(text)] for key, text in mixed], "several": False, "asks": self.asks}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """What was said."""
        if not self.options:
            return " ".join(str(answer).split())[:_LONGEST]
        return "; ".join(text for key, text in self._keyed() if key in answer)

    def _keyed(self) -> list[tuple[str, str]]:
        return list(zip(ascii_lowercase, self.options, strict=False))


def read_commitment(fields: Fields) -> CommitmentTask:
    """A question of a lesson file."""
    options = fields.texts("options")
    asks = "" if options else fields.text("asks")
    answer = scalar(fields.node_of("answer"), "`answer`")
    if options and answer not in options:
        raise mistake(fields.node_of("answer"), f"the answer {answer!r} is not one of the `options`")
    if len(options) == 1 or len(set(options)) < len(options):
        raise mistake(fields.node_of("options"), "a question has two or more different `options`")
    return CommitmentTask(options, asks, answer)
