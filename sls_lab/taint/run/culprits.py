"""Which file of an application Pyrefly cannot deal with: `T = tuple[tuple[…]]`, two dozen deep, takes it for ever."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence

from sls_lab.python.later_syntax import parse_module

#: Whether the analysis of these files alone, with what they import, comes to an end.
Ends = Callable[[Sequence[str]], bool]


def find_culprit(texts: Mapping[str, str], ends: Ends) -> str | None:
    """The file at fault among the staged `texts` (by path), None where no file fails on its own.

    A file fails with what it imports: so the first that fails alone is not blamed where one of its own imports does.
    """
    ends = _asked_once(ends)
    failing = _first_failing(list(texts), ends)
    seen = set()
    while failing is not None and failing not in seen:
        seen.add(failing)
        inner = next((file for file in imported(failing, texts) if file not in seen and not ends([file])), None)
        if inner is None:
            return failing
        failing = inner
    return failing


def _asked_once(ends: Ends) -> Ends:
    """The same answers, each found out once: a file that never ends takes all the seconds there are."""
    known: dict[tuple[str, ...], bool] = {}

    def asked(files: Sequence[str]) -> bool:
        if (which := tuple(files)) not in known:
            known[which] = ends(files)
        return known[which]

    return asked


def _first_failing(files: Sequence[str], ends: Ends) -> str | None:
    """One file that fails alone, found by halves."""
    while len(files) > 1:
        middle = len(files) // 2
        half = files[:middle]
        if not ends(half):
            files = half
        elif ends(files[middle:]):
            return None
        else:
            files = files[middle:]
    return files[0] if files and not ends(files) else None


def imported(file: str, texts: Mapping[str, str]) -> Iterator[str]:
    """The files among `texts` that `file` imports: in a staged package all such imports are relative."""
    folder = file.split("/")[:-1]
    for node in ast.walk(parse_module(texts[file])):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*folder[: len(folder) - node.level + 1], *(node.module or "").split(".")]
            path = "/".join(part for part in base if part)
            for name in (path, *(f"{path}/{alias.name}" for alias in node.names)):
                yield from (one for one in (f"{name}.py", f"{name}/__init__.py") if one in texts and one != file)
