"""A copy of an application to try changes on; the original is never written to."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from sls_lab.facts import SlsLabError

# Folders of dependencies, of tools and of what they build: nothing of them is read, so nothing of them is copied. What
# CDK builds is read, template and code alike.
_SKIPPED: Final = shutil.ignore_patterns(
    ".git", ".venv", "venv", "node_modules", "__pycache__", ".serverless", ".aws-sam", ".mypy_cache"
)


class UnusableChange(SlsLabError):
    """A change names a file that is not one of the application's."""


class Scratch:
    """A copy of the folder `original`, in the system's folder for temporary files, removed with this object.

    The copy's last part has the original's name, so that the application keeps its own. Raises UnusableChange where
    the folder cannot be copied.
    """

    def __init__(self, original: Path) -> None:
        self.original = original.resolve()
        base = Path(tempfile.mkdtemp(prefix="sls-lab-"))
        self._remove = weakref.finalize(self, shutil.rmtree, base, ignore_errors=True)
        self.folder = base / (self.original.name or "application")
        self.reset()

    def remove(self) -> None:
        """Remove the copy at once; it can no longer be used."""
        self._remove()

    def reset(self) -> None:
        """Restore the original, as it is now."""
        shutil.rmtree(self.folder, ignore_errors=True)
        copy_application(self.original, self.folder)

    def write(self, file: str, text: str) -> None:
        """Put `text` in place of one file, as `write_inside` does."""
        write_inside(self.folder, file, text)

    def apply(self, texts: Mapping[str, str]) -> None:
        """Write several files."""
        for file, text in texts.items():
            self.write(file, text)


def copy_application(original: Path, folder: Path) -> None:
    """Copy the application in `original` to `folder`, which is not there yet. Raises UnusableChange."""
    try:
        # Links stay links: one that leads out of the folder is refused when it is read, as in the original.
        shutil.copytree(original, folder, symlinks=True, ignore=_SKIPPED)
    except (OSError, shutil.Error) as error:
        raise UnusableChange(f"{original.name} cannot be copied: {error}") from error


def write_inside(folder: Path, file: str, text: str) -> None:
    """Put `text` in place of the file `file` (relative, `/` between its parts), which need not exist yet.

    Raises UnusableChange for a path that leads out of the application in `folder`, and where it cannot be written.
    """
    parts = PurePosixPath(file)
    path = folder / parts
    real = Path(os.path.realpath(path))
    if parts.is_absolute() or ".." in parts.parts or not real.is_relative_to(os.path.realpath(folder)):
        raise UnusableChange(f"{file} does not lie in the application {folder.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UnusableChange(f"{file} cannot be written: {error.strerror or error}") from error
