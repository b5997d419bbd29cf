"""The folder in which one run is laid out, gone when the run is over, at the latest when the next one begins."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sls_lab.facts import own_user
from sls_lab.taint.run.file_lock import lock_file

#: Pyrefly's export is about 41 MB; twice that leaves room for many applications.
ROOM_NEEDED: Final = 100 * 1024 * 1024
_MEMORY = Path("/dev/shm")
_PREFIX: Final = "sls-lab-run-"
_LOCK: Final = ".owner"
_ABANDONED: Final = 3600.0  #: seconds after which no run is about to lock a folder without a lock


@contextmanager
def staging_folder() -> Iterator[Path]:
    """A temporary folder, in memory where there is room: Pyrefly's export is thousands of small files.

    Docker gives /dev/shm 64 MB unless told otherwise, which is too little, and it may be read-only. What runs that were
    killed have left is removed first. Raises OSError.
    """
    remove_left_over()
    folder = _new_folder()
    lock = os.open(folder / f"{_LOCK}.new", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(lock)
        (folder / f"{_LOCK}.new").rename(folder / _LOCK)  # under its own name it is never without its lock
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def remove_left_over() -> None:
    """Remove the folders of this user's runs that were killed: those whose lock no process holds."""
    for place in _places():
        for folder in place.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                if folder.is_dir() and not folder.is_symlink() and _is_own(folder) and _is_abandoned(folder):
                    shutil.rmtree(folder, ignore_errors=True)


def _new_folder() -> Path:
    for place in _places():
        with contextlib.suppress(OSError):
            if place != _MEMORY or shutil.disk_usage(place).free > ROOM_NEEDED:
                return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place)).resolve()
    return Path(tempfile.mkdtemp(prefix=_PREFIX)).resolve()  # raises what is wrong


def _places() -> list[Path]:
    found = [_MEMORY] if _MEMORY.is_dir() else []
    with contextlib.suppress(FileNotFoundError):  # no folder at all is usable
        found.append(Path(tempfile.gettempdir()))
    return found


def _is_own(folder: Path) -> bool:
    return own_user() in (None, folder.stat().st_uid)


def _is_abandoned(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > _ABANDONED
    try:
        return _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Whether the lock could be had; without file locks a folder counts as held."""
    try:
        return lock_file(descriptor)
    except OSError:
        return False
