"""Locks on files. The system takes a lock away from a process that ends, however it ends."""

from __future__ import annotations


class NoFileLocks(OSError):
    """Files cannot be locked on this system."""


def lock_file(descriptor: int) -> bool:
    """Take the lock of an open file, and keep it until the file is closed; False where another process holds it.

    Does not wait. Raises NoFileLocks where there are none: on Windows, and in a browser; and OSError.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError as error:
        raise NoFileLocks("this system has no locks on files") from error
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
