"""A class for a spreadsheet, and the exercises for a contest."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from sls_lab.exercises import Exercise, Lesson
from sls_lab.report.spreadsheet import csv_text
from sls_lab.room.figures import passed_in
from sls_lab.room.message import key_of
from sls_lab.room.standing import Standing

# What a contest gives for an exercise: writing something is worth more than recognising it.
_POINTS: Final = {"predict": 50, "run": 50, "investigate": 100, "modify": 150, "make": 200}


def as_csv(lessons: Sequence[Lesson], standings: Sequence[Standing]) -> str:
    """A row for each learner: exercises passed and attempts in all, then passed and minutes for each lesson."""
    rows: list[list[object]] = [["nickname", "passed", "attempts", "hints", "minutes", "latest", "hand"]]
    for lesson in lessons:
        rows[0] += [f"{lesson.number} passed of {len(lesson.exercises)}", f"{lesson.number} minutes"]
    for one in standings:
        tried = one.tried.values()
        attempts, hints = sum(it.attempts for it in tried), sum(it.hints for it in tried)
        row: list[object] = [one.nickname, one.passed, attempts, hints, sum(one.minutes.values()), one.latest]
        row.append("up" if one.hand else "")
        for lesson in lessons:
            row += [passed_in(lesson, one), one.minutes.get(lesson.number, 0)]
        rows.append(row)
    return csv_text(rows)


def as_ctfd(lessons: Sequence[Lesson], word: str) -> str:
    """The exercises as challenges for CTFd (Admin, Config, Backup, Import CSV, type *challenges*).

    The flag of each is what a learner who has joined the room sees when the exercise is passed. Whoever knows the class
    word can work it out, as with every flag that is checked without asking us.
    https://docs.ctfd.io/docs/imports/csv
    """
    rows: list[list[object]] = [["name", "category", "description", "value", "flags", "tags", "type", "state"]]
    for lesson in lessons:
        for one in lesson.exercises:
            about = (
                f"Exercise `{one.id}` of the notebook {lesson.number}, {lesson.title}. Its flag appears when you pass."
            )
            title = f"{one.id} {one.title}"
            flag = flag_of(one, word)
            rows.append([title, lesson.title, about, _POINTS[one.stage], flag, one.stage, "standard", "visible"])
    return csv_text(rows)


def flag_of(exercise: Exercise, word: str) -> str:
    """What shows in a contest that an exercise was passed, in the class that has this word."""
    mark = hmac.new(key_of(word), b"flag\0" + exercise.id.encode(), hashlib.sha256).hexdigest()[:20]
    return f"sls{{{mark}}}"
