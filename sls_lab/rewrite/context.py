"""One file that is rewritten, with all that its edits need: where statements go, what is imported, what others are."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from sls_lab.code import Code, Handler
from sls_lab.events.model import Edge
from sls_lab.facts import Reason, Span
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.layout import ExpressionWriter
from sls_lab.rewrite.model import Edit, EditKind
from sls_lab.rewrite.modules import identifier
from sls_lab.rewrite.render import render
from sls_lab.rewrite.site import Gap, Site
from sls_lab.rewrite.waking import Naming, waking_call


class Imports:
    """What one file must import for its edits, each name bound once."""

    def __init__(self, site: Site) -> None:
        """Start from what the file imports already, so that a rewritten file is not given the same import again."""
        self._site = site
        self._bound = {
            (statement.module or "", alias.name): alias.asname or alias.name
            for statement in site.module.tree.body
            if isinstance(statement, ast.ImportFrom) and statement.level == 0
            for alias in statement.names
        }
        self.edits: list[Edit] = []

    def bind(self, module: str, name: str, alias: str, reason: Reason, about: Span) -> str:
        """The name under which this file knows `module.name`; imports it when first asked for.

        `alias` is what it is called where the file uses `name` for something else.
        """
        if (module, name) not in self._bound:
            bound = self._site.fresh(alias if name in self._site.names else name)
            self._bound[module, name] = bound
            self.add(synthesis.import_from(module, name, bound), reason, about)
        return self._bound[module, name]

    def module(self, name: str, reason: Reason, about: Span) -> None:
        """Import a module where nothing in the file is called like it."""
        if name not in self._site.bound_names:
            self._site.bound_names.add(name)
            self.add(ast.Import([ast.alias(name)]), reason, about)

    def helpers(self, expression: ast.expr, about: Span) -> None:
        """Import the standard modules that an event object uses (`json`, `base64`) where the file does not."""
        for node in ast.walk(expression):
            if isinstance(node, ast.Name) and not hasattr(node, "lineno") and node.id in ("base64", "json"):
                self.module(node.id, Reason("the event object is built with it", about), about)

    def add(self, statement: ast.Import | ast.ImportFrom, reason: Reason, about: Span) -> None:
        """Add an import statement after those the file begins with."""
        self.edits.append(insertion(self._site, "import", self._site.gap_for_imports(), statement, about, (reason,)))


@dataclass(frozen=True, slots=True)
class FileContext:
    """The file of `site`, in the application `code`; `modules` gives each file the name by which it is imported."""

    site: Site
    imports: Imports
    code: Code
    modules: Mapping[str, str]
    layout: ExpressionWriter = field(default_factory=ExpressionWriter)

    @property
    def file(self) -> str:
        """The path of the file."""
        return self.site.module.file

    def insertion(
        self,
        kind: EditKind,
        gap: Gap,
        node: ast.stmt | ast.expr,
        about: Span,
        because: tuple[Reason, ...],
        edges: tuple[Edge, ...] = (),
    ) -> Edit:
        """An edit that adds the source of `node` at `gap`."""
        return insertion(self.site, kind, gap, node, about, because, edges, self.layout)

    def support(self, name: str, reason: Reason, about: Span) -> ast.Name:
        """A function of the support module, imported where it is not yet."""
        return synthesis.name(self.imports.bind(SUPPORT, name, f"{name}_content", reason, about))

    def waking(self, handler: Handler, event: ast.expr, reason: Reason, about: Span) -> ast.Call:
        """The call of a handler with an event object, the handler imported where it is defined in another file."""
        return waking_call(handler, self.code.modules[handler.file].tree, event, self._naming(handler, reason, about))

    def _naming(self, handler: Handler, reason: Reason, about: Span) -> Naming:
        """What names of a handler's file are called in this file."""

        def named(file: str, name: str) -> str:
            if file == self.file:
                return name
            alias = identifier(f"{handler.name.split(':')[-1]}_handler")
            return self.imports.bind(self.modules[file], name, alias, reason, about)

        return named


#: The module whose functions let content travel beside a name.
SUPPORT = "sls_lab_support"


def insertion(
    site: Site,
    kind: EditKind,
    gap: Gap,
    node: ast.stmt | ast.expr,
    about: Span,
    because: tuple[Reason, ...],
    edges: tuple[Edge, ...] = (),
    layout: ExpressionWriter | None = None,
) -> Edit:
    """An edit that adds the source of `node` at `gap` of the site's file."""
    text, origins = render(node, site.span, gap.indent, layout)
    shift = len(gap.before)
    moved = tuple(type(origin)(origin.start + shift, origin.end + shift, origin.span) for origin in origins)
    return Edit(kind, gap.at, gap.before + text + gap.after, about, because, node, moved, edges)
