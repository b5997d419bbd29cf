"""The AST explorer: source and syntax tree side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sls_lab.app import App
from sls_lab.code.model import Handler
from sls_lab.code.source import MAX_BYTES, SourceTree
from sls_lab.facts import Diagnostic, Span
from sls_lab.python.module import Module
from sls_lab.python.parsing import decode, parse_text
from sls_lab.report.display import one_line
from sls_lab.widgets import ast_words, fallback
from sls_lab.widgets.ast_detail import as_code, as_dump, detail
from sls_lab.widgets.ast_model import TreeModel
from sls_lab.widgets.base import Action, PlainWidget
from sls_lab.widgets.session import Focus, Session, session_of
from sls_lab.widgets.sources import ShownText, SourceMark, coloured_code, colours
from sls_lab.widgets.unparsed import unparsed_texts

TreeTab = Literal["fields", "code", "dump"]

_DEEPEST = 3  # levels of the tree in a page without widgets
_MOST_LINES = 200


class AstExplorer(PlainWidget, source="ast.js", step=2):
    """Python source beside its syntax tree: choose in one, and see it in the other.

    `source` is Python source, or an `App`, of which `file` is shown (without one that of the first handler). What is
    typed changes neither the application nor its copy, only this widget.
    """

    def __init__(self, source: App | str, file: str | None = None) -> None:
        self.node = 0
        self.tab: TreeTab = "fields"
        self.query = ""
        self.found: tuple[int, ...] = ()
        self.editing = False
        self.error = ""
        self.file = file or ("source.py" if isinstance(source, str) else "")
        self._given = source if isinstance(source, str) else ""
        self.session: Session | None = None if isinstance(source, str) else session_of(source)
        super().__init__()
        if self.session:
            self.session.join(self)

    def read(self) -> None:
        """Parse the file as it is now."""
        self.editing = False
        modules = self._modules()
        if not self.file and modules:
            self.file = next((handler.file for handler in self._handlers().values()), next(iter(modules)))
        self._take(modules.get(self.file) or self._parse_file())

    def make_view(self) -> dict[str, Any]:
        """The text and the table of its nodes."""
        return {
            "files": sorted(self._files()),
            "file": self.file,
            "text": self.text.shown,
            "colours": colours(self.file, self.text.shown),
            "raw": self.raw,
            "table": self.model.table if self.model else None,
            "classes": list(ast_words.names()),
        }

    def make_state(self) -> dict[str, Any]:
        """The node that is chosen, with all about it, and what was searched for."""
        node = self.model.rows[self.node].node if self.model else None
        return {
            "node": self.node,
            "detail": detail(self.model, self.node) if self.model else None,
            "tab": self.tab,
            "code": coloured_code(as_code(node) if node and self.tab == "code" else ""),
            "dump": coloured_code(as_dump(node) if node and self.tab == "dump" else ""),
            "query": self.query,
            "found": list(self.found),
            "editing": self.editing,
            "error": self.error,
        }

    def actions(self) -> Mapping[str, Action]:
        """Choose a node or a tab, search, edit, open another file."""
        return {
            "select": self.select,
            "parent": self.climb,
            "tab": self.show_tab,
            "find": self.find,
            "next": self.next_match,
            "edit": self.edit,
            "type": self.take_text,
            "reset": self.reset,
            "open": self.open_file,
        }

    def select(self, node: int) -> None:
        """Choose a node by its number, and have the other widgets look at its place."""
        if not self.model or not 0 <= node < len(self.model.rows):
            return
        self.node = node
        span = self.model.rows[node].span
        if self.session and span and not self._is_changed():
            self.session.choose(Focus(span), self)

    def climb(self) -> None:
        """Choose the node around the one that is chosen."""
        if self.model:
            self.select(self.model.rows[self.node].parent)

    def show_tab(self, tab: TreeTab) -> None:
        """Show the fields, the code or the dump of the node."""
        if tab in ("fields", "code", "dump"):
            self.tab = tab

    def find(self, query: str) -> None:
        """Find all nodes of a class, given as `Call` or `ast.Call`; an empty query ends the search."""
        self.query, self.found = query, ()
        if query.strip() and self.model:
            self.found = self.model.matching(query)
            self.next_match(1, first=True)

    def next_match(self, by: int = 1, first: bool = False) -> None:
        """Go to the next node found (`by` 1) or the one before (-1), round the end; `first` keeps one that is found."""
        if not self.found or not self.model:
            return
        if self.node in self.found:
            at = self.found.index(self.node) + (0 if first else by)
        else:
            order = self.model.order
            at = sum(order(number) < order(self.node) for number in self.found) - (by < 0)
        self.select(self.found[at % len(self.found)])

    def edit(self, on: bool) -> None:
        """Let the source be typed in, or show it again; source that does not parse stays open until it does."""
        self.editing = on or bool(self.error)
        if self.error and not on:
            self.status = "Correct the error first, or press Reset."

    def take_text(self, text: str) -> None:
        """Take other source: its tree where it parses, else one sentence and the last tree."""
        self.raw = text
        parsed = parse_text(self.file, text)
        if isinstance(parsed, Diagnostic):
            self.error = _error_words(parsed)
            return
        self._take(parsed)
        self.view = self.make_view()

    def reset(self) -> None:
        """Restore the source that was given."""
        self.reread()
        self.status = "The original is back."

    def open_file(self, file: str) -> None:
        """Show another file of the application."""
        if file in self._files():
            self.file, self.node, self.found, self.query = file, 0, (), ""
            self.reread()

    def follow(self, focus: Focus) -> None:
        """Open the file that another widget looks at, and choose the innermost node there."""
        modules = self._modules()
        handler = self._handlers().get(focus.handler or "")
        span = focus.span if focus.span and focus.span.file in modules else handler.span if handler else None
        if span is None or span.file not in modules or self.editing:
            return
        self.open_file(span.file) if span.file != self.file else None
        if self.model:
            self.node = self.model.innermost(span)
        self.show_state()

    def as_html(self) -> str:
        """The source, and the upper levels of its tree."""
        marks = [SourceMark("", "chosen", span)] if (span := self._span()) else []
        outline = "\n".join(self._outline(_DEEPEST))
        return fallback.page(
            "AST explorer (runs in JupyterLab)",
            fallback.source(self.file, self.raw, marks),
            fallback.paragraph(self.error) if self.error else "",
            fallback.preformatted(outline),
            step=self.walk_step,
        )

    def as_text(self) -> str:
        """The chosen node's place in the tree, and the tree below it."""
        if not self.model:
            return f"{self.file}\n{self.error}"
        row = self.model.rows[self.node]
        return "\n".join(
            [f"{self.file}: {row.name}", ast_words.sentence(row.name), *self._outline(_DEEPEST, self.node)]
        )

    def _outline(self, deepest: int, start: int = 0, level: int = 0) -> list[str]:
        if not self.model:
            return []
        row = self.model.rows[start]
        words = " ".join(
            part for part in (f"{row.held}:" if row.held else "", row.name, self.model.label(start)) if part
        )
        lines = [f"{'  ' * level}{words}"]
        for child in self.model.children[start]:
            if level < deepest and len(lines) < _MOST_LINES:
                lines += self._outline(deepest, child, level + 1)
        return lines

    def _span(self) -> Span | None:
        return self.model.rows[self.node].span if self.model else None

    def _modules(self) -> Mapping[str, Module]:
        return self.session.app.code.modules if self.session else {}

    def _files(self) -> set[str]:
        """What can be opened; a file that does not parse is shown as text, with what is wrong."""
        return {*self._modules(), *unparsed_texts(self.session.app), self.file} if self.session else set()

    def _handlers(self) -> Mapping[str, Handler]:
        return self.session.app.code.handlers if self.session else {}

    def _is_changed(self) -> bool:
        module = self._modules().get(self.file)
        return module is None or module.text != self.raw

    def _parse_file(self) -> Module | Diagnostic:
        """A text that was given, or a file that no handler reaches."""
        self.raw = self._given
        if self.session:
            tree = SourceTree(self.session.app.path)
            if tree.kind(self.file) != "file" or tree.size(self.file) > MAX_BYTES:
                named = one_line(self.file) or "A Python file that a handler reaches"
                return Diagnostic("no-file", f"{named} was not found in {self.session.app.name}.")
            decoded = decode(self.file, tree.read(self.file))
            if isinstance(decoded, Diagnostic):
                return decoded
            self.raw = decoded
        return parse_text(self.file, self.raw)

    def _take(self, parsed: Module | Diagnostic) -> None:
        """Show a parsed module; of source that does not parse, the source alone."""
        if isinstance(parsed, Diagnostic):
            self.model: TreeModel | None = None
            self.error = _error_words(parsed)
            self.text = ShownText(self.raw)
            return
        self.error = ""
        self.model = TreeModel(parsed)
        self.raw, self.text = parsed.text, self.model.text
        self.node = min(self.node, len(self.model.rows) - 1)
        self.found = self.model.matching(self.query) if self.found else ()


def _error_words(diagnostic: Diagnostic) -> str:
    """A diagnostic with its place: line from 1, column from 0, as the tree counts them."""
    span = diagnostic.span
    return f"Line {span.line}, column {span.column}: {one_line(diagnostic.message)}" if span else diagnostic.message
