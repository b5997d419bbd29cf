"""Run one program to its end, within limits, and never longer than this process lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LAUNCHER: Final = Path(__file__).with_name("launcher.py")
#: Wall-clock seconds for each second of processor time: a machine may be busy, but a program that waits must end.
_PATIENCE: Final = 20
#: Pyrefly's threads; chains of some hundred calls overflow the stack that Rust gives by default (2 MB).
_STACK: Final = str(64 * 1024 * 1024)
_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG")


class ProgramFailed(Exception):
    """A program could not be started, or did not end as it should; the message says which, and how."""


class TookTooLong(ProgramFailed):
    """A program used more time than it was given, and was ended."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program left: its exit code (negative for a signal) and what it wrote."""

    code: int
    output: str
    errors: str


def run_program(what: str, command: list[str], folder: Path, seconds: int, *, megabytes: int = 0) -> Ended:
    """Run `command` in `folder` with at most `seconds` of processor time and `megabytes` of memory (0: any).

    `what` is its name for messages. It inherits nothing but a few variables of the environment. Raises ProgramFailed.
    """
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | {"RUST_MIN_STACK": _STACK}
    limits = (str(seconds), str(megabytes))
    launched = [sys.executable, "-I", "-S", str(_LAUNCHER), str(os.getpid()), *limits, *command]
    if not os.access(command[0], os.X_OK):
        raise ProgramFailed(f"{what} could not be started: {command[0]} is not a program")
    try:
        done = subprocess.run(
            launched,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds * _PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        raise TookTooLong(f"{what} did not end within {seconds * _PATIENCE} seconds") from expired
    except OSError as error:
        raise ProgramFailed(f"{what} could not be started: {error.strerror or error}") from error
    if done.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        raise TookTooLong(f"{what} took more than {seconds} seconds of processor time")
    return Ended(done.returncode, done.stdout, done.stderr)
