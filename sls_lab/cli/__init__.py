"""The command `sls-lab`: the only part of the package that prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]

INTERRUPTED = 130  #: 128 and the number of SIGINT, as a shell has it


def main(given: Sequence[str] | None = None) -> int:
    """Run `sls-lab` with the arguments `given` (those of the program where None); returns the exit status.

    0 analysed; 1 flows found and `--fail-on-flow`; 2 bad arguments or unreadable input; 3 nothing could be analysed,
    or `--strict` and not complete; 130 interrupted; 141 if the reader of the output closed it early.
    """
    try:  # loading the modules takes long enough to be interrupted
        from sls_lab.cli.command_line import run_command
    except KeyboardInterrupt:
        print("sls-lab: interrupted", file=sys.stderr)
        return INTERRUPTED
    return run_command(given)
