"""The way in: arguments to a command, its errors to sentences, its answer to an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from sls_lab import __version__
from sls_lab.cli.console import BAD_INPUT, complain
from sls_lab.cli.parser import build_parser
from sls_lab.facts import SlsLabError

_INTERRUPTED = 130  #: 128 and the number of SIGINT, as a shell has it
_BROKEN_PIPE = 141  #: 128 and the number of SIGPIPE


def main(given: Sequence[str] | None = None) -> int:
    """Run `sls-lab` with the arguments `given` (those of the program where None); returns the exit status.

    0 analysed; 1 flows found and `--fail-on-flow`; 2 bad arguments or unreadable input; 3 nothing could be analysed,
    or `--strict` and not complete; 130 interrupted; 141 where nobody read the output to its end.
    """
    try:
        arguments = build_parser(__version__).parse_args(given)
        # The rooms take longer to import than the help takes to print.
        from sls_lab.cli import commands

        run = {
            "doctor": commands.run_doctor,
            "analyse": commands.run_analyse,
            "analyze": commands.run_analyse,
            "graph": commands.run_graph,
            "rewrite": commands.run_rewrite,
            "record": commands.run_record,
            "explain": commands.run_explain,
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
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader has gone (`| head`). Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
