"""Many analyses on one machine, one after the other: thirty at once end sooner when they wait for each other.

One lock for each processor, which nobody who is dead holds.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sls_lab.facts.telling import Telling
from sls_lab.taint.run.file_lock import lock_file

_PAUSE: Final = 0.2  #: seconds between two looks
_LONGEST: Final = 1800.0  #: seconds after which waiting ends: a lock may be held by mistake


def queue_folder() -> Path:
    """Where all users of this machine queue."""
    return Path(tempfile.gettempdir()) / "sls-lab-queue"


@contextmanager
def turn(progress: Telling, folder: Path | None = None, places: int | None = None) -> Iterator[None]:
    """Wait until fewer than `places` others (default: one for each processor) run, and count as running meanwhile.

    `progress` is told how many are before this one. Where no lock can be had (no file locks, no folder), it does not
    wait.
    """
    queue = _Queue(folder or queue_folder(), places or os.cpu_count() or 1)
    try:
        held = queue.wait(progress)
    except OSError:
        yield
        return
    try:
        yield
    finally:
        for descriptor in held:
            os.close(descriptor)


class _Queue:
    def __init__(self, folder: Path, places: int) -> None:
        self._folder = folder
        self._places = places

    def wait(self, progress: Telling) -> list[int]:
        """The locks that are held, by their file descriptors."""
        with contextlib.suppress(FileExistsError):
            self._folder.mkdir()
            self._folder.chmod(0o1777)
        ticket = self._folder / f"ticket-{time.time_ns():020d}-{os.getpid()}"
        waiting = _locked(ticket)
        until = time.monotonic() + _LONGEST
        told = -1
        try:
            while time.monotonic() < until:
                before = self._before(ticket)
                if before < self._places:
                    for number in range(self._places):
                        place = _locked(self._folder / f"place-{number}")
                        if place is not None:
                            return [place]
                if before + 1 != told:
                    told = before + 1
                    progress(f"waiting for other analyses on this machine: {told} before this one")
                time.sleep(_PAUSE)
            return []
        finally:
            ticket.unlink(missing_ok=True)
            if waiting is not None:
                os.close(waiting)

    def _before(self, ticket: Path) -> int:
        """How many came earlier and still wait; tickets of the dead are removed."""
        count = 0
        for other in sorted(self._folder.glob("ticket-*")):
            if other.name >= ticket.name:
                break
            lock = _locked(other, create=False)
            if lock is None:
                count += 1
            else:
                os.close(lock)
                with contextlib.suppress(OSError):
                    other.unlink()
        return count


def _locked(file: Path, *, create: bool = True) -> int | None:
    """The file's descriptor with a lock, None where another process holds it."""
    flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        # What another user has made here may be opened, and not created once more:
        # https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-regular
        descriptor = os.open(file, flags)
    except FileNotFoundError:
        if not create:
            return None
        descriptor = os.open(file, flags | os.O_CREAT, 0o666)
    with contextlib.suppress(OSError):
        os.fchmod(descriptor, 0o666)
    if lock_file(descriptor):
        return descriptor
    os.close(descriptor)
    return None
