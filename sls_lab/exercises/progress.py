"""What a learner has done: one file on this computer, nothing of it goes anywhere."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from sls_lab.exercises.model import Exercise
from sls_lab.facts import SlsLabError
from sls_lab.facts.whole_files import write_whole

_SCHEMA = "sls-lab/progress/1"
#: Seconds without a sign of life after which a learner is taken to be away.
IDLE: Final = 15 * 60
_NAME = re.compile(r"[\w.-]{1,64}")


class UnusableProgress(SlsLabError):
    """Progress cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done about one exercise. `said` is the answer that was committed to, where nobody judges it."""

    attempts: int = 0
    hints: int = 0
    solution_seen: bool = False
    passed: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """The time spent on one lesson: the seconds between signs of life, and when the last of them was (Unix time)."""

    seconds: float = 0.0
    last: float = 0.0

    def seen(self, now: float) -> Spent:
        """One more sign of life. Longer than `IDLE` seconds without one, nobody was at work."""
        since = now - self.last
        return Spent(self.seconds + since if 0 < since <= IDLE else self.seconds, now)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was done about all exercises, and the time `spent` on each lesson by its number.

    `note` is a sentence for the learner where a file could not be read.
    """

    done: Mapping[str, Done] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    spent: Mapping[str, Spent] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, id: str) -> Done:
        """What was done about one exercise."""
        return self.done.get(id, Done())

    def passed(self, exercises: Sequence[Exercise]) -> int:
        """How many of these are passed."""
        return sum(self.of(exercise.id).passed for exercise in exercises)

    def committed(self, questions: Sequence[Exercise]) -> int:
        """How many of these the learner has committed to an answer of."""
        return sum(bool(self.of(question.id).said) for question in questions)


def progress_file(learner: str = "") -> Path:
    """The file of a learner: in `XDG_DATA_HOME`, else in `~/.local/share`.

    Without a name it is that of `SLS_LAB_LEARNER`, and without that the only learner's. Raises UnusableProgress for a
    name that is not a plain word.
    """
    learner = learner or os.environ.get("SLS_LAB_LEARNER", "")
    if learner and (not _NAME.fullmatch(learner) or learner.startswith(".")):
        raise UnusableProgress(f"{learner!r} cannot be a learner's name: use letters, digits, dots and dashes")
    base = os.environ.get("XDG_DATA_HOME")
    try:
        folder = (Path(base) if base else Path.home() / ".local" / "share") / "sls-lab"
    except RuntimeError as error:
        message = "this user has no home folder: set XDG_DATA_HOME to one that can be written to"
        raise UnusableProgress(message) from error
    return folder / (f"progress-{learner}.json" if learner else "progress.json")


def read_progress(file: Path) -> Progress:
    """The progress in a file, none if there is no file. A file that cannot be read is kept beside a fresh start."""
    try:
        return _progress(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Progress()
    except OSError as error:
        raise UnusableProgress(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        kept = file.with_name(f"{file.stem}.unreadable.json")
        _replace(file, kept)
        return Progress(note=f"{file.name} could not be read, so progress starts again; the old file is {kept}")


def note_down(file: Path, id: str, *, said: str = "", **news: int | bool) -> Progress:
    """Note what was done about an exercise: numbers are added, `True` stays, and so does what was `said` last.

    Raises UnusableProgress.
    """
    progress = read_progress(file)
    old = progress.of(id)
    new = replace(
        old,
        attempts=old.attempts + int(news.get("attempts", 0)),
        hints=max(old.hints, int(news.get("hints", 0))),
        solution_seen=old.solution_seen or bool(news.get("solution_seen", False)),
        passed=old.passed or bool(news.get("passed", False)),
        said=said or old.said,
    )
    fresh = replace(progress, done={**progress.done, id: new})
    _write(file, fresh)
    return fresh


def note_time(file: Path, number: str, now: float) -> None:
    """Note that the learner works on the lesson with this number at `now` (Unix time). Raises UnusableProgress."""
    progress = read_progress(file)
    spent = progress.spent.get(number, Spent()).seen(now)
    _write(file, replace(progress, spent={**progress.spent, number: spent}))


def add_progress(file: Path, data: bytes) -> Progress:
    """Add the progress that another file has, `data`, to that in `file`: of each exercise the farther one stays.

    Raises UnusableProgress, also where `data` cannot be read.
    """
    try:
        other = _progress(data.decode("utf-8"))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UnusableProgress("the progress in this file cannot be read") from error
    own = read_progress(file)
    done = {id: _farther(own.of(id), other.of(id)) for id in {**own.done, **other.done}}
    spent = {
        number: max(own.spent.get(number, Spent()), other.spent.get(number, Spent()), key=lambda one: one.seconds)
        for number in {**own.spent, **other.spent}
    }
    both = replace(own, done=done, spent=spent)
    _write(file, both)
    return both


def _farther(one: Done, other: Done) -> Done:
    return Done(
        max(one.attempts, other.attempts),
        max(one.hints, other.hints),
        one.solution_seen or other.solution_seen,
        one.passed or other.passed,
        one.said or other.said,
    )


def reset(file: Path) -> None:
    """Forget everything. Raises UnusableProgress."""
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise UnusableProgress(f"{file} cannot be removed: {error.strerror or error}") from error


def _progress(text: str) -> Progress:
    data = json.loads(text)
    if data["schema"] != _SCHEMA:
        raise ValueError(data["schema"])
    # Files of earlier versions have no times.
    spent = {str(at): Spent(float(one["seconds"]), float(one["last"])) for at, one in data.get("spent", {}).items()}
    return Progress(_done(data), spent=spent)


def _done(data: Mapping[str, Any]) -> dict[str, Done]:
    return {
        str(id): Done(
            int(one["attempts"]),
            int(one["hints"]),
            bool(one["solution_seen"]),
            bool(one["passed"]),
            str(one.get("said", "")),  # files of earlier versions have none
        )
        for id, one in data["exercises"].items()
    }


def _write(file: Path, progress: Progress) -> None:
    data = {
        "schema": _SCHEMA,
        "exercises": {id: asdict(one) for id, one in sorted(progress.done.items())},
        "spent": {number: asdict(one) for number, one in sorted(progress.spent.items())},
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(data, indent=1).encode("utf-8"))  # a notebook may be closed meanwhile
    except OSError as error:
        raise UnusableProgress(f"{file} cannot be written: {error.strerror or error}") from error


def _replace(one: Path, other: Path) -> None:
    try:
        one.replace(other)
    except OSError as error:
        raise UnusableProgress(f"{other} cannot be written: {error.strerror or error}") from error
