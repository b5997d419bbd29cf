"""Files: `/tmp` is a folder of this replay alone, the application's folder is read-only, everything else is recorded.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sls_lab.replay.child.recorder import Recorder, put

#: What libraries read and what holds no secrets.
_HARMLESS: Final = ("/dev/null", "/dev/urandom", "/dev/random", "/dev/zero", "/usr/share/zoneinfo", "/etc/localtime")
_HARMLESS_FILES: Final = ("/etc/mime.types", "/proc/self/status", "/proc/cpuinfo", "/proc/meminfo")
#: What the application calls the folders of a replay.
_VIRTUAL: Final = {"/tmp": "tmp", "/var/task": "task"}
_READING: Final = ("stat", "lstat", "listdir", "scandir", "access", "readlink")
_REMOVING: Final = ("remove", "unlink", "rmdir", "removedirs")
_CHANGING: Final = ("mkdir", "makedirs", "chmod", "chown", "utime", "truncate", "mkfifo")
_MOVING: Final = ("rename", "renames", "replace", "link", "symlink")


def readable_roots() -> tuple[str, ...]:
    """The folders of Python and its libraries, from which modules and their data are read."""
    paths = {sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, *sysconfig.get_paths().values()}
    return tuple(sorted(os.path.realpath(path) for path in paths if path and path != os.sep))


def below(path: str, folders: Iterable[str]) -> bool:
    """Whether a real path is one of `folders` or lies in one."""
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


@dataclass
class Files:
    """Maps paths, records what leads out, and replaces the functions that take a path.

    `folder` (a real path) is the throw-away folder with `task` (the application) and `tmp`.
    """

    recorder: Recorder
    folder: str
    roots: tuple[str, ...]
    outside: int = 0
    _busy: threading.local = field(default_factory=threading.local)

    def __post_init__(self) -> None:
        self._library = tuple(root + os.sep for root in self.roots)

    @property
    def watching(self) -> bool:
        """Whether the application runs, and no path is being looked at already (which looks at paths itself)."""
        return self.recorder.active and not getattr(self._busy, "now", False)

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Let this thread look at paths itself."""
        before, self._busy.now = getattr(self._busy, "now", False), True
        try:
            yield
        finally:
            self._busy.now = before

    @property
    def temporary(self) -> str:
        """What the application sees as `/tmp`."""
        return os.path.join(self.folder, "tmp")

    def real(self, path: str) -> str:
        """The path on this machine of what the application calls `path`."""
        given = os.path.normpath(os.path.join(self.shown(os.getcwd()), path))
        if below(given, (self.folder,)):
            return given
        for virtual, folder in _VIRTUAL.items():
            if below(given, (virtual,)):
                return os.path.join(self.folder, folder) + given[len(virtual) :]
        return given

    def shown(self, real: str) -> str:
        """A path on this machine as the application sees it."""
        for virtual, folder in _VIRTUAL.items():
            inner = os.path.join(self.folder, folder)
            if below(real, (inner,)):
                return virtual + real[len(inner) :]
        return real

    def of_library(self, path: str) -> bool:
        """Whether a path as it is written lies among Python's libraries: most do, and are not looked at further."""
        return path.startswith(self._library) and ".." not in path

    def may_read(self, real: str) -> bool:
        """Whether a real path is one that handlers and libraries may read."""
        return below(real, (self.folder, *self.roots, *_HARMLESS)) or real in _HARMLESS_FILES

    def may_write(self, real: str) -> bool:
        """Whether a real path lies where Lambda lets a handler write."""
        return below(real, (self.temporary, os.path.join(self.folder, "outside"), "/dev/null"))

    def install(self) -> None:
        """Take the place of the functions that take paths."""
        opened = self._opening(io.open)
        put(builtins, [("open", opened)])
        put(io, [("open", opened)])
        put(os, [("open", self._opening_low(os.open)), ("chdir", self._change_folder(os.chdir))])
        put(os, [(name, self._one_path(name, getattr(os, name), None)) for name in _READING])
        put(os, [(name, self._one_path(name, getattr(os, name), "file-removal")) for name in _REMOVING])
        put(os, [(name, self._one_path(name, getattr(os, name), "file")) for name in _CHANGING])
        put(os, [(name, self._two_paths(name, getattr(os, name))) for name in _MOVING])

    def _opening(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def open(file: Any, mode: str = "r", *rest: Any, **given: Any) -> Any:
            if isinstance(file, int) or not self.watching:
                return original(file, mode, *rest, **given)
            writing = any(letter in mode for letter in "wax+")
            return original(self._checked(file, writing, "open", "file"), mode, *rest, **given)

        return open

    def _opening_low(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def open(path: Any, flags: int, *rest: Any, **given: Any) -> Any:
            if not self.watching:
                return original(path, flags, *rest, **given)
            folder = given.pop("dir_fd", None)
            if folder is not None and not os.path.isabs(path):
                path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), os.fsdecode(path))
            writing = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
            return original(self._checked(path, writing, "os.open", "file"), flags, *rest, **given)

        return open

    def _checked(self, given: Any, writing: bool, name: str, kind: str | None) -> Any:
        """The real path of an access that is let through; recorded where the application makes it, or it leads out."""
        path = os.fsdecode(given)
        if not writing and self.of_library(path):
            return given
        with self.looking():
            real = os.path.realpath(self.real(path))
        allowed = self.may_write(real) if writing else self.may_read(real)
        library = below(real, self.roots)
        if kind is not None and not library and (not allowed or self._of_interest(real)):
            self.recorder.danger(kind, name, path, writing=writing, outside=not allowed, resolved=self.shown(real))
        if allowed:
            return self.real(path)
        if below(real, (os.path.join(self.folder, "task"),)):
            raise OSError(errno.EROFS, "Read-only file system", path)
        if writing:
            return self._aside(path)
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)

    def _of_interest(self, real: str) -> bool:
        return not below(real, (os.path.join(self.folder, "task"),)) and self.recorder.places.nearest() is not None

    def _aside(self, path: str) -> str:
        """A file that takes what would be written elsewhere."""
        self.outside += 1
        return os.path.join(self.folder, "outside", str(self.outside))

    def _change_folder(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def chdir(path: Any) -> None:
            if self.watching:
                message = f"the handler changes its folder to {path!r}; the next one starts anew"
                self.recorder.note("folder-changed", message)
                path = self._checked(path, False, "os.chdir", None) if not isinstance(path, int) else path
            original(path)

        return chdir

    def _one_path(self, name: str, original: Callable[..., Any], kind: str | None) -> Callable[..., Any]:
        def answer(path: Any = ".", *rest: Any, **given: Any) -> Any:
            plain = isinstance(path, str | bytes | os.PathLike) and given.get("dir_fd") is None
            if not self.watching or not plain:
                return original(path, *rest, **given)
            return original(self._checked(path, kind is not None, f"os.{name}", kind), *rest, **given)

        return answer

    def _two_paths(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def answer(source: Any, target: Any, *rest: Any, **given: Any) -> Any:
            if not self.watching or given:
                return original(source, target, *rest, **given)
            first = source if name == "symlink" else self._checked(source, name != "link", f"os.{name}", "file-removal")
            return original(first, self._checked(target, True, f"os.{name}", "file"), *rest)

        return answer
