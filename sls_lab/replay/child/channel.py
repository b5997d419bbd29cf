"""The child's end of the connection to the kit."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from sls_lab.replay.exchange import decode, encode


class Channel:
    """Messages to the kit and from it, one a line.

    `interruptible` while code of the application runs: then alone the time's end may be raised, so that no message is
    left half sent or unread.
    """

    def __init__(self, source: int, target: int) -> None:
        self._source: BinaryIO = os.fdopen(source, "rb")
        self._target: BinaryIO = os.fdopen(target, "wb")
        self._lock = threading.Lock()
        self.interruptible = False

    def send(self, message: Mapping[str, Any]) -> None:
        """Send one message."""
        before, self.interruptible = self.interruptible, False
        line = encode(message)
        with self._lock:
            self._target.write(line)
            self._target.flush()
        self.interruptible = before

    def receive(self) -> dict[str, Any] | None:
        """The next message; None once the kit has closed the connection."""
        line = self._source.readline()
        return decode(line) if line else None
