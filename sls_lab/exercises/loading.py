"""Find and read lesson files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, get_args

from sls_lab.course import course_folder
from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Exercise, ExerciseError, Lesson, Stage, Task, TaskKind
from sls_lab.exercises.tasks.blank import read_blank
from sls_lab.exercises.tasks.choice import read_choice
from sls_lab.exercises.tasks.commitment import read_commitment
from sls_lab.exercises.tasks.edit import read_edit
from sls_lab.exercises.tasks.extractor import read_extractor
from sls_lab.exercises.tasks.line import read_line
from sls_lab.exercises.tasks.order import read_order
from sls_lab.template.shared.raw_tree import parse_raw

_READERS: Final[Mapping[str, Callable[[Fields], Task]]] = {
    "choice": read_choice,
    "order": read_order,
    "blank": read_blank,
    "line": read_line,
    "extractor": read_extractor,
    "handler": read_edit,
    "attack": read_edit,
    "permission": read_edit,
    "model": read_edit,
}
_ID = re.compile(r"\d\d[a-z]?/[a-z0-9]+(?:-[a-z0-9]+)*")
_QUESTION_TITLES: Final[Mapping[str, str]] = {"prediction": "Predict", "recall": "Do you remember? From notebook {}"}
_MOST_HINTS = 3
MOST_STARS: Final = 3
# Recognising an answer is less than finding one, and that is less than making something that works.
_STARS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("choice", "line", "blank", "order"), 1),
    **dict.fromkeys(("extractor", "permission", "attack"), 2),
    **dict.fromkeys(("model", "handler"), 3),
}


@cache
def lessons() -> tuple[Lesson, ...]:
    """The lessons in the order of the course. Raises ExerciseError."""
    folder = resources.files("sls_lab.exercises") / "lessons"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yml")), key=lambda file: file.name)
    return tuple(read_lesson(file.read_text("utf-8"), file.name) for file in files)


def exercises() -> tuple[Exercise, ...]:
    """All exercises of the course that are judged, in order."""
    return tuple(exercise for lesson in lessons() for exercise in lesson.exercises)


def questions() -> tuple[Exercise, ...]:
    """All questions of the course that are committed to, in order: predictions, and what later notebooks recall."""
    return tuple(question for lesson in lessons() for question in (*lesson.predictions, *lesson.recall))


def find(id: str) -> Exercise:
    """The exercise called `id` (`01/which-function`). Raises ExerciseError, which names those of the lesson."""
    for exercise in (*exercises(), *questions()):
        if exercise.id == id:
            return exercise
    same = [one.id for one in (*exercises(), *questions()) if one.lesson == id.partition("/")[0]]
    known = (
        f"this lesson has {', '.join(same)}"
        if same
        else f"the lessons are {', '.join(lesson.number for lesson in lessons())}"
    )
    raise ExerciseError(f"there is no exercise {id!r}; {known}")


def read_lesson(text: str, file: str) -> Lesson:
    """One lesson file. Raises ExerciseError, one sentence with file and line, for a bad one."""
    root, problems = parse_raw(text, file)
    for problem in problems:
        raise ExerciseError(f"{problem.span.place if problem.span else file}: {problem.message}")
    if root is None:
        raise ExerciseError(f"{file}:1: the file is empty")
    fields = Fields(root, "a lesson")
    number = file.removesuffix(".yml")
    found: dict[str, Exercise] = {}
    lists: tuple[tuple[str, Callable[[Fields], Exercise]], ...] = (
        ("exercises", lambda part: _exercise(part, file)),
        ("predictions", lambda part: _question(part, file, "prediction")),
        ("recall", lambda part: _question(part, file, "recall")),
    )
    for name, read in lists:
        for part in fields.parts(name):
            one = read(part)
            if one.id in found:
                raise mistake(part.node, f"there is another exercise {one.id!r} on line {found[one.id].line}")
            if one.lesson != number:
                raise mistake(part.node, f"the id {one.id!r} does not begin with the file's number")
            found[one.id] = one
    title = fields.text("title")
    fields.done()
    judged, predictions, recall = (
        tuple(one for one in found.values() if one.kind in kinds) for kinds in (_READERS, ("prediction",), ("recall",))
    )
    return Lesson(number, title, judged, predictions, recall)


def examples_folder() -> Path:
    """The folder `code-examples`: of the course that is worked in, else of the one that came with the package.

    Raises ExerciseError if there is none.
    """
    here, course = Path.cwd(), course_folder()
    for folder in (here, *here.parents, *([course] if course else [])):
        if (folder / "code-examples" / "apps").is_dir():
            return folder / "code-examples"
    raise ExerciseError("there is no folder code-examples here or above: start in a folder of the course")


def _exercise(part: Fields, file: str) -> Exercise:
    id = _id(part)
    kind = part.word("kind", tuple(_READERS))
    hints = part.texts("hints")
    if not 1 <= len(hints) <= _MOST_HINTS:
        raise mistake(part.node, f"an exercise has one to {_MOST_HINTS} `hints`, this one has {len(hints)}")
    exercise = Exercise(
        id=id,
        kind=kind,  # type: ignore[arg-type] # `word` knows that it is one of them
        stage=part.word("stage", get_args(Stage)),  # type: ignore[arg-type]
        title=part.text("title"),
        prompt=part.text("prompt"),
        app=part.text("app", ""),
        hints=hints,
        explanation=part.text("explanation"),
        task=_READERS[kind](part),
        file=file,
        line=part.node.span.line,
        stars=part.number("stars", _STARS[kind]),
    )
    if exercise.stars > MOST_STARS:
        raise mistake(part.node_of("stars"), f"`stars` is a number from 1 to {MOST_STARS}")
    part.done()
    return exercise


def _question(part: Fields, file: str, kind: TaskKind) -> Exercise:
    question = Exercise(
        id=_id(part),
        kind=kind,
        stage="predict",
        title=_QUESTION_TITLES[kind].format(file.removesuffix(".yml")),
        prompt=part.text("prompt"),
        app="",
        hints=(),
        explanation=part.text("explanation", ""),
        task=read_commitment(part),
        file=file,
        line=part.node.span.line,
    )
    part.done()
    return question


def _id(part: Fields) -> str:
    id = part.text("id")
    if not _ID.fullmatch(id):
        raise mistake(part.node_of("id"), f"an id is written as 01/a-few-words, not {id!r}")
    return id
