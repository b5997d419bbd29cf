"""Lines as Python's parser counts them."""

from __future__ import annotations

import re

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends, split at `\\n`, `\\r` and `\\r\\n` alone.

    `str.splitlines` also splits at form feeds and U+2028, where `ast` and PyYAML's line counts do not.
    """
    lines = _LINE.findall(text)
    # The pattern matches once more, emptily, behind a final line end (and once on an empty text).
    return lines[:-1] if lines and lines[-1] == "" else lines
