"""`sls-lab quiz`: questions on what was learned, in the terminal, one at a time."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from string import ascii_lowercase
from textwrap import fill

from sls_lab.cli.console import FINE, is_terminal, say
from sls_lab.cli.output import deliver
from sls_lab.exercises import Exercise, check, note_down, progress_file, quiz, read_progress, setting_of
from sls_lab.exercises.model import Answer
from sls_lab.exercises.prose import plain

_WIDTH = 100


def run_quiz(arguments: argparse.Namespace, _version: str) -> int:
    """`sls-lab quiz`: each answer is told after it was given; an empty line passes on, the end of the input ends it."""
    file = progress_file(arguments.learner)
    progress = read_progress(file)
    if progress.note:
        say(progress.note)
    asked = quiz(progress, str(file), arguments.questions)
    answered = 0
    for number, question in enumerate(asked, 1):
        deliver(f"{number} of {len(asked)}, from notebook {question.lesson}\n{_question(question)}\n", None)
        given = _read("Your answer: ")
        if given is None:
            break
        answer = _answer(question, given)
        verdict = check(question, answer)
        if verdict.is_answer:
            note_down(file, question.id, said=verdict.found, attempts=1)
            answered += 1
        told = [f"It is: {plain(question.task.in_words(question.task.solution, setting_of(question)))}"]
        if verdict.is_answer:
            told.insert(0, f"You said: {plain(verdict.found)}")
        deliver("\n".join([*told, *_wrapped(question.explanation)]) + "\n\n", None)
    ending = "Nobody judges: compare, and look up what surprised you."
    deliver(f"{answered} of {len(asked)} questions answered. {ending}\n", None)
    return FINE


def _question(question: Exercise) -> str:
    options = [f"  {letter}  {plain(text)}" for letter, text in zip(ascii_lowercase, _options(question), strict=False)]
    return "\n".join([*_wrapped(question.prompt), *options])


def _options(question: Exercise) -> Sequence[str]:
    """The options' texts in the learner's own order."""
    setting = setting_of(question)
    view = question.task.view(setting)
    return [question.task.in_words([key], setting) for key, _ in view["options"]]


def _answer(question: Exercise, given: str) -> Answer:
    """What was typed as an answer: the letter of an option, or words."""
    view = question.task.view(setting_of(question))
    keys = [key for key, _ in view["options"]]
    if not keys:
        return given
    at = ascii_lowercase.find(given.strip().lower()) if len(given.strip()) == 1 else -1
    return [keys[at]] if 0 <= at < len(keys) else []


def _read(prompt: str) -> str | None:
    """One line of the input, or None at its end."""
    if is_terminal(sys.stdin):
        sys.stderr.write(prompt)
        sys.stderr.flush()
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _wrapped(text: str) -> list[str]:
    return [fill(paragraph, _WIDTH) for paragraph in plain(text).split("\n") if paragraph]
