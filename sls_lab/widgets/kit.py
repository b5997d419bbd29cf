"""The kit's own source in a notebook: it is teaching material, too."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import sls_lab
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
        self.file = path.relative_to(_ROOT).as_posix() if path.is_relative_to(_ROOT) else path.name
        # The notebook may be in the clone, or in a learner's copy of the course within it.
        folders = (Path.cwd(), *Path.cwd().parents) if path.is_relative_to(_ROOT) else ()
        self._opened = next((file for folder in folders if (file := folder / self.file).is_file()), None)

    def __repr__(self) -> str:
        numbered = "".join(f"{number:>4} {line}" for number, line in enumerate(self._lines, self.line))
        return f"{self.file}:{self.line}\n{numbered}"

    def _repr_html_(self) -> str:
        name = Span(self.file, 1, 0, 1, len(self._lines[0].rstrip("\n")))
        source = fallback.source(
            self.file, "".join(self._lines).rstrip("\n"), [SourceMark("", "chosen", name)], first=self.line
        )
        parts = (source, self._link() if self._opened else "")
        return fallback.page(
            f"From the kit: {self._name}", *([fallback.folded(self._folded, *parts)] if self._folded else parts)
        )

    def _link(self) -> str:
        """A link that JupyterLab opens: relative to the notebook, to a file below its root; lines count from 0."""
        way = Path(os.path.relpath(self._opened or "")).as_posix()
        return f'<p><a href="{escape(way)}#line={self.line - 1}">Open {escape(self.file)}</a></p>'


def look_into(thing: Callable[..., Any], folded: str = "") -> KitSource:
    """The source of a function or class of the kit or its examples: `look_into(sls_lab.events.link_events)`.

    With `folded`, a few words, it opens only when these are clicked. Raises TypeError for what has no Python source.
    """
    return KitSource(thing, folded)
