"""From an answer to a verdict."""

from __future__ import annotations

from sls_lab.exercises.loading import examples_folder
from sls_lab.exercises.model import (
    COMMITTED,
    Answer,
    AnswerResult,
    Exercise,
    ExerciseError,
    Feedback,
    Setting,
    Unanswered,
    Unusable,
)
from sls_lab.exercises.progress import UnusableProgress, progress_file
from sls_lab.facts.telling import Telling, silent
from sls_lab.scratch import UnusableChange

_BLANK = "There is no answer yet: answer first, then check. A hint may help."
_LOOK = "That is not it yet. Compare what was found with what is expected; a hint may help."
_NOT_ANALYSED = (
    "What could be judged of your answer is as expected, but not all could: {}. "
    "Show the solution, of which everything is recorded, and compare it with yours."
)


def setting_of(exercise: Exercise, progress: Telling = silent) -> Setting:
    """Where an exercise takes place. Raises ExerciseError where its folder is not there."""
    examples = examples_folder()
    folder = examples / exercise.app
    if not folder.is_dir():
        raise ExerciseError(f"{exercise.file}:{exercise.line}: there is no folder code-examples/{exercise.app}")
    return Setting(examples, folder, progress, learner_key())


def solution_of(exercise: Exercise) -> Answer:
    """The solution as an answer. Raises ExerciseError."""
    return exercise.task.resolve(exercise.task.solution, setting_of(exercise))


def check(exercise: Exercise, answer: Answer, progress: Telling = silent) -> Feedback:
    """The verdict on an answer. `progress` is told what runs. Raises ExerciseError where the exercise is broken."""
    setting = setting_of(exercise, progress)
    try:
        judgement = exercise.task.judge(answer, setting)
    except Unanswered:
        return Feedback("blank", "no answer", "an answer", _BLANK)
    except (Unusable, UnusableChange) as error:
        return Feedback("unusable", str(error), "an answer that can be read", f"This cannot be judged: {error}.")
    return _verdict(exercise, judgement)


def learner_key() -> str:
    """What tells learners apart: the file in which their progress is kept."""
    try:
        return str(progress_file())
    except UnusableProgress:
        return ""


def _verdict(exercise: Exercise, judgement: AnswerResult) -> Feedback:
    if exercise.kind in COMMITTED:
        return Feedback("committed", judgement.found, judgement.expected, exercise.explanation)
    if judgement.passed:
        told = f"{judgement.remark}\n\n{exercise.explanation}" if judgement.remark else exercise.explanation
        return Feedback("right", judgement.found, judgement.expected, told, judgement.mark)
    if judgement.unseen:
        told = _NOT_ANALYSED.format(judgement.unseen)
        return Feedback("not-analysed", "not analysed", judgement.expected, told)
    known = (judgement.wrong.explanation if judgement.wrong else judgement.explanation) or _LOOK
    told = f"{known}\n\n{judgement.remark}" if judgement.remark else known
    return Feedback("wrong", judgement.found or "a typical wrong answer", judgement.expected, told)
