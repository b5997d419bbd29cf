"""What is recorded for learners without Pysa."""

from __future__ import annotations

from pathlib import Path

from sls_lab.exercises.checking import setting_of
from sls_lab.exercises.loading import examples_folder, exercises
from sls_lab.exercises.model import ExerciseError
from sls_lab.exercises.tasks.edit import EditTask
from sls_lab.recordings import Edited


def variants(folder: Path) -> dict[str, Edited]:
    """The copies of the application in `folder` that exercises judge by their flows, by a few words for each.

    They are the solutions, and the typical wrong answers but for models, which Pysa may refuse. An application that no
    exercise is about has none. Raises ExerciseError.
    """
    found: dict[str, Edited] = {}
    try:
        examples_folder()
    except ExerciseError:
        return found
    for exercise in exercises():
        if isinstance(exercise.task, EditTask) and exercise.task.asks_pysa:
            setting = setting_of(exercise)
            if setting.folder.resolve() == folder.resolve():
                for what, texts, models in exercise.task.variants(setting):
                    found[f"{exercise.id}, {what}"] = Edited(texts, models)
    return found
