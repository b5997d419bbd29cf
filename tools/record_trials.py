"""Record what happens with the answers that lessons list, for machines without moto: run by `make record`.

python -m tools.record_trials
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sls_lab.exercises import Exercise, exercises, setting_of
from sls_lab.exercises.attempt import Attempt
from sls_lab.exercises.sending import FILE, digest, try_out
from sls_lab.exercises.tasks.edit import EditTask

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "sls_lab" / "exercises" / FILE


def tried() -> dict[str, dict[str, Any]]:
    """What happens with the solution and the typical wrong answers of each exercise that has a trial."""
    found = [one for exercise in exercises() for one in _tried(exercise)]
    return dict(sorted(found))


def _tried(exercise: Exercise) -> list[tuple[str, dict[str, Any]]]:
    task = exercise.task
    if not isinstance(task, EditTask) or task.trial is None:
        return []
    setting, found = setting_of(exercise), []
    for declared in (task.solution, *(wrong.answer for wrong in task.wrong)):
        with Attempt(task.resolve(declared, setting), setting) as attempt:
            attempt.read()
            found.append((digest(task.trial, attempt.after), try_out(task.trial, attempt.after).as_json()))
    return found


if __name__ == "__main__":
    RECORDED.write_text(json.dumps(tried(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
