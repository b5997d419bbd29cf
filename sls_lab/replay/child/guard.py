"""The second line: an audit hook, which cannot be taken out again, refuses what got around the recorder.

https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any, Final

from sls_lab.replay.child.files import Files
from sls_lab.replay.child.recorder import Recorder

_STARTING: Final = frozenset(
    {"os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "subprocess.Popen", "pty.spawn"}
)
_CONNECTING: Final = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)
_CHANGING: Final = {
    "os.remove": 1,
    "os.rmdir": 1,
    "os.mkdir": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.chmod": 1,
    "os.chown": 1,
    "os.truncate": 1,
    "os.utime": 1,
}
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def refuse_the_rest(recorder: Recorder, files: Files) -> None:
    """Refuse, for good, to start programs, to connect, and to touch files elsewhere while the application runs."""

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in _STARTING or event in _CONNECTING or event == "os.kill":
            recorder.danger("process" if event in _STARTING else "socket", event, _shown(given))
            raise PermissionError(f"{event} is not carried out in a replay")
        if not files.watching:
            return
        if event == "open":
            _check(files, recorder, given[0], _is_written(given), event)
        elif event in _CHANGING:
            for path in given[: _CHANGING[event]]:
                _check(files, recorder, _absolute(path, given[-1]), True, event)
        elif event == "ctypes.dlopen" and _called_by_application(recorder):
            recorder.danger("native", "ctypes", _shown(given))
            raise OSError("a library is not loaded in a replay")

    sys.addaudithook(hook)


def _is_written(given: tuple[Any, ...]) -> bool:
    mode, flags = given[1], given[2]
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & _WRITING)


def _check(files: Files, recorder: Recorder, path: Any, writing: bool, event: str) -> None:
    if not isinstance(path, str | bytes | os.PathLike):
        return
    if not writing and files.of_library(os.fsdecode(path)):
        return
    with files.looking():
        real = os.path.realpath(os.path.join(os.getcwd(), os.fsdecode(path)))
    allowed: Callable[[str], bool] = files.may_write if writing else files.may_read
    if not allowed(real):
        recorder.danger("file", event, os.fsdecode(path), writing=writing, outside=True)
        raise PermissionError(f"{os.fsdecode(path)} is not opened in a replay")


def _absolute(path: Any, folder: Any) -> Any:
    """A path that is given relative to an open folder, in full; Linux knows the name of such a folder."""
    link = f"/proc/self/fd/{folder}"
    if not isinstance(folder, int) or folder < 0 or not isinstance(path, str) or os.path.isabs(path):
        return path
    try:
        return os.path.join(os.readlink(link), path)
    except OSError:
        return path


def _called_by_application(recorder: Recorder) -> bool:
    """Whether the innermost code that is not ctypes itself is the application's."""
    frame = sys._getframe(2)
    while frame.f_back is not None and "ctypes" in frame.f_code.co_filename:
        frame = frame.f_back
    return recorder.places.of_application(frame.f_code)


def _shown(given: tuple[Any, ...]) -> str:
    return ", ".join(str(value) for value in given if isinstance(value, str | bytes | tuple | list | int))[:2_000]
