"""How much of the course a learner has done, as bars that grow while exercises are passed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sls_lab.exercises import Progress, UnusableProgress, lessons, progress_file, progress_text, read_progress
from sls_lab.exercises.belongings import FILE, UnusableBelongings, pack, unpack
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, PlainWidget

# The bars on screen in this kernel. Only what is still used is kept.
_BARS: WeakSet[ProgressBar] = WeakSet()


class ProgressBar(PlainWidget, source="progress.js"):
    """How much of each lesson is done. It grows while exercises are passed in the same notebook."""

    def __init__(self) -> None:
        super().__init__()
        _BARS.add(self)

    def read(self) -> None:
        """What the learner's file says now."""
        try:
            self._progress = read_progress(progress_file())
        except UnusableProgress as error:
            self._progress = Progress(note=f"{error}.")

    def make_view(self) -> dict[str, Any]:
        """Each lesson with its exercises."""
        return {"rows": self._rows(), "note": self._progress.note}

    def actions(self) -> Mapping[str, Action]:
        """Read the file again, which other notebooks write to as well; take everything along, and bring it."""
        return {"reread": self.reread, "take": self.take, "bring": self.bring}

    def take(self) -> None:
        """Hand the page one file with progress and changed files, for it to save."""
        data = pack(progress_file(), learners_folder())
        self.send({"name": FILE, "data": base64.b64encode(data).decode("ascii")})
        self.status = (
            f"{FILE} has your progress, your answers and the files that you changed: {len(data) / 1e6:.1f} MB."
        )

    def bring(self, data: str) -> None:
        """Add what such a file has, in base64, to what is here."""
        try:
            content = base64.b64decode(data, validate=True)
        except ValueError as error:
            raise UnusableBelongings("this file did not arrive whole: try once more") from error
        brought = unpack(content, progress_file(), learners_folder())
        reread_bars()
        self.status = brought.sentence

    def as_html(self) -> str:
        """A table."""
        rows = [
            (
                row["number"],
                row["title"],
                f"{row['passed']} of {row['count']}",
                f"{row['committed']} of {row['predictions']}",
            )
            for row in self._rows()
        ]
        heads = ("lesson", "title", "exercises passed", "predictions made")
        return fallback.page("Your progress", fallback.table(heads, rows))

    def as_text(self) -> str:
        """A bar for each lesson."""
        return progress_text(self._progress)

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": lesson.number,
                "title": lesson.title,
                "passed": self._progress.passed(lesson.exercises),
                "count": len(lesson.exercises),
                "committed": self._progress.committed(lesson.predictions),
                "predictions": len(lesson.predictions),
            }
            for lesson in lessons()
        ]


def learners_folder() -> Path:
    """The folder in which the learner has the notebooks: above that of the notebook which is open."""
    here = Path.cwd()
    return here.parent if here.name == "notebooks" else here


def progress_bar() -> ProgressBar:
    """The learner's progress through the course."""
    return ProgressBar()


def reread_bars() -> None:
    """Have each bar on screen show what the learner's file says now."""
    for bar in list(_BARS):
        bar.reread()
