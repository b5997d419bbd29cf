"""Progress as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from sls_lab.exercises.loading import lessons
from sls_lab.exercises.progress import Progress

_BAR = 20


def progress_text(progress: Progress) -> str:
    """A bar for each lesson, and one for the course."""
    rows = [(lesson.number, lesson.title, lesson.exercises, lesson.predictions) for lesson in lessons()]
    width = max(len(title) for _, title, _, _ in rows)
    lines = [f"{'':{width + _BAR + 6}}  {'passed':>8}  predicted"]
    for number, title, exercises, predictions in rows:
        passed = progress.passed(exercises)
        done = _BAR * passed // max(1, len(exercises))
        made = f"{progress.committed(predictions)} of {len(predictions)}"
        bar = f"{'█' * done}{'░' * (_BAR - done)}"
        lines.append(f"{number:<3} {title:<{width}}  {bar}  {f'{passed} of {len(exercises)}':>8}  {made:>8}")
    everything = [exercise for _, _, exercises, _ in rows for exercise in exercises]
    foretold = [prediction for _, _, _, predictions in rows for prediction in predictions]
    passed = progress.passed(everything)
    lines.append(f"{passed} of {len(everything)} exercises passed, {100 * passed // max(1, len(everything))} %")
    lines.append(f"{progress.committed(foretold)} of {len(foretold)} predictions made")
    return "\n".join(lines)


def progress_json(progress: Progress) -> str:
    """Each lesson's exercises, with what was done about each."""
    data = [
        {
            "lesson": lesson.number,
            "title": lesson.title,
            "passed": progress.passed(lesson.exercises),
            "predicted": progress.committed(lesson.predictions),
            "exercises": [{"id": one.id, **asdict(progress.of(one.id))} for one in lesson.exercises],
            "predictions": [{"id": one.id, **asdict(progress.of(one.id))} for one in lesson.predictions],
        }
        for lesson in lessons()
    ]
    return json.dumps({"schema": "sls-lab/progress/1", "lessons": data}, indent=1)
