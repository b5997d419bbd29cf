"""The way in: arguments to a command, its errors to sentences, its answer to an exit status."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sls_lab import __version__
from sls_lab.cli import INTERRUPTED
from sls_lab.cli.console import BAD_INPUT, CommandError, complain
from sls_lab.cli.parser import build_parser
from sls_lab.facts import SlsLabError

_TERMINATED = 143  #: 128 and the number of SIGTERM
_BROKEN_PIPE = 141  #: 128 and the number of SIGPIPE


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM end the program as an exception does, so that programs it started and folders it made go as well."""

    def end(*_: object) -> None:
        raise SystemExit(_TERMINATED)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def run_command(given: Sequence[str] | None) -> int:
    """Run the command that the arguments `given` name; returns the exit status."""
    with _ended_in_order():
        return _run(given)


def _run(given: Sequence[str] | None) -> int:
    try:
        parser = build_parser(__version__)
        if not (sys.argv[1:] if given is None else given):
            raise CommandError(f"name a command\n{parser.format_help().rstrip()}")
        arguments = parser.parse_args(given)
        # The rooms take longer to import than the help takes to print.
        if arguments.command == "quiz":
            from sls_lab.cli.quizzing import run_quiz

            return run_quiz(arguments, __version__)
        from sls_lab.cli import commands

        run = {
            "doctor": commands.run_doctor,
            "analyse": commands.run_analyse,
            "analyze": commands.run_analyse,
            "watch": commands.run_watch,
            "graph": commands.run_graph,
            "rewrite": commands.run_rewrite,
            "record": commands.run_record,
            "explain": commands.run_explain,
            "bench": commands.run_bench,
            "survey": commands.run_survey,
            "room": commands.run_room,
            "course": commands.run_course,
            "progress": commands.run_progress,
            "replay": commands.run_replay,
        }[arguments.command]
        return run(arguments, __version__)
    except SlsLabError as error:
        first, *usage = str(error).split("\n")
        complain(first)
        if usage:
            print(*usage, sep="\n", file=sys.stderr)
        return BAD_INPUT
    except SystemExit as end:  # --help and --version
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`). Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
