"""Limits of the child process: memory, files, time."""

from __future__ import annotations

import resource
import signal
import sys
from types import FrameType
from typing import Final

from sls_lab.replay.child.channel import Channel
from sls_lab.replay.child.endings import OutOfTime

_MEGABYTE: Final = 1 << 20
_ROOM: Final = 192  #: megabytes of addresses for code and stacks, beyond what data may take


def limit_resources(memory_mb: int, file_mb: int) -> None:
    """Bound the memory of the process and the size of each of its files; no core is dumped.

    Where the system knows no bound for data (macOS), the kit's own watch over time and files remains.
    """
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    bounds = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: file_mb * _MEGABYTE, resource.RLIMIT_NOFILE: 256}
    bounds[kind] = memory_mb * _MEGABYTE
    if sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = (memory_mb + _ROOM) * 2 * _MEGABYTE
    for which, bound in bounds.items():
        _, hard = resource.getrlimit(which)
        wanted = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        try:
            resource.setrlimit(which, (wanted, wanted))
        except (ValueError, OSError):
            continue  # macOS refuses some bounds; the others hold
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write beyond the bound is an OSError, not the end


class Alarm:
    """Raises OutOfTime in the main thread once the time of a request is over, and again until the handler ends."""

    _AGAIN: Final = 0.2  #: seconds; a handler may catch what it is sent

    def __init__(self, channel: Channel) -> None:
        self.armed = False
        self._channel = channel

    def start(self, seconds: float) -> None:
        """Begin to count."""
        self.armed = True
        signal.signal(signal.SIGALRM, self._ring)  # a handler before may have taken its place
        signal.setitimer(signal.ITIMER_REAL, seconds, self._AGAIN)

    def stop(self) -> None:
        """Count no more."""
        self.armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self.armed and self._channel.interruptible:
            raise OutOfTime
