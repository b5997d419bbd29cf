"""A rewritten file while edits for the analyser are made: its tree, and where in its text each node is written."""

from __future__ import annotations

import ast
from functools import cached_property

from sls_lab.facts import Offsets, Reason, Span, split_lines
from sls_lab.python.later_syntax import parse_module
from sls_lab.python.walking import children
from sls_lab.rewrite.model import AnalyserForm, Edit, Origin

#: The stub whose functions and types the edits use.
STUB = "sls_lab_event"
_Placed = ast.expr | ast.stmt | ast.keyword | ast.arg | ast.pattern


class Draft:
    """One source with its tree. All edits made from it are about places in this source."""

    def __init__(self, file: str, text: str, tree: ast.Module | None = None) -> None:
        """`tree` is that of `text`, parsed where it is None: that raises SyntaxError, ValueError or RecursionError."""
        self.file = file
        self.text = text
        self.tree = parse_module(text) if tree is None else tree
        self._offsets = Offsets(text)
        self._lines = split_lines(text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes but those within f-strings, where Python before 3.12 knows no places; outer nodes first."""
        found: list[ast.AST] = []
        pending: list[ast.AST] = [self.tree]
        while pending:
            node = pending.pop()
            if not isinstance(node, ast.JoinedStr):
                found.append(node)
                pending.extend(children(node)[::-1])
        return tuple(found)

    @cached_property
    def placed(self) -> frozenset[ast.AST]:
        """`nodes`, to ask whether an edit may be made at one."""
        return frozenset(self.nodes)

    def range(self, node: _Placed) -> tuple[int, int]:
        """Where a node is written: offsets, end exclusive."""
        last = node.end_lineno or node.lineno
        return self._offset(node.lineno, node.col_offset), self._offset(last, node.end_col_offset or 0)

    def span(self, start: int, end: int) -> Span:
        """The span from one offset to another."""
        return Span(self.file, *self._offsets.place(start), *self._offsets.place(end))

    def edit(
        self,
        form: AnalyserForm,
        place: tuple[int, int],
        text: str,
        reason: Reason,
        *,
        about: tuple[int, int] | None = None,
        origins: tuple[Origin, ...] = (),
    ) -> Edit:
        """An edit that puts `text` in the place of what is written there; its subject is `about`, else that place."""
        return Edit(
            "for-the-analyser",
            self.span(*place),
            text,
            self.span(*(about or place)),
            (reason,),
            origins=origins,
            form=form,
        )

    def reason(self, text: str, node: _Placed) -> Reason:
        """A reason that is about a node."""
        return Reason(text, self.span(*self.range(node)))

    def around(self, form: AnalyserForm, node: ast.expr, before: str, after: str, reason: str) -> list[Edit]:
        """The edits that put an expression into something, such as `f(` … `)`."""
        start, end = self.range(node)
        because = self.reason(reason, node)
        return [
            self.edit(form, (start, start), before, because),
            self.edit(form, (end, end), after, because),
        ]

    def import_edit(self, reason: str) -> Edit:
        """The edit that imports the stub `sls_lab_event` after all else, so that no line moves."""
        end = len(self.text)
        return self.edit("stub-import", (end, end), f"\nimport {STUB}\n", Reason(reason))

    def _offset(self, line: int, byte: int) -> int:
        text = self._lines[line - 1] if line <= len(self._lines) else ""
        return self._offsets.offset(line, byte if text.isascii() else len(text.encode()[:byte].decode()))
