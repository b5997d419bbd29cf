"""Chance: the same with each request, so that what is recorded of a replay does not depend on the day."""

from __future__ import annotations

import os
import random
import tempfile

from sls_lab.replay.child.recorder import Recorder, put


class Chance:
    """Takes the place of the system's random bytes, from which `uuid`, `secrets` and `tempfile` make their names.

    It does so for handlers alone: moto tells its stores apart by identifiers that must not come again.
    """

    def __init__(self, recorder: Recorder) -> None:
        """Bytes are the system's where `recorder` records nothing."""
        self._recorder, self._system = recorder, os.urandom
        self._made = random.Random(0)

    def install(self) -> None:
        """Put it in their place. Whoever needs bytes that nobody can guess is not in a replay."""
        put(os, [("urandom", self._bytes)])
        put(random, [("_urandom", self._bytes)])

    def begin(self) -> None:
        """Begin anew, for the next request."""
        self._made.seed(0)
        random.seed(0)
        names = tempfile._RandomNameSequence()  # type: ignore[attr-defined]
        names._rng, names._rng_pid = self._made, os.getpid()
        tempfile._name_sequence = names  # type: ignore[attr-defined]

    def _bytes(self, size: int) -> bytes:
        return self._made.randbytes(size) if self._recorder.active else self._system(size)
