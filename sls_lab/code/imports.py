"""From an import statement to a file of the application, by text alone.

The search goes as on Lambda, where the function's code folder comes first on the path and its layers next
(https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html); the application's own folder and that of the
importing file follow, since a template does not always say how the code is packaged.
"""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sls_lab.code.runtime_modules import LOADED_BEFORE
from sls_lab.code.source import SourceTree
from sls_lab.template.model import Function

# Libraries whose meaning is known here; a copy packaged with the application is not looked into.
_KNOWN = frozenset({"boto3", "botocore", "aioboto3", "aiobotocore", "s3transfer"})


def is_known(module: str) -> bool:
    """Whether a module is Python's own, or of a library whose meaning is known here."""
    top = module.partition(".")[0]
    return top in _KNOWN or top in sys.stdlib_module_names or top in LOADED_BEFORE


@dataclass(frozen=True, slots=True)
class Located:
    """What an import found: a module's `file`, a package's `folder`, or both (`__init__.py` and its folder)."""

    file: str | None
    folder: str | None


@dataclass(frozen=True, slots=True)
class Roots:
    """Where a function's imports are looked up: `first` folders as on Lambda, then `fallback` ones."""

    first: tuple[str, ...]
    fallback: tuple[str, ...]


def roots_of(function: Function, installed: tuple[str, ...] = (), declared: tuple[str, ...] = ()) -> Roots:
    """The folders in which one function's imports are resolved, in order.

    `installed` are folders whose packages a build installs beside the function's code, `declared` those of all layers:
    a layer may reach a function by a parameter or an output that is not followed.
    """
    layers = [path for layer in function.layers for path in (posixpath.join(layer, "python"), layer)]
    first = tuple(dict.fromkeys(_clean(path) for path in (function.code_root, *installed, *layers)))
    fallback = dict.fromkeys(_clean(path) for path in ("", *declared))
    return Roots(first, tuple(path for path in fallback if path not in first))


class ImportResolver:
    """Finds the files that imports mean; results are kept."""

    def __init__(self, tree: SourceTree) -> None:
        """Nothing is read before it is asked for."""
        self._tree = tree
        self._found: dict[tuple[str, Roots, str], Located | None] = {}
        self._vendored: dict[str, frozenset[str]] = {}
        self.shadowing: set[str] = set()  #: files called like modules that Lambda's runtime has loaded before
        self.refused: set[str] = set()  #: links that lead out of the folder, met on the way

    def absolute(self, name: str, roots: Roots, importer: str) -> Located | None:
        """What `import name` means in the file `importer`; None for what is not of the application."""
        here = posixpath.dirname(importer)
        key = (name, roots, here)
        if key not in self._found:
            self._found[key] = self._search(name, roots, here)
        return self._found[key]

    def relative(self, name: str, level: int, importer: str) -> Located | None:
        """What `from ..name import` (`level` dots) means in the file `importer`."""
        folder = posixpath.dirname(importer)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = posixpath.dirname(folder)
        return self._descend(folder, name) if name else self._package(folder)

    def inside(self, package: Located, name: str) -> Located | None:
        """The submodule `name` of a package."""
        return self._descend(package.folder, name) if package.folder is not None else None

    def importable(self, file: str, roots: Roots) -> bool:
        """Whether a file in a folder of Python's path can be imported by its name; one that cannot is noted."""
        folder, name = posixpath.split(file.removesuffix("/__init__.py"))
        if folder in roots.first and name.removesuffix(".py") in LOADED_BEFORE:
            self.shadowing.add(file)
            return False
        return True

    def _search(self, name: str, roots: Roots, here: str) -> Located | None:
        top = name.partition(".")[0]
        if top in _KNOWN:
            return None
        if top in LOADED_BEFORE:
            own = (self._descend(root, top) for root in roots.first)
            self.shadowing.update(one.file for one in own if one is not None and one.file is not None)
            return None
        for root in roots.first:
            if top in self._packaged(root):
                return None
            found = self._descend(root, name)
            # A folder without `__init__.py` gives way to a module of Python's own.
            if found and (found.file is not None or top not in sys.stdlib_module_names):
                return found
        if top in sys.stdlib_module_names:
            return None
        for root in dict.fromkeys((*roots.fallback, here)):
            found = self._descend(root, name) if top not in self._packaged(root) else None
            if found:
                return found
        return None

    def _descend(self, root: str, name: str) -> Located | None:
        path = posixpath.join(root, *name.split("."))
        for candidate in (posixpath.join(path, "__init__.py"), path + ".py"):
            kind = self._tree.kind(candidate)
            if kind == "file":
                return Located(candidate, path if candidate.endswith("/__init__.py") else None)
            if kind == "outside":
                self.refused.add(candidate)
        return self._package(path)

    def _package(self, path: str) -> Located | None:
        if self._tree.kind(path) != "folder":
            return None
        init = posixpath.join(path, "__init__.py")
        if self._tree.kind(init) == "file":
            return Located(init, path)
        # A folder without `__init__.py` is a package when there is Python in it or below.
        names = self._tree.names(path)
        if any(name.endswith(".py") or self._tree.kind(posixpath.join(path, name)) == "folder" for name in names):
            return Located(None, path)
        return None

    def _packaged(self, root: str) -> frozenset[str]:
        """The top-level names that a package installer put into a folder, by its `*.dist-info/RECORD` files."""
        names = self._vendored.get(root)
        if names is None:
            names = self._vendored[root] = frozenset(self._recorded(root))
        return names

    def _recorded(self, root: str) -> Iterator[str]:
        for entry in self._tree.names(root):
            record = posixpath.join(root, entry, "RECORD")
            if not entry.endswith(".dist-info") or self._tree.kind(record) != "file":
                continue
            try:
                lines = self._tree.read(record)[:1_000_000].decode("utf-8", "replace").splitlines()
            except OSError:
                continue
            yield from {line.partition("/")[0].partition(",")[0].removesuffix(".py") for line in lines}


def _clean(path: str) -> str:
    clean = posixpath.normpath(path) if path else ""
    return "" if clean == "." else clean
