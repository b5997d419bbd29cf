"""Packages of the repository itself that a requirements file installs beside a function's code.

Formats: https://pip.pypa.io/en/stable/reference/requirements-file-format/,
https://packaging.python.org/en/latest/specifications/pyproject-toml/, https://python-poetry.org/docs/dependency-specification/
and https://docs.astral.sh/uv/concepts/projects/dependencies/#path
"""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from sls_lab.code.source import MAX_BYTES, SourceTree
from sls_lab.facts import Diagnostic, Span, split_lines
from sls_lab.template.model import Function

_MOST_FILES = 50  #: requirements files that include each other
_OPTION = re.compile(
    r"(?:-(?P<short>[rec])|--(?P<long>requirement|editable|constraint))(?:\s+|=|(?<=-[rec]))(?P<value>.+)"
)
_DIRECT = re.compile(r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*@\s*(?P<path>file:.+)")


@dataclass(frozen=True, slots=True)
class _Named:
    """One path as written, and where."""

    path: str
    span: Span


class LocalPackages:
    """Finds the folders that local requirements put on a function's path; each file is read once."""

    def __init__(self, tree: SourceTree) -> None:
        """Nothing is read before it is asked for."""
        self._tree = tree
        self._found: dict[tuple[str, str], tuple[str, ...]] = {}
        self.diagnostics: dict[Diagnostic, None] = {}

    def folders(self, function: Function) -> tuple[str, ...]:
        """The folders, relative to the application's, in which imports find what local requirements install.

        The files are those beside the function's code and beside its template. A path that is not there, or leads out
        of the application's folder, is a diagnostic: what it would install is not analysed.
        """
        beside = posixpath.dirname(function.template)
        key = (posixpath.normpath(function.code_root or "."), posixpath.normpath(beside or "."))
        if key not in self._found:
            found: dict[str, None] = {}
            for folder in dict.fromkeys(key):
                for named in self._named("" if folder == "." else folder):
                    found |= dict.fromkeys(self._import_roots(named, (folder, key[1])))
            self._found[key] = tuple(found)
        return self._found[key]

    def _named(self, folder: str) -> Iterator[_Named]:
        yield from self._requirements(posixpath.join(folder, "requirements.txt"), set())
        for file in ("pyproject.toml", "Pipfile"):
            yield from self._paths_of(posixpath.join(folder, file))

    def _requirements(self, file: str, seen: set[str]) -> Iterator[_Named]:
        text = self._text(file) if file not in seen and len(seen) < _MOST_FILES else None
        seen.add(file)
        for number, line in enumerate(split_lines(text or ""), 1):
            written = re.sub(r"(?:^|\s)#.*", "", line).strip()
            span = Span(file, number, 0, number, len(line.rstrip("\r\n")))
            option = _OPTION.fullmatch(written)
            if option is not None:
                kind = option["short"] or option["long"][0]
                if kind == "r":
                    inner = posixpath.normpath(posixpath.join(posixpath.dirname(file), option["value"].strip()))
                    yield from self._requirements(inner, seen)
                if kind != "e":
                    continue
                written = option["value"].strip()
            direct = _DIRECT.fullmatch(written)
            path = _local_path(direct["path"] if direct is not None else written)
            if path is not None:
                yield _Named(path, span)

    def _paths_of(self, file: str) -> Iterator[_Named]:
        """The `path = "…"` of a TOML file's dependencies."""
        text = self._text(file)
        try:
            document = tomllib.loads(text or "")
        except (tomllib.TOMLDecodeError, RecursionError):
            return  # whoever installs from it is told; it holds no code
        for table in _dependency_tables(document):
            for dependency in table.values():
                path = dependency.get("path") if isinstance(dependency, Mapping) else None
                if isinstance(path, str) and path:
                    yield _Named(path, _place(file, text or "", path))

    def _import_roots(self, named: _Named, bases: tuple[str, ...]) -> Iterator[str]:
        clean = [posixpath.normpath(posixpath.join(base, named.path)) for base in dict.fromkeys(bases)]
        kinds = [self._tree.kind(path) for path in clean]
        if "folder" not in kinds:
            if named.path.endswith((".whl", ".tar.gz", ".zip")) and "file" in kinds:
                why, remedy = "is an archive", "name the folder it is made from"
            elif "outside" in kinds:
                why, remedy = "lies outside of the application's folder", "analyse the folder that holds both"
            else:
                why, remedy = "does not exist", "correct the path"
            message = f"The package {named.path} {why}, so what it installs is not analysed: {remedy}."
            self.diagnostics.setdefault(Diagnostic("local-package-unread", message, named.span))
            return
        folder = clean[kinds.index("folder")]
        source = posixpath.join(folder, "src")
        # A `src` with an `__init__.py` is a package of that name; without, it is the layout that setuptools knows.
        if self._tree.kind(source) == "folder" and self._tree.kind(posixpath.join(source, "__init__.py")) != "file":
            yield source
        yield "" if folder == "." else folder

    def _text(self, file: str) -> str | None:
        try:
            if self._tree.kind(file) != "file" or self._tree.size(file) > MAX_BYTES:
                return None
            return self._tree.read(file).decode("utf-8", errors="replace")
        except OSError:
            return None


def _local_path(written: str) -> str | None:
    """The path that a requirement names, None where it names a package of an index or an address."""
    path = written.split(";")[0].strip().strip("\"'")
    if path.startswith("file:"):
        return unquote(re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", path).split("#")[0])
    if "://" in path or path.startswith(("git+", "-")):
        return None
    path = re.sub(r"\[[^\]]*\]$", "", path)
    return path if path.startswith((".", "/")) or path.endswith((".whl", ".tar.gz", "/")) else None


def _dependency_tables(document: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for place in (("tool", "poetry", "dependencies"), ("tool", "uv", "sources"), ("packages",)):
        here: object = document
        for key in place:
            here = here.get(key) if isinstance(here, Mapping) else None
        if isinstance(here, Mapping):
            yield here


def _place(file: str, text: str, path: str) -> Span:
    for number, line in enumerate(split_lines(text), 1):
        column = line.find(path)
        if column >= 0 and "path" in line:
            return Span(file, number, column, number, column + len(path))
    return Span(file, 1, 0, 1, 0)
