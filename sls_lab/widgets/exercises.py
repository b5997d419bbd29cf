"""Exercises in a notebook: answer, check, learn why, try again."""

from __future__ import annotations

import ast
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from weakref import WeakSet

from sls_lab.exercises import (
    Done,
    Exercise,
    Feedback,
    UnusableProgress,
    check,
    find,
    note_down,
    note_time,
    progress_file,
    read_progress,
    setting_of,
    solution_of,
    stars_of,
)
from sls_lab.exercises.model import COMMITTED, Answer
from sls_lab.exercises.prose import as_html, segments
from sls_lab.exercises.tasks.commitment import CommitmentTask
from sls_lab.facts import Span, split_lines
from sls_lab.room import Membership, flag_of
from sls_lab.widgets import exercise_text, fallback
from sls_lab.widgets.base import Action, PlainWidget
from sls_lab.widgets.classroom_switch import tell_room
from sls_lab.widgets.differences import difference_view
from sls_lab.widgets.progress_bar import reread_bars
from sls_lab.widgets.sources import SourceMark, coloured_code, prose_view, source_view

_WORDS: Final[Mapping[str, str]] = {
    "right": "✓ Right",
    "wrong": "✗ Not yet",
    "blank": "○ No answer yet",
    "unusable": "✗ Cannot be judged",
    "not-analysed": "? Not analysed",
    "committed": "● Committed",
}
# The names of the two sides that a learner compares.
_SIDES: Final[Mapping[str, tuple[str, str]]] = {"wrong": ("found", "expected"), "committed": ("you said", "it is")}
#: For a fix that passes, whether the analysis agrees with what happened.
_MARKS: Final[Mapping[str, str]] = {"proven": "✓ Right, and proven", "not-proven": "✓ Right, not proven"}

# What is on screen in this kernel and has to hear of a verdict. Only what is still used is kept.
_EXERCISES: WeakSet[ExerciseWidget] = WeakSet()


class ExerciseWidget(PlainWidget, source="exercise.js"):
    """One exercise: `prompt`, a place to answer, and what came of the answer, noted in the learner's progress.

    `lesson` is the number of the notebook that shows it, where that is not its own.
    """

    def __init__(self, exercise: Exercise, lesson: str = "") -> None:
        self.exercise = exercise
        self.lesson = lesson or exercise.lesson
        self.answer: Answer = None
        self.verdict: Feedback | None = None
        self.checks = 0
        self.hints = 0
        self.solution: Answer = None
        self.done = Done()
        super().__init__()
        _EXERCISES.add(self)
        self._work()

    def read(self) -> None:
        """What there is to answer with."""
        self._setting = setting_of(self.exercise)
        self._task = self.exercise.task.view(self._setting)
        self.done = self._done()
        task = self.exercise.task
        if self.exercise.kind == "prediction" and self.done.said and isinstance(task, CommitmentTask):
            # What was committed to stays so, whenever its cell is run again.
            self.answer = task.saying(self.done.said)
            self.verdict = check(self.exercise, self.answer) if self.answer else None

    def make_view(self) -> dict[str, Any]:
        """The exercise."""
        one = self.exercise
        task = self._task
        if one.kind == "line":
            task = {**task, "sources": [_pickable(file, text) for file, text in task["texts"].items()]}
        if "expected" in task:
            task = {**task, "expected": [segments(sentence) for sentence in task["expected"]]}
        if one.kind == "extractor":
            task = {
                **task,
                "sources": [_sample(s["name"], s["text"].rstrip()) for s in task["samples"]],
            }
        return {
            "id": one.id,
            "kind": one.kind,
            "stage": one.stage,
            "stars": one.stars,
            "title": one.title,
            "prompt": prose_view(one.prompt),
            "task": task,
            "hints": len(one.hints),
        }

    def make_state(self) -> dict[str, Any]:
        """The answer that was checked, what came of it, and the help that was asked for."""
        self.done = self._done()
        return {
            # An extractor's answer is a function, which stays here.
            "answer": None if callable(self.answer) else self.answer,
            "verdict": _verdict_view(self.verdict),
            # Tells one verdict from the same again.
            "checks": self.checks,
            "hints": [prose_view(hint) for hint in self.exercise.hints[: self.hints]],
            "solution": self._solution_view(),
            "solution_answer": self.solution,
            "passed": self.done.passed,
        }

    def actions(self) -> Mapping[str, Action]:
        """Check an answer, try again, show a hint, show the solution."""
        return {"commit": self.commit, "again": self.again, "hint": self.hint, "solution": self.show_solution}

    def commit(self, answer: Answer) -> None:
        """Check an answer; it stays as it is until the learner tries again."""
        self.answer = answer
        self.verdict = check(self.exercise, answer, self.progress)
        self.checks += 1
        self.status = ""  # nothing runs any more
        if self.verdict.is_answer:
            said = self.verdict.found if self.verdict.result == "committed" else ""
            room = _note(self.exercise, said=said, attempts=1, passed=self.verdict.passed)
            if room is not None and self.verdict.passed:
                self.status = f"In a contest, the flag of this exercise is {flag_of(self.exercise, room.word)}"

    def act(self, name: str, /, **arguments: Any) -> None:
        """Do what a click does, which is also a sign that the learner is at work."""
        self._work()
        super().act(name, **arguments)

    def again(self) -> None:
        """Take the verdict away, so that another answer can be given."""
        self.verdict = None

    def hint(self) -> None:
        """Show one more hint."""
        if self.hints < len(self.exercise.hints):
            self.hints += 1
            _note(self.exercise, hints=self.hints)

    def show_solution(self) -> None:
        """Show the solution."""
        self.solution = solution_of(self.exercise)
        _note(self.exercise, solution_seen=True)

    def as_html(self) -> str:
        """The exercise, what there is to choose from, and the verdict where there is one, or the answer in a fold."""
        one = self.exercise
        parts = [as_html(one.prompt), exercise_text.task_html(one.kind, self._task)]
        if one.kind in COMMITTED:
            told = [fallback.paragraph(self._in_words(one.task.solution)), as_html(one.explanation)]
            parts.append(fallback.folded("The answer: decide first, then open", *told))
        elif self.verdict:
            parts.append(_verdict_html(self.verdict))
        marked = " ".join(filter(None, (self._name(), stars_of(one), "(runs in JupyterLab)")))
        return fallback.page(marked, *parts)

    def as_text(self) -> str:
        """The same as text."""
        one = self.exercise
        head = f"{self._name()} ({', '.join(filter(None, (one.stage, stars_of(one))))})"
        parts = [head, self.exercise.prompt.strip(), exercise_text.task_text(self.exercise.kind, self._task)]
        parts += [f"Hint {number}: {hint.strip()}" for number, hint in enumerate(self.exercise.hints[: self.hints], 1)]
        if self.verdict:
            parts.append(exercise_text.verdict_text(_word(self.verdict), self.verdict))
        if self.solution is not None:
            parts.append(f"Solution: {self._in_words(self.solution)}")
        return "\n\n".join(parts)

    def _name(self) -> str:
        one = self.exercise
        return one.title if one.kind in COMMITTED else f"Exercise {one.id}: {one.title}"

    def _in_words(self, answer: Answer) -> str:
        return self.exercise.task.in_words(answer, self._setting)

    def _solution_view(self) -> dict[str, Any] | None:
        """The solution that was asked for: the lines of what it changes in files, or a piece of code."""
        if self.solution is None:
            return None
        texts = self._task.get("texts", {}) if "expected" in self._task else {}
        changes = [difference_view(file, texts[file], self.solution[file]) for file in texts if file in self.solution]
        words = self._in_words(self.solution)
        python = self.exercise.kind == "extractor" or self._task.get("python")
        code = coloured_code(words) if python else coloured_code(words.replace("`", ""), "")
        return {"changes": [line for lines in changes for line in lines], "code": code}

    def _work(self) -> None:
        """Note that the learner works on this notebook now; `_done` tells where that cannot be kept."""
        with suppress(UnusableProgress):
            note_time(progress_file(), self.lesson, time.time())

    def _done(self) -> Done:
        """What the learner's file says; if it cannot be read, the learner is told, and the exercise still works."""
        try:
            progress = read_progress(progress_file())
        except UnusableProgress as error:
            self.status = str(error)
            return Done()
        self.status = progress.note or self.status
        return progress.of(self.exercise.id)


class ShownVerdict:
    """A verdict as the output of a cell."""

    def __init__(self, exercise: Exercise, verdict: Feedback) -> None:
        self.exercise = exercise
        self.verdict = verdict

    def __repr__(self) -> str:
        return exercise_text.verdict_text(_word(self.verdict), self.verdict)

    def _repr_html_(self) -> str:
        return fallback.page(f"Exercise {self.exercise.id}: {self.exercise.title}", _verdict_html(self.verdict))


def exercise(id: str) -> ExerciseWidget:
    """The exercise called `id` (`01/find-the-trigger`). Raises ExerciseError, which names those of the lesson."""
    return ExerciseWidget(find(id))


def check_exercise(id: str, answer: Answer) -> ShownVerdict:
    """Check what was written in a cell: `check_exercise("02/function-names", function_names)`. Raises ExerciseError."""
    one = find(id)
    shown = [widget for widget in _EXERCISES if widget.exercise.id == id]
    if not shown:
        verdict = check(one, answer)
        if verdict.is_answer:
            _note(one, attempts=1, passed=verdict.passed)
        return ShownVerdict(one, verdict)
    shown[0].act("commit", answer=answer)
    verdict = shown[0].verdict or check(one, answer)
    for other in shown[1:]:
        other.answer, other.verdict, other.checks = answer, verdict, other.checks + 1
        other.show_state()
    return ShownVerdict(one, verdict)


def _note(exercise: Exercise, *, said: str = "", **news: int | bool) -> Membership | None:
    """Note what was done, where bars and the room of the class show it; returns the room, None without one."""
    progress = note_down(progress_file(), exercise.id, said=said, **news)
    reread_bars()
    return tell_room(progress, exercise.id)


def _word(verdict: Feedback) -> str:
    return _MARKS.get(verdict.mark) or _WORDS[verdict.result]


def _pickable(file: str, text: str) -> dict[str, Any]:
    """A file of which each line that is not empty can be picked."""
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    marks = [
        SourceMark(
            str(number), "line", Span(file, number, len(line) - len(line.lstrip()), number, len(line)), line.strip()
        )
        for number, line in enumerate(lines, 1)
        if line.strip()
    ]
    return source_view(file, text, marks)


def _sample(name: str, text: str) -> dict[str, Any]:
    """What an extractor is given, in the colours of Python where it is Python."""
    with suppress(SyntaxError, ValueError):
        ast.parse(text)
        return {**source_view(name, text), "colours": coloured_code(text)["colours"]}
    return source_view(name, text)


def _verdict_view(verdict: Feedback | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "result": verdict.result,
        "word": _word(verdict),
        "sides": _SIDES.get(verdict.result, ()),
        "found": prose_view(verdict.found),
        "expected": prose_view(verdict.expected),
        "explanation": prose_view(verdict.explanation),
    }


def _verdict_html(verdict: Feedback) -> str:
    told = [fallback.paragraph(_word(verdict)), as_html(verdict.explanation)]
    if verdict.result in _SIDES and verdict.expected:
        sides = zip(_SIDES[verdict.result], (verdict.found, verdict.expected), strict=True)
        told.append(f"<dl>{''.join(f'<dt>{side}</dt><dd>{as_html(text)}</dd>' for side, text in sides)}</dl>")
    return "\n".join(told)
