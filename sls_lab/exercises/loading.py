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
_ID = re.compile(r"\d\d/[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_HINTS = 3


@cache
def lessons() -> tuple[Lesson, ...]:
    """The lessons in the order of the course. Raises ExerciseError."""
    folder = resources.files("sls_lab.exercises") / "lessons"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yml")), key=lambda file: file.name)
    return tuple(read_lesson(file.read_text("utf-8"), file.name) for file in files)


def exercises() -> tuple[Exercise, ...]:
    """All exercises of the course, in order."""
    return tuple(exercise for lesson in lessons() for exercise in lesson.exercises)


def find(id: str) -> Exercise:
    """The exercise called `id` (`01/which-function`). Raises ExerciseError, which names those of the lesson."""
    for exercise in exercises():
        if exercise.id == id:
            return exercise
    same = [exercise.id for exercise in exercises() if exercise.lesson == id.partition("/")[0]]
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
    found: dict[str, Exercise] = {}
    for part in fields.parts("exercises"):
        exercise = _exercise(part, file)
        if exercise.id in found:
            raise mistake(part.node, f"there is another exercise {exercise.id!r} on line {found[exercise.id].line}")
        if exercise.lesson != file.removesuffix(".yml"):
            raise mistake(part.node, f"the id {exercise.id!r} does not begin with the file's number")
        found[exercise.id] = exercise
    title = fields.text("title")
    fields.done()
    return Lesson(file.removesuffix(".yml"), title, tuple(found.values()))


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
    id = part.text("id")
    if not _ID.fullmatch(id):
        raise mistake(part.node_of("id"), f"an id is written as 01/a-few-words, not {id!r}")
    kind = part.word("kind", get_args(TaskKind))
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
    )
    part.done()
    return exercise
