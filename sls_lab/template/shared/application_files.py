"""Files of the application, and of nothing else."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from sls_lab.facts import Diagnostic, Span

MAX_BYTES: Final = 16 * 1024 * 1024  #: CloudFormation allows a template of 1 MB
_CHUNK: Final = 4 * 1024 * 1024
_MOST_CHUNKS: Final = 256


def read_text(root: Path, relative: str) -> str | Diagnostic:
    """The text of the file `relative` to the application's folder `root`, without a byte order mark.

    UTF-8, or UTF-16 with a byte order mark. A path that leads out of the folder, through a symbolic link too, is
    refused (`path-outside`); a file that is missing, not a regular file, too large or undecodable gives a diagnostic
    as well, whose span is None unless the place is in the file itself. Never raises.
    """
    data = read_bytes(root, relative)
    if isinstance(data, Diagnostic):
        return data
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{relative} is not {encoding.removesuffix('-sig').upper()} (byte {error.start}): save it as UTF-8."
        return Diagnostic("undecodable", message, Span(relative, line, 0, line, 0))


def read_bytes(root: Path, relative: str) -> bytes | Diagnostic:
    """The bytes of a file, or why it is not read, as for `read_text`. Never raises."""
    path = inside(root, relative)
    if isinstance(path, Diagnostic):
        return path
    try:
        if not path.exists():
            return Diagnostic("file-missing", f"There is no file {relative}: add it or fix the path.")
        if not path.is_file():
            return Diagnostic("file-missing", f"{relative} is not a regular file: fix the path.")
        size = path.stat().st_size
        if size > MAX_BYTES:
            message = f"{relative} has {size:,} bytes, more than the {MAX_BYTES:,} that are read: split it."
            return Diagnostic("file-too-large", message)
        return path.read_bytes()
    except OSError as error:
        return Diagnostic("file-unreadable", f"{relative} cannot be read ({error.strerror}): fix its path or mode.")


def find_words(root: Path, relative: str, words: tuple[bytes, ...]) -> frozenset[bytes]:
    """Those of `words` that occur in the first gigabyte of a file; all of them where it cannot be read."""
    found: set[bytes] = set()
    before = b""
    try:
        with (root / relative).open("rb") as stream:
            for _ in range(_MOST_CHUNKS):
                chunk = stream.read(_CHUNK)
                if not chunk or len(found) == len(words):
                    break
                found.update(word for word in words if word in before + chunk)
                before = chunk[-max(map(len, words)) :]
    except OSError:
        return frozenset(words)
    return frozenset(found)


def inside(root: Path, relative: str) -> Path | Diagnostic:
    """The real path of `relative` where it lies within `root`, else a diagnostic without a span."""
    try:
        path = (root / relative).resolve()
        within = path.is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # a loop of links, a null byte, a name too long
        return Diagnostic("file-missing", f"{relative!r} is not a path that can be read: fix it.")
    if not within:
        message = f"{relative} lies outside of the application's folder and is not read: move it in."
        return Diagnostic("path-outside", message)
    return path


def is_file(path: Path) -> bool:
    """Whether `path` is a regular file that may be looked at."""
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder that may be looked at."""
    try:
        return path.is_dir()
    except OSError:
        return False
