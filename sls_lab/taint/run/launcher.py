"""Starts a program that ends with the process that asked for it. Run as a script, never imported.

    python -I -S launcher.py PARENT SECONDS MEGABYTES PROGRAM ARGUMENT…

The kernel kills the program when PARENT (its process id) is gone, whatever ended that, and when it has used SECONDS of
processor time. It gets no more than MEGABYTES of memory, where that is not 0. Where the system is not Linux, it may
outlive PARENT until its time is over.
"""

import ctypes
import os
import resource
import signal
import sys

_SET_SIGNAL_OF_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG: https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html

if __name__ == "__main__":
    parent, seconds, megabytes, program = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_SIGNAL_OF_PARENTS_DEATH, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was told
            sys.exit(1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if megabytes:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.execv(program, sys.argv[4:])
