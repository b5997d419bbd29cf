"""Where in the application a call is made, from the frames that lead to it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import Any


@dataclass
class Places:
    """Tells frames of the application (its files are below `root`) from those of libraries and of the kit."""

    root: str

    def of_application(self, code: CodeType) -> bool:
        """Whether a code object was made from one of the application's files."""
        return code.co_filename.startswith(self.root + os.sep)

    def by_application(self, depth: int = 2) -> bool:
        """Whether the caller of the function that asks is code of the application itself."""
        return self.of_application(sys._getframe(depth).f_code)

    def nearest(self) -> dict[str, Any] | None:
        """The place of the innermost call that the application makes; None where none of its frames is there."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if self.of_application(frame.f_code):
                return self.place(frame.f_code, frame.f_lasti, frame.f_lineno)
            frame = frame.f_back
        return None

    def of_traceback(self, trace: TracebackType | None) -> dict[str, Any] | None:
        """The innermost place of the application in a traceback."""
        found = None
        while trace is not None:
            if self.of_application(trace.tb_frame.f_code):
                found = self.place(trace.tb_frame.f_code, trace.tb_lasti, trace.tb_lineno)
            trace = trace.tb_next
        return found

    def place(self, code: CodeType, last: int, line: int) -> dict[str, Any]:
        """File, lines and columns (from 0, in bytes of UTF-8) of an instruction."""
        start, end, column, end_column = next(islice(code.co_positions(), last // 2, None), (line, line, 0, 0))
        return {
            "file": os.path.relpath(code.co_filename, self.root).replace(os.sep, "/"),
            "line": start or line,
            "end_line": end or start or line,
            "column": column or 0,
            "end_column": end_column or 0,
        }
