"""The rewriting as a series of changes: what each is, and how a file looks after the first few of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.app import App
from sls_lab.facts import Offsets, Reason, Span, split_lines
from sls_lab.rewrite import Edit, EditKind, PositionMap, RewrittenFile
from sls_lab.rewrite.layout import laid_out

KIND_WORDS: Final[dict[EditKind, str]] = {
    "type-annotation": "type annotation",
    "event-object": "event object",
    "handler-call": "handler call",
    "import": "import",
    "store-propagation": "store propagation",
}

PURPOSES: Final[dict[EditKind, str]] = {
    "type-annotation": "It tells the analyser what this is: a boto3 client, an object or a function.",
    "event-object": "It builds what the woken handler is given as its event object.",
    "handler-call": "The event becomes an ordinary call: the analyser can follow the data into the next handler.",
    "import": "It makes a name known that the added code uses.",
    "store-propagation": "It lets the content of a file travel with the file's path.",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the rewriting of `file`: an edit, or the edits that only together make code."""

    file: str
    edits: tuple[Edit, ...]

    @property
    def kind(self) -> EditKind:
        """What kind of change it is."""
        return self.edits[0].kind

    @property
    def about(self) -> Span:
        """What it speaks of in the original."""
        return self.edits[0].about

    @property
    def because(self) -> tuple[Reason, ...]:
        """Why it is made; each reason once."""
        return tuple(dict.fromkeys(reason for edit in self.edits for reason in edit.because))

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """The nodes that were synthesised for it."""
        return tuple(edit.node for edit in self.edits if edit.node is not None)

    @property
    def woken(self) -> tuple[str, ...]:
        """The handlers that the events it makes visible wake."""
        targets = (edge.target for edit in self.edits for edge in edit.edges)
        return tuple(dict.fromkeys(target for target in targets if target is not None))


@dataclass(frozen=True, slots=True)
class Applied:
    """A file after some of its changes. `spans` gives, for each of them, where what it wrote stands in `text`.

    `origins` has, for each line of `text`, the line of the original that it was, None for a line that was added.
    """

    text: str
    spans: tuple[tuple[Span, ...], ...]
    origins: tuple[int | None, ...]


def changes_of(file: RewrittenFile) -> tuple[Change, ...]:
    """The changes of one file in the order in which they make sense: each import behind what first needs it."""
    imports = [Change(file.file, (edit,)) for edit in file.edits if edit.kind == "import"]
    others = list(_together(file.file, [edit for edit in file.edits if edit.kind != "import"]))
    following: dict[int, list[Change]] = {}
    for change in imports:
        needing = (number for number, other in enumerate(others) if _bound(change) & _names(other))
        following.setdefault(next(needing, -1), []).append(change)
    ordered = following.get(-1, [])
    for number, change in enumerate(others):
        ordered += [change, *following.get(number, [])]
    return tuple(ordered)


def all_changes(app: App) -> tuple[Change, ...]:
    """The changes of all files; files of handlers first, in the order of the template."""
    return tuple(change for file in ordered_files(app) for change in changes_of(app.rewriting.files[file]))


def ordered_files(app: App) -> tuple[str, ...]:
    """All rewritten files; those of handlers first, in the order of the template."""
    handled = (handler.file for handler in app.code.handlers.values() if handler.file in app.rewriting.files)
    return tuple(dict.fromkeys((*handled, *app.rewriting.files)))


def apply_first(file: RewrittenFile, count: int) -> Applied:
    """`file` after its first `count` changes, all where it has fewer."""
    changes = changes_of(file)[:count]
    # Edits at one place stand in the order in which the rewriting made them.
    order = {id(edit): number for number, edit in enumerate(file.edits)}
    edits = sorted((edit for change in changes for edit in change.edits), key=lambda edit: order[id(edit)])
    positions = PositionMap(file.file, file.original, edits)
    offsets = Offsets(positions.text)
    places = {
        id(edit): _seen(file.file, offsets, edit.text, start)
        for edit, (start, _) in zip(positions.edits, positions.written(), strict=True)
    }
    spans = tuple(tuple(places[id(edit)] for edit in change.edits) for change in changes)
    return Applied(positions.text, spans, tuple(_line_origins(positions)))


def source_of(node: ast.AST) -> str:
    """The source of a synthesised node, over several lines where it is long."""
    return laid_out(node, "").text if isinstance(node, ast.stmt | ast.expr) else ast.unparse(node)


def handler_of(app: App, change: Change) -> str | None:
    """The handler that a change belongs to: that whose event it makes visible, else one that its file defines."""
    for edit in change.edits:
        for edge in edit.edges:
            return edge.source
    here = [handler for handler in app.code.handlers.values() if handler.file == change.file]
    around = [handler.name for handler in here if handler.span.contains(change.about)]
    reaching = (name for name, files in app.code.reached.items() if change.file in files)
    return next(iter([*around, *(handler.name for handler in here), *reaching]), None)


def _together(file: str, edits: Sequence[Edit]) -> Iterator[Change]:
    """One change for each edit; edits around one expression, of which some are mere brackets, are one change."""
    wrapped = [edit.about for edit in edits if edit.node is None]
    done: list[Span] = []
    for edit in edits:
        if edit.about not in wrapped:
            yield Change(file, (edit,))
        elif edit.about not in done:
            done.append(edit.about)
            yield Change(file, tuple(other for other in edits if other.about == edit.about))


def _bound(change: Change) -> set[str]:
    """The names that an import binds."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in change.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _names(change: Change) -> set[str]:
    return {node.id for root in change.nodes for node in ast.walk(root) if isinstance(node, ast.Name)}


def _seen(file: str, offsets: Offsets, text: str, start: int) -> Span:
    """Where what is seen of an edit's text stands: line ends and indentation around it are not marked."""
    first = start + len(text) - len(text.lstrip())
    last = max(first, start + len(text.rstrip()))
    return Span(file, *offsets.place(first), *offsets.place(last))


def _line_origins(positions: PositionMap) -> Iterator[int | None]:
    at = 0
    for line in split_lines(positions.text):
        # Indentation may be the original's in front of what was added, and the other way round.
        shown = at + len(line) - len(line.lstrip()) if line.strip() else at
        written = positions.edit_at(shown) is not None
        yield None if written else positions.origin(shown, shown + 1).line
        at += len(line)
