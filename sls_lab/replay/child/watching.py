"""Which variables hold what was sent, at lines that the kit asks about: the values beside a static trace."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final

from sls_lab.replay.child.recorder import Recorder
from sls_lab.replay.exchange import plain, texts_in

_MOST: Final = 500  #: values of one hop
_PLAIN: Final = (str, bytes, int, float, list, tuple, dict, set)


@dataclass
class Watcher:
    """Looks at the local variables of the application's functions each time that a line asked about has run."""

    recorder: Recorder
    lines: Mapping[str, frozenset[int]] = field(default_factory=dict)
    texts: tuple[str, ...] = ()
    _last: dict[FrameType, int] = field(default_factory=dict)
    _told: int = 0

    def ask(self, lines: Mapping[str, Sequence[int]], texts: Sequence[str]) -> None:
        """From now on, look at these lines (by file, relative to the application) for values that hold `texts`."""
        root = self.recorder.places.root
        self.lines = {os.path.join(root, file): frozenset(numbers) for file, numbers in lines.items()}
        self.texts = tuple(text for text in texts if text)

    def start(self) -> None:
        """Watch what runs next in this thread, where there is anything to look for."""
        self._told = 0
        if self.lines and self.texts:
            sys.settrace(self._called)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._ran if frame.f_code.co_filename in self.lines else None

    def _ran(self, frame: FrameType, event: str, argument: Any) -> Any:
        before = self._last.get(frame)
        if before is not None and event in ("line", "return"):
            self._look(frame, before)
        self._last[frame] = frame.f_lineno
        if event == "return":
            self._last.pop(frame, None)
        return self._ran

    def _look(self, frame: FrameType, line: int) -> None:
        file = frame.f_code.co_filename
        if line not in self.lines[file] or self._told >= _MOST:
            return
        for name, value in list(frame.f_locals.items()):
            if not isinstance(value, _PLAIN):
                continue  # no `repr` of the application's own is called for a look
            shown = plain(value)
            if any(text in one for one in texts_in(shown) for text in self.texts):
                self._told += 1
                relative = os.path.relpath(file, self.recorder.places.root).replace(os.sep, "/")
                self.recorder.seen(relative, line, name, value)
