"""What the system under this Python can do, where that decides what the kit does."""

from __future__ import annotations

import sys
from typing import Final

#: Why step 5 and replays show what was recorded where the course runs in a browser.
NO_PROCESSES: Final = "a browser starts no programs"


def in_browser() -> bool:
    """Whether this Python runs in a browser, which can start no other program.

    See https://docs.python.org/3/library/sys.html#sys.platform.
    """
    return sys.platform == "emscripten"
