"""The applications in folders of repositories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sls_lab.template import find_applications
from sls_lab.template.shared.folder_walk import NOT_OF_THE_APPLICATION


@dataclass(frozen=True, slots=True)
class Collected:
    """One application, or a folder in which there is none; `name` is its path below the folder that was named."""

    name: str
    path: Path


def collect(folders: Iterable[Path]) -> tuple[Collected, ...]:
    """The applications in `folders`, each once, in order; a repository without one is there as it is.

    A folder with a template is a repository; every other is a collection of them.
    """
    found: dict[Path, Collected] = {}
    for root in folders:
        for repository in _repositories(root):
            for path in _applications(repository):
                name = path.relative_to(root).as_posix() if path != root else root.resolve().name
                found.setdefault(path.resolve(), Collected(name, path))
    return tuple(found.values())


def _repositories(root: Path) -> Iterator[Path]:
    inner = sorted(path for path in _listed(root) if path.is_dir() and path.name not in NOT_OF_THE_APPLICATION)
    if "" in _found(root, deep=False) or not inner:
        yield root
    else:
        yield from inner


def _applications(repository: Path) -> Iterator[Path]:
    yield from [repository / folder if folder else repository for folder in _found(repository)] or [repository]


def _found(folder: Path, *, deep: bool = True) -> tuple[str, ...]:
    """The folders of applications in a folder, relative to it; with `deep` False only whether it is one itself."""
    if not deep and not any(path.suffix in (".yml", ".yaml", ".json", ".template") for path in _listed(folder)):
        return ()
    return tuple("" if found == "." else found for found in find_applications(folder))


def _listed(folder: Path) -> tuple[Path, ...]:
    try:
        return tuple(folder.iterdir())
    except OSError:
        return ()
