"""Imports that lead nowhere, although the application has a file that they may mean.

A name that nothing on a function's path has is most often that of a library. Where the application itself has a module
of that name in another folder, its packaging or a layer is probably what brings it along: then code is not analysed
that should be, and this says so.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from sls_lab.code.source import SourceTree
from sls_lab.facts import Diagnostic, Span
from sls_lab.template.shared.folder_walk import walk_folders

#: Where the libraries of an application are written down.
_LISTED_IN: Final = (
    *("requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "pyproject.toml", "setup.py", "setup.cfg"),
    *("Pipfile", "poetry.lock", "uv.lock"),
)


def told_elsewhere(root: Path, tree: SourceTree, unresolved: Mapping[str, Span]) -> Iterator[Diagnostic]:
    """One diagnostic for each module of `unresolved` that the application in `root` has somewhere else.

    `unresolved` gives, by dotted name, where it is imported. A library that is listed is not among them.
    """
    if not unresolved:
        return
    wanted = {name: _files(name) for name in unresolved}
    found: dict[str, str] = {}
    for folder in walk_folders(root, []):
        if folder.is_built:
            continue
        paths = [posixpath.join(folder.path, name) for name in folder.names if name.endswith(".py")]
        for name, files in wanted.items():
            if name not in found:
                path = next((path for path in paths if any(_ends(path, file) for file in files)), None)
                if path is not None:
                    found[name] = path
    for name, path in sorted(found.items()):
        place = unresolved[name]
        if not _is_listed(name.partition(".")[0], tree, _above(place.file)):
            message = (
                f"`{name}` is not on the path of the function that imports it, so nothing of it is analysed; the "
                f"application has {path}: name the layer or the code folder that brings it in the template."
            )
            yield Diagnostic("import-elsewhere", message, place)


def _files(name: str) -> tuple[str, str]:
    path = name.replace(".", "/")
    return f"{path}.py", f"{path}/__init__.py"


def _ends(path: str, file: str) -> bool:
    return path == file or path.endswith(f"/{file}")


def _above(file: str) -> Sequence[str]:
    """The folders around a file, the application's own last."""
    parts = posixpath.dirname(file).split("/")
    return [posixpath.join(*parts[:count]) for count in range(len(parts), 0, -1) if parts[0]] + [""]


def _is_listed(top: str, tree: SourceTree, folders: Iterable[str]) -> bool:
    """Whether a library of that name is written down in one of the folders; `-` and `_` are the same in such names."""
    name = re.escape(top).replace("_", "[-_]")
    entry = re.compile(rf"(?im)(?:^|[\s\"'\[,])(?:py|python[-_])?{name}(?![\w/])")
    for folder in folders:
        for file in _LISTED_IN:
            path = posixpath.join(folder, file)
            if tree.kind(path) == "file" and entry.search(_text(tree, path)):
                return True
    return False


def _text(tree: SourceTree, path: str) -> str:
    try:
        return tree.read(path)[:1_000_000].decode("utf-8", "replace")
    except OSError:
        return ""
