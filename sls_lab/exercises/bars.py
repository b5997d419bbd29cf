"""Progress as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from sls_lab.exercises.loading import lessons
from sls_lab.exercises.progress import Progress

_BAR = 20


def progress_text(progress: Progress) -> str:
    """A bar for each lesson, and one for the course."""
    rows = [(lesson.number, lesson.title, lesson.exercises) for lesson in lessons()]
    width = max((len(title) for _, title, _ in rows), default=0)
    lines = []
    for number, title, exercises in rows:
        passed = progress.passed(exercises)
        done = _BAR * passed // max(1, len(exercises))
        lines.append(f"{number} {title:<{width}}  {'█' * done}{'░' * (_BAR - done)}  {passed} of {len(exercises)}")
    everything = [exercise for _, _, exercises in rows for exercise in exercises]
    passed = progress.passed(everything)
    lines.append(f"{passed} of {len(everything)} exercises passed, {100 * passed // max(1, len(everything))} %")
    return "\n".join(lines)


def progress_json(progress: Progress) -> str:
    """Each lesson's exercises, with what was done about each."""
    data = [
        {
            "lesson": lesson.number,
            "title": lesson.title,
            "passed": progress.passed(lesson.exercises),
            "exercises": [{"id": one.id, **asdict(progress.of(one.id))} for one in lesson.exercises],
        }
        for lesson in lessons()
    ]
    return json.dumps({"schema": "sls-lab/progress/1", "lessons": data}, indent=1)
