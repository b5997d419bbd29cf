"""Progress as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sls_lab.exercises.loading import MOST_STARS, lessons
from sls_lab.exercises.model import Exercise
from sls_lab.exercises.progress import Progress

_BAR = 20


def progress_text(progress: Progress) -> str:
    """A bar for each lesson, and one for the course."""
    rows = [(lesson.number, lesson.title, lesson.exercises, lesson.predictions) for lesson in lessons()]
    width = max(len(title) for _, title, _, _ in rows)
    lines = [f"{'':{width + _BAR + 6}}  {'passed':>8}  predicted  minutes"]
    for number, title, exercises, predictions in rows:
        passed = progress.passed(exercises)
        done = _BAR * passed // max(1, len(exercises))
        minutes = progress.spent[number].seconds / 60 if number in progress.spent else 0
        made = f"{progress.committed(predictions)} of {len(predictions)}"
        bar = f"{'█' * done}{'░' * (_BAR - done)}"
        lines.append(
            f"{number:<3} {title:<{width}}  {bar}  {f'{passed} of {len(exercises)}':>8}  {made:>9}  {minutes:>7.0f}"
        )
    everything = [exercise for _, _, exercises, _ in rows for exercise in exercises]
    foretold = [prediction for _, _, _, predictions in rows for prediction in predictions]
    passed = progress.passed(everything)
    lines.append(f"{passed} of {len(everything)} exercises passed, {100 * passed // max(1, len(everything))} %")
    lines.append(f"{progress.committed(foretold)} of {len(foretold)} predictions made")
    return "\n".join(lines)


def stars_of(exercise: Exercise) -> str:
    """How hard an exercise is, as `★★☆`; nothing where nobody judges it."""
    return "★" * exercise.stars + "☆" * (MOST_STARS - exercise.stars) if exercise.stars else ""


def progress_json(progress: Progress) -> str:
    """Each lesson's exercises, with what was done about each."""
    data = [
        {
            "lesson": lesson.number,
            "title": lesson.title,
            "passed": progress.passed(lesson.exercises),
            "predicted": progress.committed(lesson.predictions),
            "minutes": round(progress.spent[lesson.number].seconds / 60, 1) if lesson.number in progress.spent else 0,
            "exercises": [_without(progress, one, "said") for one in lesson.exercises],
            "predictions": [_without(progress, one, "hints", "solution_seen", "passed") for one in lesson.predictions],
        }
        for lesson in lessons()
    ]
    return json.dumps({"schema": "sls-lab/progress/1", "lessons": data}, indent=1)


def _without(progress: Progress, exercise: Exercise, *names: str) -> dict[str, Any]:
    """What was done about one exercise, but for what has no meaning for its kind."""
    done = asdict(progress.of(exercise.id))
    return {"id": exercise.id, **{name: value for name, value in done.items() if name not in names}}
