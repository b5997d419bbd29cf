"""The child process, seen from the kit: started, spoken to, watched, and killed with all that it may have started."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sls_lab.facts import SlsLabError
from sls_lab.replay.exchange import decode, encode
from sls_lab.scratch import copy_application

_START: Final = Path(__file__).with_name("child") / "start.py"
_STARTING: Final = 60.0  #: seconds that the start may take on a loaded computer
_ENDING: Final = 30.0  #: seconds that its end may take there
_GRACE: Final = 2.0  #: seconds after the time is over before the child is killed
_LOOK: Final = 0.25  #: seconds between two looks at the folder's size
_LONGEST: Final = 64 << 20  #: bytes of one message


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may take: seconds, megabytes of memory, megabytes of files, and hops."""

    seconds: float = 10.0
    memory_mb: int = 512
    files_mb: int = 64
    hops: int = 50


class ChildEnded(SlsLabError):
    """The child process has ended; `why` is a clause for the report."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the process that runs the handlers has ended: {why}")
        self.why = why


class Child:
    """One child process and its throw-away folder, which holds a copy of the application that is loaded.

    It has none of the user's environment, no network, and ends with this object, with the kit, and on every error. It
    is started when it is first needed, started anew after it has ended, and kept for one application after the other.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._end: weakref.finalize[Any, Any] = weakref.finalize(self, _nothing)
        self._end.detach()
        self._process: subprocess.Popen[bytes] | None = None
        self.loaded = 0  #: applications since its start

    def load(self, application: Path) -> None:
        """Put a fresh copy of the application into the folder, and empty the others.

        Raises ChildEnded where the child does not come up, UnusableChange where the folder cannot be copied.
        """
        if not self.alive:
            self._come_up()
        self.loaded += 1
        for name in ("task", "tmp", "outside"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        copy_application(application, self.folder / "task")
        for name in ("tmp", "outside"):
            (self.folder / name).mkdir(exist_ok=True)

    def _come_up(self) -> None:
        self.close()
        self.folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="sls-lab-replay-")))
        self._buffer = b""
        self._deadline = 0.0
        self.loaded = 0
        self._end = weakref.finalize(self, _remove, None, self.folder, ())
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    def _start(self) -> None:
        to_child, from_kit = os.pipe()
        to_kit, from_child = os.pipe()
        life, held = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", str(_START), str(self.folder), str(to_child), str(from_child), str(life)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=self.folder,
                env=_environment(self.folder),
                pass_fds=(to_child, from_child, life),
                start_new_session=True,
            )
        finally:
            for descriptor in (to_child, from_child, life):
                os.close(descriptor)
        self._end.detach()
        self._in, self._out = from_kit, to_kit
        self._end = weakref.finalize(self, _remove, self._process, self.folder, (from_kit, to_kit, held))
        self.allow(_STARTING)
        self.send({"memory": self.limits.memory_mb, "file": self.limits.files_mb})
        self.receive()

    @property
    def pid(self) -> int:
        """The number of the process; it must have been started."""
        assert self._process is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can still be spoken to."""
        return self._end.alive and self._process is not None and self._process.poll() is None

    def allow(self, seconds: float) -> None:
        """From now on, so long may pass before the child is killed."""
        self._deadline = time.monotonic() + seconds + _GRACE

    @property
    def left(self) -> float:
        """The seconds that are left of what was allowed."""
        return max(0.05, self._deadline - _GRACE - time.monotonic())

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message. Raises ChildEnded."""
        data = encode(message)
        try:
            while data:
                data = data[os.write(self._in, data) :]
        except OSError as error:
            raise self._ended(self._last_words()) from error

    def receive(self) -> dict[str, Any]:
        """The next message. Raises ChildEnded if none comes in time; the child has then been ended."""
        while b"\n" not in self._buffer:
            wait = min(_LOOK, self._deadline - time.monotonic())
            if wait <= 0:
                raise self._ended(f"no answer within {self.limits.seconds:g} seconds")
            ready, _, _ = select.select([self._out], [], [], wait)
            if not ready:
                self.look_at_size()
                continue
            data = os.read(self._out, 1 << 20)
            if not data:
                raise self._ended(self._last_words())
            self._buffer += data
            if len(self._buffer) > _LONGEST:
                raise self._ended("it says more than a replay takes")
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            return decode(line)
        except (ValueError, RecursionError) as error:
            raise self._ended("it sends what is not a message") from error

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Take up what a message says. Raises ChildEnded where that is not what the child says by itself: a handler has
        got at its words, so that nothing it says from then on would be true.
        """
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._ended("it sends what is not a message") from error

    def look_at_size(self) -> None:
        """Raise ChildEnded where the throw-away folder holds more than it may."""
        size = 0
        for name in ("tmp", "outside"):
            for file in (self.folder / name).rglob("*"):
                try:
                    size += file.lstat().st_size
                except OSError:
                    continue  # removed meanwhile
        if size > self.limits.files_mb << 20:
            raise self._ended(f"its files take more than {self.limits.files_mb} MB")

    def close(self) -> None:
        """End the child and remove its folder; a second time nothing happens."""
        self._end()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ended(self, why: str) -> ChildEnded:
        self.close()
        return ChildEnded(why)

    def _last_words(self) -> str:
        """Why a child that closed the connection has ended."""
        assert self._process is not None and self._process.stderr is not None
        try:
            status = self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            return "it closed the connection"
        words = self._process.stderr.read().decode("utf-8", "backslashreplace").strip().split("\n")[-1]
        if status < 0:
            return f"by signal {signal.Signals(-status).name}"
        return words[:300] or f"with exit status {status}"


def _environment(folder: Path) -> dict[str, str]:
    """What Python itself needs; of the user's own variables nothing."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MALLOC_ARENA_MAX": "2",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _nothing() -> None:
    """What there is to be done where nothing was started."""


def _remove(process: subprocess.Popen[bytes] | None, folder: Path, descriptors: tuple[int, ...]) -> None:
    for descriptor in descriptors:  # at which the child ends, with the process that runs the handlers
        os.close(descriptor)
    if process is not None:
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stderr is not None:
            process.stderr.close()
    shutil.rmtree(folder, ignore_errors=True)
