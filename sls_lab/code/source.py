"""The application's files, read without ever leaving its folder."""

from __future__ import annotations

import os
import posixpath
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

SourceKind = Literal["file", "folder", "outside", "none"]

#: No handler written by hand is as long; a longer file is data.
MAX_BYTES = 1_000_000


class SourceTree:
    """The files below one folder, by paths relative to it with `/` between their parts (`""` is the folder itself).

    Listings are kept, so that the same folder is looked at once. A symbolic link counts as what it points to where that
    lies within the folder, and as `outside` where it does not.
    """

    def __init__(self, root: Path) -> None:
        """Nothing is read before it is asked for."""
        self._root = root
        self._real_root = Path(os.path.realpath(root))
        self._listings: dict[str, dict[str, SourceKind]] = {}

    def kind(self, path: str) -> SourceKind:
        """What is at `path`; `outside` also for a path that climbs out by `..`."""
        if path in ("", "."):
            return "folder"
        clean = posixpath.normpath(path)
        if clean.startswith(("/", "../")) or clean == "..":
            return "outside"
        folder, name = posixpath.split(clean)
        if folder:
            above = self.kind(folder)
            if above != "folder":
                return "outside" if above == "outside" else "none"
        return self._listing(folder).get(name, "none")

    def names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder, sorted; empty if there is no such folder."""
        return tuple(sorted(self._listing(folder))) if self.kind(folder) == "folder" else ()

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises OSError where it cannot be read."""
        return (self._root / path).read_bytes()

    def size(self, path: str) -> int:
        """The size of a file in bytes. Raises OSError where it cannot be seen."""
        return (self._root / path).stat().st_size

    def near(self, path: str) -> tuple[str, ...]:
        """Python files that `path` may have meant: near names in its folder, or the same name elsewhere nearby."""
        folder, name = posixpath.split(posixpath.normpath(path))
        here = [other for other in self.names(folder) if other.endswith(".py")]
        found = [posixpath.join(folder, other) for other in get_close_matches(name, here, n=3, cutoff=0.5)]
        for sub in ("", *self.names("")):
            candidate = posixpath.join(sub, name)
            if candidate not in found and self.kind(candidate) == "file":
                found.append(candidate)
        return tuple(found[:3])

    def _listing(self, folder: str) -> dict[str, SourceKind]:
        listing = self._listings.get(folder)
        if listing is None:
            try:
                with os.scandir(self._root / folder) as entries:
                    listing = {entry.name: self._kind_of(entry) for entry in entries}
            except OSError:
                listing = {}
            self._listings[folder] = listing
        return listing

    def _kind_of(self, entry: os.DirEntry[str]) -> SourceKind:
        try:
            if entry.is_symlink():
                real = Path(os.path.realpath(entry.path))
                if not real.is_relative_to(self._real_root):
                    return "outside"
            if entry.is_dir():
                return "folder"
            return "file" if entry.is_file() else "none"
        except OSError:
            return "none"
