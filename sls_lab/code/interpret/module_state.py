"""One module as it was loaded."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.code.imports import Roots
from sls_lab.python.module import Module


@dataclass(eq=False, slots=True)
class ModuleState:
    """One module as it was loaded; its globals are in the heap under `oid`.

    `module` is None for a folder without `__init__.py`, which is a package nevertheless.
    """

    oid: int
    file: str
    folder: str | None
    module: Module | None
    roots: Roots
    rebound: frozenset[str] = frozenset()
