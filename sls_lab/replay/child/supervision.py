"""The child in two processes: one runs handlers, the other outlives it and cleans up.

A folder can be removed for good only once nothing writes to it any more, and a handler that is busy may write for ever.
So the process that removes the folder is not the one that runs the handler, and kills that first.
"""

from __future__ import annotations

import os
import select
import shutil
import signal


def supervise(folder: str, life: int, others: tuple[int, ...]) -> None:
    """Return in a new process, which is to run the handlers; this one waits for its end and removes `folder`.

    The new process is killed as soon as the other end of the pipe `life` is closed, which it is with the kit. This one
    closes `others`, the new one's connection to the kit, and ends in the way that the new one has ended.
    """
    ended, held = os.pipe()
    worker = os.fork()
    if not worker:
        os.setpgid(0, 0)
        os.close(life)
        os.close(ended)
        return
    for descriptor in (held, *others):
        os.close(descriptor)
    select.select([life, ended], [], [])
    os.kill(worker, signal.SIGKILL)
    _, status = os.waitpid(worker, 0)
    shutil.rmtree(folder, ignore_errors=True)
    if os.WIFSIGNALED(status):
        _end_by(os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def _end_by(number: int) -> None:
    """End by a signal, without a core."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number != signal.SIGKILL:  # which nobody can change
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
