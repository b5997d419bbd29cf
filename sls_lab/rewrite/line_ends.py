"""What is written into a file ends its lines as the file does."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from sls_lab.rewrite.model import Edit

_WRITTEN: Final = re.compile(r"(?<!\r)\n")


def with_line_ends(edit: Edit, end: str) -> Edit:
    """The same edit with `end` at the end of its lines, and its origins where they are then."""
    if end == "\n" or "\n" not in edit.text:
        return edit

    def moved(offset: int) -> int:
        return offset + (len(end) - 1) * len(_WRITTEN.findall(edit.text, 0, offset))

    origins = tuple(replace(one, start=moved(one.start), end=moved(one.end)) for one in edit.origins)
    return replace(edit, text=_WRITTEN.sub(end, edit.text), origins=origins)
