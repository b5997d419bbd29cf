"""What an exercise is, and the verdict on an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from sls_lab.facts import SlsLabError
from sls_lab.facts.telling import Telling, silent

Stage = Literal["predict", "run", "investigate", "modify", "make"]
TaskKind = Literal[
    "choice", "order", "blank", "line", "extractor", "handler", "attack", "permission", "model", "prediction", "recall"
]
#: These are committed to, and compared by the learner; nobody judges them.
COMMITTED: Final = ("prediction", "recall")
Result = Literal["right", "wrong", "blank", "unusable", "not-analysed", "committed"]
#: Of a fix that passes: whether the analysis finds no flow either, or only no attack arrives.
FixMark = Literal["", "proven", "not-proven"]
#: JSON, of a form that the kind of exercise decides; for an extractor the learner's function.
Answer = Any


class ExerciseError(SlsLabError):
    """An exercise cannot be shown or checked; the message says why, and what to do."""


class Unusable(SlsLabError):
    """An answer that cannot be judged; the message says in one sentence what is wrong with it."""


class Unanswered(SlsLabError):
    """Nothing was answered yet."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where an exercise takes place: the folder `code-examples`, the application's in it, and for whom.

    `learner` decides the order in which answers are offered.
    """

    examples: Path
    folder: Path
    progress: Telling = silent
    learner: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A typical wrong answer, and the misconception that leads to it. `signs` are further ways to recognise it."""

    answer: Answer
    explanation: str
    signs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """The judgement of an answer: what was found in it, and what was expected. `wrong` is the typical one that it is.

    `unseen` says in one sentence why a part of it could not be judged; then nothing is said about that part. `mark`
    says of a fix that passes whether the analysis agrees with what happened, and `remark` what that means.
    """

    passed: bool
    found: str
    expected: str
    wrong: Wrong | None = None
    unseen: str = ""
    explanation: str = ""
    mark: FixMark = ""
    remark: str = ""


class Task(Protocol):
    """What one kind of exercise asks for."""

    @property
    def solution(self) -> Answer:
        """An answer that passes, as declared."""

    @property
    def wrong(self) -> Sequence[Wrong]:
        """The typical wrong answers."""

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """A declared answer as a learner would give it. Raises ExerciseError."""

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """What comes of an answer.

        Raises Unanswered without an answer, Unusable for an answer in another form, and ExerciseError.
        """

    def view(self, setting: Setting) -> dict[str, Any]:
        """What there is to answer with, as JSON. Raises ExerciseError."""

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """A learner's answer as text. Raises ExerciseError."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise. `app` is the folder it is about, relative to `code-examples`; `line` is where it is declared.

    `stars` say how hard it is, from 1 to 3; what nobody judges has none.
    """

    id: str
    kind: TaskKind
    stage: Stage
    title: str
    prompt: str
    app: str
    hints: tuple[str, ...]
    explanation: str
    task: Task
    file: str
    line: int
    stars: int = 0

    @property
    def lesson(self) -> str:
        """The lesson's number, as text."""
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Lesson:
    """The exercises of one notebook, in order, its predictions, and what later notebooks recall of it."""

    number: str
    title: str
    exercises: tuple[Exercise, ...]
    predictions: tuple[Exercise, ...] = ()
    recall: tuple[Exercise, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a learner is told. `explanation` is the reason for a right answer, or the misconception of a wrong one.

    `expected` is empty where it would say no more than that the answer is another one.
    `result` is `not-analysed` where all that could be judged was right, and the rest was not seen, and `committed` for
    a prediction, which is compared with what is `expected` and not judged.
    """

    result: Result
    found: str
    expected: str
    explanation: str
    mark: FixMark = ""

    @property
    def passed(self) -> bool:
        """Whether the answer is right."""
        return self.result == "right"

    @property
    def is_answer(self) -> bool:
        """Whether an answer was given at all: a slip of the keyboard does not count."""
        return self.result not in ("blank", "unusable")
