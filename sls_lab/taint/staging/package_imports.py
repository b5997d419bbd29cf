"""Let an application's own imports find its files in the staged package.

Each application is staged as a package (`app_01`), so that several can be analysed in one run. `from lib import x`
means the application's `lib.py`, and becomes `from app_01.lib import x`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.code import Code
from sls_lab.facts import Offsets, Reason, Span
from sls_lab.rewrite import Edit, PositionMap


class Importable:
    """What the dotted names in one application's import statements mean.

    The same name may mean different files for functions with folders of their own; the file nearest to the importing
    one is taken.
    """

    def __init__(self, code: Code, modules: Mapping[str, str], package: str) -> None:
        """`modules` gives each file its dotted name within `package`."""
        self._package = package
        self._modules = modules
        self._files: dict[str, list[str]] = {}
        for file, module in code.modules.items():
            for name in module.names:
                self._files.setdefault(name, []).append(file)
                for parent in _parents(name):
                    self._files.setdefault(parent, [])
        self._written = {dotted: file for file, dotted in modules.items()}

    def staged(self, name: str, importing: str, *, synthesised: bool) -> str | None:
        """The staged dotted name for `name` as imported by the file `importing`; None for what is not ours.

        A synthesised import uses the names of `modules`, one the application wrote those it can import by.
        """
        if synthesised:
            return f"{self._package}.{name}" if name in self._written else None
        if name not in self._files:
            return None
        files = self._files[name]
        if files:
            return f"{self._package}.{self._modules[max(files, key=lambda file: _shared(file, importing))]}"
        return self._folder(name, importing)

    def _folder(self, name: str, importing: str) -> str | None:
        """The staged name of a folder without `__init__.py`, from that of a file below it."""
        below = [
            (file, len(candidate.split(".")) - len(name.split(".")))
            for candidate, files in self._files.items()
            if candidate.startswith(name + ".")
            for file in files
        ]
        if not below:
            return None
        file, depth = max(below, key=lambda pair: _shared(pair[0], importing))
        return ".".join([self._package, *self._modules[file].split(".")[:-depth]])


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


def import_edits(file: str, text: str, rewritten: PositionMap, importable: Importable) -> list[Edit]:
    """The edits that point the imports of one rewritten file at the staged package."""
    edits = []
    offsets = Offsets(text)
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        start = (node.lineno, _characters(lines, node.lineno, node.col_offset))
        end = (node.end_lineno or node.lineno, _characters(lines, node.end_lineno or 1, node.end_col_offset or 0))
        writer = rewritten.edit_at(offsets.offset(*start))
        replaced = _replaced(node, file, importable, synthesised=writer is not None and writer.kind == "import")
        if replaced is not None:
            span = Span(file, *start, *end)
            edits.append(Edit("import", span, replaced, span, (Reason("the file stands in a package here", span),)))
    return edits


def _replaced(node: ast.Import | ast.ImportFrom, file: str, importable: Importable, *, synthesised: bool) -> str | None:
    """The statement's text with staged names, None where it needs no change."""
    if isinstance(node, ast.ImportFrom):
        if node.level or not node.module:
            return None
        staged = importable.staged(node.module, file, synthesised=synthesised)
        return None if staged is None else ast.unparse(ast.ImportFrom(staged, node.names, 0))
    statements: list[ast.stmt] = []
    changed = False
    for alias in node.names:
        staged = importable.staged(alias.name, file, synthesised=synthesised)
        if staged is None:
            statements.append(ast.Import([alias]))
            continue
        changed = True
        if alias.asname or "." not in alias.name:
            statements.append(ast.Import([ast.alias(staged, alias.asname or alias.name)]))
            continue
        # `import a.b.c` binds `a`, whose attribute `b.c` is then found by its name.
        top = importable.staged(alias.name.split(".")[0], file, synthesised=synthesised)
        statements.append(ast.Import([ast.alias(staged)]))
        if top is not None:
            statements.append(ast.Import([ast.alias(top, alias.name.split(".")[0])]))
    return "; ".join(map(ast.unparse, statements)) if changed else None


def _characters(lines: list[str], line: int, column: int) -> int:
    return len(lines[line - 1].encode()[:column].decode())
