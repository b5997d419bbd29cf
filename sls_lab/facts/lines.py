"""Lines as Python's parser counts them."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends, split at `\\n`, `\\r` and `\\r\\n` alone.

    `str.splitlines` also splits at form feeds and U+2028, where `ast` and PyYAML's line counts do not.
    """
    lines = _LINE.findall(text)
    # The pattern matches once more, emptily, after a final line end (and once on an empty string).
    return lines[:-1] if lines and lines[-1] == "" else lines


def line_end(text: str) -> str:
    """How the first line of `text` ends: `\\n`, `\\r` or `\\r\\n`; `\\n` where it has no end."""
    found = re.search(r"\r\n|\r|\n", text)
    return found[0] if found else "\n"


class Offsets:
    """From places (line from 1, column from 0, in code points) to offsets in a string, and back."""

    def __init__(self, text: str) -> None:
        """Index the lines of `text`."""
        ends = [*accumulate(map(len, split_lines(text)))]
        # The end of a string with a final line end is the beginning of one more, empty, line; of any other it is not.
        self._starts = [0, *(ends if text.endswith(("\n", "\r")) else ends[:-1])]
        self._length = len(text)

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; a place after the last line is the end of the string."""
        if line > len(self._starts):
            return self._length
        return min(self._starts[line - 1] + column, self._length)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        line = bisect_right(self._starts, min(offset, self._length))
        return line, offset - self._starts[line - 1]
