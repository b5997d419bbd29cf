"""Starts a program that ends with the process that asked for it. Run as a script, never imported.

    python -I -S launcher.py PARENT SECONDS PROGRAM ARGUMENT…

The kernel kills the program when PARENT (its process id) is gone, whatever ended that, and when it has used SECONDS of
processor time. Where the system is not Linux, the time alone is limited.
"""

import ctypes
import os
import resource
import signal
import sys

_SET_SIGNAL_OF_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG: https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html

if __name__ == "__main__":
    parent, seconds, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_SIGNAL_OF_PARENTS_DEATH, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was told
            sys.exit(1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(program, sys.argv[3:])
