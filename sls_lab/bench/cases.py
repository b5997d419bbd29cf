"""The applications below a folder that say what is true of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sls_lab.bench.readme import HEADING, expectation_of_readme
from sls_lab.facts import SlsLabError
from sls_lab.scoring import FILE_NAME, Expectation, UnusableExpectation, read_expectation

_README = "README.md"
_LARGEST = 1_000_000  #: bytes of a README that is looked into
_NOT_SEARCHED = frozenset({".git", ".venv", "node_modules", "__pycache__"})


class NoCases(SlsLabError):
    """No application below a folder says what is true of it."""


@dataclass(frozen=True, slots=True)
class Case:
    """One application with what is true of it. `told_by` is the file that says so, `name` its path below the folder."""

    name: str
    path: Path
    expectation: Expectation
    told_by: str


def find_cases(root: Path) -> tuple[tuple[Case, ...], tuple[str, ...]]:
    """The cases below `root` by name, and a sentence for each that cannot be used. Raises NoCases.

    An application says what is true of it by an `expected.yml`, or, as those of the published suite do, by a README
    with the heading *Expected Results*.
    """
    cases: list[Case] = []
    unusable: list[str] = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _NOT_SEARCHED)
        path = Path(folder)
        name = path.relative_to(root).as_posix() if path != root else path.resolve().name
        try:
            if FILE_NAME in files:
                cases.append(Case(name, path, read_expectation(path), FILE_NAME))
            elif _README in files and (text := _results_in(path / _README)) is not None:
                cases.append(Case(name, path, expectation_of_readme(text, path), _README))
        except UnusableExpectation as error:
            unusable.append(str(error))
    if not cases:
        told = f" ({'; '.join(unusable[:3])})" if unusable else ""
        raise NoCases(f"no application in {root} has an {FILE_NAME}, or a README with *Expected Results*{told}")
    return tuple(cases), tuple(unusable)


def _results_in(readme: Path) -> str | None:
    try:
        if readme.stat().st_size > _LARGEST:
            return None
        text = readme.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text if HEADING.search(text) else None
