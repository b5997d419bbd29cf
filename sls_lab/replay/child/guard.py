"""The second line: an audit hook, which cannot be taken out again, refuses what got around the recorder.

https://docs.python.org/3/library/audit_events.html
"""

from __future__ import annotations

import os
import sys
import threading
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
#: Where in an event the folder is that each of its paths is relative to; -1 for none.
_CHANGING: Final = {
    "os.remove": (1,),
    "os.rmdir": (1,),
    "os.mkdir": (2,),
    "os.rename": (2, 3),
    "os.link": (2, 3),
    "os.symlink": (-1, 2),
    "os.chmod": (2,),
    "os.chown": (3,),
    "os.truncate": (-1,),
    "os.utime": (3,),
}
_LISTING: Final = frozenset({"os.listdir", "os.scandir"})
#: https://docs.python.org/3/library/ctypes.html; whoever has the address of a function can call it
_NATIVE: Final = frozenset(
    {"ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "ctypes.call_function", "ctypes.cdata", "ctypes.string_at"}
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def refuse_the_rest(recorder: Recorder, files: Files) -> None:
    """Refuse, for good, to start programs, to connect, and to touch files elsewhere while the application runs."""
    own = threading.get_ident()  # any other thread is the application's, and may outlast its handler

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event in _STARTING or event in _CONNECTING or event == "os.kill":
            recorder.danger("process" if event in _STARTING else "socket", event, _shown(given))
            raise PermissionError(f"{event} is not carried out in a replay")
        if not files.watching and threading.get_ident() == own:
            return
        if event == "open":
            _check(files, recorder, given[0], _is_written(given), event)
        elif event in _LISTING:
            _check(files, recorder, given[0] if given else ".", False, event)
        elif event in _CHANGING:
            for path, folder in zip(given, _folders(event, given), strict=False):
                _check(files, recorder, _absolute(path, folder), True, event)
        elif event in _NATIVE and _called_by_application(recorder):
            recorder.danger("native", "ctypes", _shown(given))
            raise OSError("code of a library is not called in a replay")

    sys.addaudithook(hook)


def _folders(event: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
    """The folder that each path of an event is relative to, as an open descriptor; -1 for the current one."""
    return tuple(given[place] if 0 <= place < len(given) else -1 for place in _CHANGING[event])


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
