"""Standard output for results, standard error for everything else."""

from __future__ import annotations

import os
import shutil
import sys
import threading
from types import TracebackType
from typing import Final, TextIO

from sls_lab.facts import SlsLabError
from sls_lab.report.display import cells, one_line

_PATIENCE = 1.0  #: seconds that a step may take before it is reported where there is no terminal
_PIPE_COLUMNS = 100
_FROM_CACHE = "from the cache"

# Exit status of `sls-lab`.
FINE: Final = 0
FLOWS: Final = 1
BAD_INPUT: Final = 2
NOT_ANALYSED: Final = 3


class CommandError(SlsLabError):
    """What the user has to put right: bad arguments, or a place that cannot be written to."""


def is_terminal(stream: TextIO | None) -> bool:
    """Whether the stream is a terminal. A closed stream (None) is not."""
    return stream is not None and stream.isatty()


def coloured(stream: TextIO | None) -> bool:
    """Whether to write colours: on a terminal that has them, unless `NO_COLOR` is set (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO | None) -> int:
    """The width to wrap to: the terminal's (or `COLUMNS`), 100 where the stream is not a terminal."""
    if not is_terminal(stream) and not os.environ.get("COLUMNS", "").isdigit():
        return _PIPE_COLUMNS
    return shutil.get_terminal_size((80, 24)).columns


def write_out(text: str) -> None:
    """Write a result to standard output as UTF-8, whatever the locale says.

    Raises BrokenPipeError where its reader has closed it, CommandError where it cannot be written.
    """
    if sys.stdout is None:
        raise CommandError("standard output is closed; use --output")
    raw = getattr(sys.stdout, "buffer", None)
    try:
        if raw is None:  # standard output was replaced by something that takes text alone
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            raw.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"standard output cannot be written: {error.strerror or error}") from error


def say(text: str, *, style: str = "") -> None:
    """Write one line to standard error; `style` is a number of SGR, used on a terminal alone."""
    if sys.stderr is None:
        return
    line = one_line(text)
    if style and coloured(sys.stderr):
        line = f"\x1b[{style}m{line}\x1b[0m"
    # A narrow locale must not turn a message into a traceback.
    encoding = sys.stderr.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), file=sys.stderr, flush=True)


def complain(text: str) -> None:
    """Say what is wrong."""
    say(f"sls-lab: {text}", style="31")


class StepProgress:
    """Reports on standard error which step is under way.

    On a terminal one line is rewritten for each step and removed at the end. Elsewhere, so that logs stay short, a
    step is reported only if it takes longer than a second. An answer from the cache is always reported.
    """

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet or self._stream is None
        self._terminal = not self._quiet and is_terminal(self._stream)
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> StepProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._settle()

    def __call__(self, step: str) -> None:
        """Begin `step`, one short sentence."""
        self._settle()
        if self._quiet:
            return
        if step.endswith(_FROM_CACHE):
            self._write(one_line(step) + "\n")
        elif self._terminal:
            self._write("\r" + _fitting(f"{one_line(step)} …", columns(self._stream)))
        else:
            self._timer = threading.Timer(_PATIENCE, self._write, [f"{one_line(step)} …\n"])
            self._timer.daemon = True
            self._timer.start()

    def _settle(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._terminal and not self._quiet:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        with self._lock:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()


def _fitting(line: str, room: int) -> str:
    """As much of `line` as fits on one line of the terminal, since a wrapped line cannot be rewritten in place."""
    while cells(line) >= room:
        line = line[:-2] + "…"
    return line
