"""What the system under this Python can do, where that decides what the kit does."""

from __future__ import annotations

import os
import sys
from typing import Final

#: Why step 5 and replays show what was recorded where the course runs in a browser.
NO_PROCESSES: Final = "a browser starts no programs"
#: Why replays show what was recorded on Windows, and why there is no survey.
NO_LIMITS: Final = "Windows does not limit what a program uses (WSL 2 does)"


def in_browser() -> bool:
    """Whether this Python runs in a browser, which can start no other program.

    See https://docs.python.org/3/library/sys.html#sys.platform.
    """
    return sys.platform == "emscripten"


def on_windows() -> bool:
    """Whether this Python runs on Windows itself, which does not have what POSIX systems have; WSL does.

    See https://docs.python.org/3/library/os.html#os.name.
    """
    return os.name == "nt"


def own_user() -> int | None:
    """The number of the user whose rights this process has; None where users have none, as on Windows."""
    number = getattr(os, "geteuid", None)
    return None if number is None else int(number())
