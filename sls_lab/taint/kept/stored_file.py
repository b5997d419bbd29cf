"""Files that were stored for later: read only where they are what was stored."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from sls_lab.facts import own_user

MAX_BYTES: Final = 8 * 1024 * 1024  #: a hundred times the largest recording of the examples


class NotAsStored(Exception):
    """The file is not one that was stored; the message ends a sentence that begins with its name."""


def read_stored(path: Path, *, own: bool = False, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file of at most `limit`.

    Pipes, devices and other things that never end are not waited for. With `own` the file must belong to this user,
    and nobody else may write to it. Raises NotAsStored and OSError.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise NotAsStored("is not a regular file")
        if own and (user := own_user()) is not None and (about.st_uid != user or about.st_mode & 0o022):
            raise NotAsStored("belongs to another user or can be written by others")
        if about.st_size > limit:
            raise NotAsStored(f"has {about.st_size:,} bytes, more than the {limit:,} that are read")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise NotAsStored(f"has more than the {limit:,} bytes that are read")
    return data
