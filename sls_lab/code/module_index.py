"""The Python files that handlers reach, each read and parsed once."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sls_lab.code.imports import ImportResolver, Located, Roots, is_known
from sls_lab.code.source import MAX_BYTES, SourceTree
from sls_lab.facts import Diagnostic, Span
from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_bytes, parse_text
from sls_lab.python.unbound import unbound_modules
from sls_lab.python.walking import children

#: More files than any application has by hand; beyond it imports are not followed, and a diagnostic says so.
MAX_MODULES = 5_000


@dataclass(frozen=True, slots=True)
class Import:
    """One import as written: `import a.b` has no `names`; `from .a import x` has level 1.

    `line` counts from 1. One that is `optional` may fail: something else is tried then, or it is for type checkers.
    """

    module: str
    level: int
    names: tuple[str, ...]
    line: int = field(default=1, compare=False)
    optional: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one look over a tree gives: its imports, and the names that functions rebind by `global`.

    `unbound` are modules that it uses and never imports.
    """

    imports: tuple[Import, ...]
    rebound: frozenset[str]
    unbound: frozenset[str]


class ModuleIndex:
    """All modules of one application, by file; parsed when first asked for.

    `diagnostics` grows by one for each file that is not a Python module.
    """

    def __init__(self, tree: SourceTree) -> None:
        """Nothing is read before it is asked for."""
        self.tree = tree
        self.resolver = ImportResolver(tree)
        self.failed: dict[str, Diagnostic] = {}
        #: where modules are imported that are not of the application, by their dotted names
        self.unresolved: dict[str, Span] = {}
        self._parsed: dict[str, Module] = {}
        self._facts: dict[str, Facts] = {}
        self._names: dict[str, set[str]] = {}
        self._reached: dict[tuple[str, Roots], tuple[str, ...]] = {}

    def add_inline(self, file: str, text: str) -> Module | Diagnostic:
        """Parse code written in the template, as the virtual file `file`."""
        return self._keep(file, parse_text(file, text))

    def module(self, file: str) -> Module | Diagnostic:
        """The module in a file, or the diagnostic that says why it cannot be read."""
        known = self._parsed.get(file) or self.failed.get(file)
        return known if known is not None else self._keep(file, self._read(file))

    def facts(self, module: Module) -> Facts:
        """The imports of a module, wherever they are in it, and its rebound names."""
        facts = self._facts.get(module.file)
        if facts is None:
            facts = self._facts[module.file] = _facts(module.tree)
        return facts

    def reach(self, file: str, roots: Roots) -> tuple[str, ...]:
        """The files that a file reaches through imports, itself first, in the order in which they are met."""
        key = (file, roots)
        found = self._reached.get(key)
        if found is None:
            seen = {file: None}
            waiting = [file]
            while waiting:
                for target in self._imported(waiting.pop(), roots):
                    if target not in seen:
                        seen[target] = None
                        waiting.append(target)
            found = self._reached[key] = tuple(seen)
        return found

    def locate(self, wanted: Import, importer: str, roots: Roots) -> Located | None:
        """What the module part of an import means, None for what is not of the application."""
        if wanted.level:
            return self.resolver.relative(wanted.module, wanted.level, importer)
        return self.resolver.absolute(wanted.module, roots, importer)

    def note_name(self, file: str, name: str) -> None:
        """Remember a dotted name under which a file is imported."""
        self._names.setdefault(file, set()).add(name)

    def modules(self) -> dict[str, Module]:
        """All modules parsed so far, with their names."""
        return {
            file: replace(module, names=tuple(sorted(self._names.get(file, ()))))
            for file, module in sorted(self._parsed.items())
        }

    def _imported(self, file: str, roots: Roots) -> Iterator[str]:
        module = self.module(file)
        if isinstance(module, Diagnostic):
            return
        for wanted in self.facts(module).imports:
            target = self.locate(wanted, file, roots)
            if target is None:
                if not wanted.level and not wanted.optional and not is_known(wanted.module):
                    self.unresolved.setdefault(wanted.module, Span(file, wanted.line, 0, wanted.line, 0))
                continue
            # `import a.b.c` runs the packages a and a.b first.
            pieces = wanted.module.split(".") if not wanted.level else []
            for count in range(1, len(pieces)):
                package = self.resolver.absolute(".".join(pieces[:count]), roots, file)
                if package and package.file:
                    self.note_name(package.file, ".".join(pieces[:count]))
                    yield package.file
            if target.file:
                self.note_name(target.file, _dotted(wanted.module, wanted.level, target))
                yield target.file
            for name in wanted.names:
                inner = self.resolver.inside(target, name) if name != "*" else None
                if inner and inner.file:
                    base = _dotted(wanted.module, wanted.level, target)
                    self.note_name(inner.file, f"{base}.{name}" if base else name)
                    yield inner.file

    def _keep(self, file: str, result: Module | Diagnostic) -> Module | Diagnostic:
        if isinstance(result, Diagnostic):
            self.failed[file] = result
        else:
            self._parsed[file] = result
        return result

    def _read(self, file: str) -> Module | Diagnostic:
        place = Span(file, 1, 0, 1, 0)
        if len(self._parsed) >= MAX_MODULES:
            message = f"{file} was not read: the handlers reach more than {MAX_MODULES} files; analyse a smaller part."
            return Diagnostic("too-many-files", message, place)
        try:
            size = self.tree.size(file)
            if size > MAX_BYTES:
                message = f"{file} has {size} bytes, more than the {MAX_BYTES} that are read; move its data elsewhere."
                return Diagnostic("file-too-large", message, place)
            return parse_bytes(file, self.tree.read(file))
        except OSError as error:
            message = f"{file} cannot be read ({error.strerror}); check its permissions."
            return Diagnostic("file-unreadable", message, place)


def _dotted(module: str, level: int, target: Located) -> str:
    """The dotted name under which an import knows its target: for a relative one, the path of the file."""
    if not level:
        return module
    path = target.folder if target.folder is not None else posixpath.splitext(target.file or "")[0]
    return path.replace("/", ".")


def _facts(tree: ast.Module) -> Facts:
    imports: list[Import] = []
    rebound: set[str] = set()
    waiting: list[ast.AST] = [tree]
    tried: set[ast.AST] = set()
    while waiting:
        node = waiting.pop()
        inner = children(node)
        waiting.extend(inner)
        if node in tried:
            tried.update(inner)
        elif isinstance(node, ast.Try):
            tried.update((*node.body, *node.handlers))
        elif isinstance(node, ast.If):  # `if TYPE_CHECKING:`, or a platform's
            tried.update(inner)
        if isinstance(node, ast.Import):
            imports.extend(Import(alias.name, 0, (), node.lineno, node in tried) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            imports.append(Import(node.module or "", node.level, names, node.lineno, node in tried))
        elif isinstance(node, ast.Global):
            rebound.update(node.names)
        elif isinstance(node, ast.Call) and len(node.args) >= 1:
            imports.extend(_dynamic(node))
    return Facts(tuple(dict.fromkeys(imports)), frozenset(rebound), frozenset(unbound_modules(tree)))


def _dynamic(node: ast.Call) -> Iterator[Import]:
    """`importlib.import_module("name")` and `__import__("name")` with the name written out."""
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    first = node.args[0]
    if name in ("import_module", "__import__") and isinstance(first, ast.Constant) and isinstance(first.value, str):
        level = len(first.value) - len(first.value.lstrip("."))
        yield Import(first.value[level:], level, (), node.lineno)
