"""Let an application's own imports find its files in the package that the analyser reads.

An application is laid out as one package, so that several can be analysed in one run. `from lib import x` in
`handlers/take.py` means the application's `lib.py`, and becomes `from ..lib import x`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.code import Code
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.position_map import PositionMap


class Importable:
    """What the dotted names in one application's import statements mean.

    The same name may mean different files for functions with folders of their own; the file nearest to the importing
    one is taken.
    """

    def __init__(self, code: Code, modules: Mapping[str, str]) -> None:
        """`modules` gives each file its dotted name within the package."""
        self._modules = modules
        self._files: dict[str, list[str]] = {}
        for file, module in code.modules.items():
            for name in module.names:
                self._files.setdefault(name, []).append(file)
                for parent in _parents(name):
                    self._files.setdefault(parent, [])
        self._written = {dotted: file for file, dotted in modules.items()}

    def meant(self, name: str, importing: str, *, synthesised: bool) -> str | None:
        """The name within the package for `name` as imported by the file `importing`; None for what is not ours.

        A synthesised import uses the names of `modules`, one the application wrote those it can import by.
        """
        if synthesised:
            return name if name in self._written else None
        if name not in self._files:
            return None
        files = self._files[name]
        if files:
            return self._modules[max(files, key=lambda file: _shared(file, importing))]
        return self._folder(name, importing)

    def relative(self, name: str, importing: str) -> ast.ImportFrom:
        """`from ..a.b import …` for `a.b` within the package ("" is the package), by the shortest way up."""
        here, there = self._modules[importing].split("."), name.split(".") if name else []
        folder = here if importing.endswith("/__init__.py") else here[:-1]
        common = 0
        for left, right in zip(folder, there, strict=False):
            if left != right:
                break
            common += 1
        return ast.ImportFrom(".".join(there[common:]) or None, [], len(folder) - common + 1)

    def _folder(self, name: str, importing: str) -> str | None:
        """The name of a folder without `__init__.py`, from that of a file below it."""
        below = [
            (file, len(candidate.split(".")) - len(name.split(".")))
            for candidate, files in self._files.items()
            if candidate.startswith(name + ".")
            for file in files
        ]
        if not below:
            return None
        file, depth = max(below, key=lambda pair: _shared(pair[0], importing))
        return ".".join(self._modules[file].split(".")[:-depth])


def _parents(name: str) -> Iterator[str]:
    while "." in name:
        name = name.rpartition(".")[0]
        yield name


def _shared(file: str, other: str) -> int:
    """How many leading folders two files share."""
    count = 0
    for left, right in zip(file.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count


def import_edits(draft: Draft, rewritten: PositionMap, importable: Importable) -> list[Edit]:
    """The edits that point the imports of one rewritten file at the package; `rewritten` says which it was given."""
    edits = []
    for node in draft.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            place = draft.range(node)
            writer = rewritten.edit_at(place[0])
            synthesised = writer is not None and writer.kind == "import"
            replaced = _replaced(node, draft.file, importable, synthesised=synthesised)
            if replaced is not None:
                reason = draft.reason("the file is part of a package here", node)
                edits.append(draft.edit("package-import", place, replaced, reason))
    return edits


def _replaced(node: ast.Import | ast.ImportFrom, file: str, importable: Importable, *, synthesised: bool) -> str | None:
    """The statement's text with relative names, None where it needs no change."""
    if isinstance(node, ast.ImportFrom):
        if node.level or not node.module:
            return None
        meant = importable.meant(node.module, file, synthesised=synthesised)
        if meant is None:
            return None
        relative = importable.relative(meant, file)
        return ast.unparse(ast.ImportFrom(relative.module, node.names, relative.level))
    statements: list[ast.stmt] = []
    changed = False
    for alias in node.names:
        # `import a.b.c` binds `a`, whose attribute `b.c` is then found by its name.
        name = alias.name if alias.asname else alias.name.split(".")[0]
        meant = importable.meant(name, file, synthesised=synthesised)
        known = alias.asname or importable.meant(alias.name, file, synthesised=synthesised) is not None
        if meant is None or not known:
            statements.append(ast.Import([alias]))
            continue
        changed = True
        package, _, module = meant.rpartition(".")
        relative = importable.relative(package, file)
        bound = alias.asname or name
        statements.append(
            ast.ImportFrom(relative.module, [ast.alias(module, None if bound == module else bound)], relative.level)
        )
    return "; ".join(map(ast.unparse, statements)) if changed else None
