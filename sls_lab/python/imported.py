"""Which of an application's files an import means."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from sls_lab.python.module import Module


class Modules:
    """An application's modules, found by the names under which their files import each other."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file."""
        self._modules = modules
        self._files: dict[str, list[str]] = {}
        for file, module in modules.items():
            for name in module.names:
                self._files.setdefault(name, []).append(file)

    def find(self, importing: Module, name: str, level: int) -> Module | None:
        """The module that `importing` means by `name` after `level` dots; None if there is not exactly one."""
        if level:
            folder = importing.file
            for _ in range(level):
                folder = posixpath.dirname(folder)
            path = posixpath.join(folder, *name.split("."))
            found = [file for file in (f"{path}.py", f"{path}/__init__.py") if file in self._modules]
        else:
            found = self._files.get(name, [])
        return self._modules[found[0]] if len(found) == 1 else None
