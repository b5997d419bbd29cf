"""Where results go: standard output, a file, or a new folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sls_lab.cli.console import CommandError, write_out
from sls_lab.facts.whole_files import write_whole


def check_place(file: Path | None) -> None:
    """Raise CommandError where `file` could not be written, before time is spent on its content."""
    if file is None:
        return
    if file.is_dir():
        raise CommandError(f"{file} is a folder: give --output the name of a file")
    if not file.absolute().parent.is_dir():
        raise CommandError(f"{file} cannot be written: there is no folder {file.absolute().parent}")


def deliver(text: str, file: Path | None) -> None:
    """Write a result to standard output, or to `file`. Raises CommandError where that cannot be written."""
    if file is None:
        write_out(text)
        return
    try:
        _replace(file, text)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror or error}") from error


def _replace(file: Path, text: str) -> None:
    data = text.encode("utf-8", "backslashreplace")
    if file.exists() and not file.is_file():  # /dev/stdout, a pipe
        file.write_bytes(data)
        return
    target = file.resolve()
    write_whole(target, data, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def check_folder(folder: Path | None, application: Path) -> None:
    """Raise CommandError where `folder` is not new or empty, or has to do with the application's own."""
    if folder is None:
        return
    target, root = folder.resolve(), application.resolve()
    if target == root or root in target.parents:
        raise CommandError(f"{folder} lies in the application: choose a folder outside {application}")
    if target in root.parents:
        raise CommandError(f"{folder} holds the application: choose an empty folder")
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise CommandError(f"{folder} is not empty: choose a new or an empty folder")
    except OSError as error:
        raise CommandError(f"{folder} cannot be read: {error.strerror or error}") from error


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files, by their names relative to `folder`. Raises CommandError where that cannot be done."""
    target = folder.resolve()
    try:
        for name, text in texts.items():
            file = (target / name).resolve()
            if target not in file.parents:
                raise CommandError(f"{name!r} would be written outside {folder}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise CommandError(f"{error.filename or folder} cannot be written: {error.strerror or error}") from error
