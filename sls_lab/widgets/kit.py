"""The kit's own source in a notebook: it is teaching material, too."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import sls_lab
from sls_lab.course import FIRST_NOTEBOOK
from sls_lab.facts import Span
from sls_lab.widgets import fallback
from sls_lab.widgets.sources import SourceMark

_ROOT = Path(sls_lab.__file__).resolve().parent.parent


class KitSource:
    """The source of a function or class, and a link that opens its file in JupyterLab, if it can.

    `folded` is what a reader clicks to see it; without it, it is open.
    """

    def __init__(self, thing: Callable[..., Any], folded: str = "") -> None:
        self._folded = folded
        self._name = getattr(thing, "__qualname__", "")
        self._lines, self.line = inspect.getsourcelines(thing)
        path = Path(inspect.getsourcefile(thing) or "").resolve()
        self._can_open = path.is_relative_to(_ROOT) and (_ROOT / FIRST_NOTEBOOK).is_file()
        self.file = path.relative_to(_ROOT).as_posix() if self._can_open else path.name

    def __repr__(self) -> str:
        numbered = "".join(f"{number:>4} {line}" for number, line in enumerate(self._lines, self.line))
        return f"{self.file}:{self.line}\n{numbered}"

    def _repr_html_(self) -> str:
        # JupyterLab opens a link to a file below its root (`make lab` starts it on the clone); its lines count from 0.
        link = f'<p><a href="../{escape(self.file)}#line={self.line - 1}">Open the file</a></p>'
        name = Span(self.file, 1, 0, 1, len(self._lines[0].rstrip("\n")))
        source = fallback.source(
            self.file, "".join(self._lines).rstrip("\n"), [SourceMark("", "chosen", name)], first=self.line
        )
        parts = (source, link if self._can_open else "")
        return fallback.page(
            f"From the kit: {self._name}", *([fallback.folded(self._folded, *parts)] if self._folded else parts)
        )


def look_into(thing: Callable[..., Any], folded: str = "") -> KitSource:
    """The source of a function or class of the kit or its examples: `look_into(sls_lab.events.link_events)`.

    With `folded`, a few words, it opens only when these are clicked. Raises TypeError for what has no Python source.
    """
    return KitSource(thing, folded)
