"""The rewriting as a series of changes: what each is, and how a file looks after the first few of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sls_lab.app import App
from sls_lab.facts import Offsets, Reason, Span, split_lines
from sls_lab.rewrite import AnalysedText, AnalyserForm, Edit, EditKind, PositionMap, RewrittenFile
from sls_lab.rewrite.layout import laid_out

KIND_WORDS: Final[dict[EditKind, str]] = {
    "type-annotation": "type annotation",
    "event-object": "event object",
    "handler-call": "handler call",
    "import": "import",
    "store-propagation": "store propagation",
    "named-call": "named call",
    "for-the-analyser": "for the analyser",
}

PURPOSES: Final[dict[EditKind, str]] = {
    "type-annotation": "It tells the analyser what this is: a boto3 client or an object.",
    "event-object": "It builds what the woken handler is given as its event object.",
    "handler-call": "The event becomes an ordinary call: the analyser can follow the data into the next handler.",
    "import": "It makes a name known that the added code uses.",
    "store-propagation": "It lets the content of a file travel with the file's path.",
    "named-call": "It calls by their names the functions that the call may mean.",
    "for-the-analyser": "It is the same program, written in a form that the analyser follows.",
}

#: What edits for the analyser are about; a `form` without words of its own has those of its kind.
_FORM_PURPOSES: Final[dict[AnalyserForm, str]] = {
    "package-import": "The application is read as one package, in which files import each other by relative names.",
    "stub-import": "It makes a name known that edits for the analyser use.",
    "event-type": "It tells the analyser that this is a dictionary, whose parts are dictionaries again.",
    "yielded-element": "It tells the analyser that what is yielded is one element, not the whole result.",
    "list-slice": "It tells the analyser that a slice holds elements of the list, and is not one of them.",
    "index-from-the-end": "It tells the analyser that this may be any element of the list.",
    "dependency": "It calls what the parameter depends on, as the framework does before it calls the route.",
    "dict-call": "It writes the dictionary out, of which the analyser tells the fields apart.",
    "generator": "It writes out what the library does with the function, which the analyser does not follow.",
    "grouped-list": "It tells the analyser that the dictionary's list holds what is added to it.",
    "container-fill": "It puts the value into the container by an assignment, which the analyser follows for any type.",
    "entered-key": "It tells the analyser that the dictionary has this key from here on.",
    "secret": "It marks a value that must not be known, such as a password that is read here.",
    "open-call": "It marks what is given to a call of which it is not known what it calls.",
    "decorated-handler": "It calls the handler as Lambda does, so that each wrapper calls what it was put around.",
    "alias": "It gives both names of an object what was put into it by one of them.",
    "attribute-call": "It writes the attribute out, which the analyser does not follow by its name.",
    "enumeration-member": "It is one of a few constants, whichever an outsider chooses.",
    "dataclass-init": "It writes out how the class makes an object of its fields, which the analyser does not know.",
    "named-tuple": "It takes the fields out by their names, by which the analyser keeps them.",
    "named-argument": "It gives a name to what a constructor is given that the analyser does not know.",
    "returned-function": "It takes away an annotation that says less of the result than the code does.",
    "keyed-method": "It names the key under which the method puts or finds something.",
    "left-context": "It calls what the `with` statement calls at its end.",
    "class-pattern": "It names the fields that the pattern takes out by their places.",
    "registered-name": "It gives a function that is called by the type of its argument a name of its own.",
    "named-partial": "It gives the function that is made of another one a name by which the analyser follows it.",
    "named-lambda": "It gives the function a name by which the analyser follows it.",
    "lambda-handler": "It gives the handler a name by which the analyser knows it.",
    "testing-import": "It lets the analyser look into a file that holds tests as well.",
}


@dataclass(frozen=True, slots=True)
class RewritingStep:
    """One step of the rewriting of `file`: an edit, or the edits that only together make code.

    `about` is what it is about in the original.
    """

    file: str
    edits: tuple[Edit, ...]
    about: Span

    @property
    def kind(self) -> EditKind:
        """What kind of change it is."""
        return self.edits[0].kind

    @property
    def purpose(self) -> str:
        """What it is good for, in a sentence."""
        form = self.edits[0].form
        return PURPOSES[self.kind] if form is None else _FORM_PURPOSES.get(form, PURPOSES[self.kind])

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
    """A file after some of its changes. `spans` gives, for each of them, where `text` has what it wrote.

    `origins` has, for each line of `text`, the line of the original that it was, None for a line that was added.
    """

    text: str
    spans: tuple[tuple[Span, ...], ...]
    origins: tuple[int | None, ...]


def changes_of(file: RewrittenFile, *, analyser: bool = False) -> tuple[RewritingStep, ...]:
    """The changes of one file in the order in which they make sense: each import after what first needs it.

    Edits for the analyser come last, and only where `analyser` asks for them.
    """
    imports = [RewritingStep(file.file, (edit,), edit.about) for edit in file.edits if edit.kind == "import"]
    others = list(_together(file.file, [edit for edit in file.edits if edit.kind != "import"]))
    following: dict[int, list[RewritingStep]] = {}
    for change in imports:
        needing = (number for number, other in enumerate(others) if _bound(change) & _names(other))
        following.setdefault(next(needing, -1), []).append(change)
    ordered = following.get(-1, [])
    for number, change in enumerate(others):
        ordered += [change, *following.get(number, [])]
    return (*ordered, *(_for_the_analyser(file) if analyser else ()))


def all_changes(app: App, *, analyser: bool = False) -> tuple[RewritingStep, ...]:
    """The changes of all files; files of handlers first, in the order of the template."""
    files = app.rewriting.files
    return tuple(change for file in ordered_files(app) for change in changes_of(files[file], analyser=analyser))


def ordered_files(app: App) -> tuple[str, ...]:
    """All rewritten files; those of handlers first, in the order of the template."""
    handled = (handler.file for handler in app.code.handlers.values() if handler.file in app.rewriting.files)
    return tuple(dict.fromkeys((*handled, *app.rewriting.files)))


def apply_first(file: RewrittenFile, count: int, *, analyser: bool = False) -> Applied:
    """`file` after its first `count` changes, all where it has fewer."""
    edits = [edit for change in changes_of(file, analyser=analyser)[:count] for edit in change.edits]
    own = _in_order([edit for edit in edits if edit.form is None], file.edits)
    positions = PositionMap(file.file, file.original, own)
    # Edits for the analyser follow on all others, and are places of what those make.
    last = PositionMap(
        file.file, positions.text, _in_order([edit for edit in edits if edit.form], file.for_the_analyser)
    )
    offsets = Offsets(last.text)
    written = {id(edit): last.moved(*place) for edit, place in zip(positions.edits, positions.written(), strict=True)}
    written |= {id(edit): place for edit, place in zip(last.edits, last.written(), strict=True)}
    places = {edit: _seen(file.file, offsets, last.text[start:end], start) for edit, (start, end) in written.items()}
    spans = tuple(
        tuple(places[id(edit)] for edit in change.edits) for change in changes_of(file, analyser=analyser)[:count]
    )
    return Applied(last.text, spans, tuple(_line_origins(positions, last)))


def _in_order(edits: Sequence[Edit], order: Sequence[Edit]) -> list[Edit]:
    """Edits at one place stay in the order in which the rewriting made them."""
    number = {id(edit): at for at, edit in enumerate(order)}
    return sorted(edits, key=lambda edit: number[id(edit)])


def source_of(node: ast.AST) -> str:
    """The source of a synthesised node, over several lines where it is long."""
    return laid_out(node, "").text if isinstance(node, ast.stmt | ast.expr) else ast.unparse(node)


def handler_of(app: App, change: RewritingStep) -> str | None:
    """The handler that a change belongs to: that whose event it makes visible, else one that its file defines."""
    for edit in change.edits:
        for edge in edit.edges:
            return edge.source
    here = [handler for handler in app.code.handlers.values() if handler.file == change.file]
    around = [handler.name for handler in here if handler.span.contains(change.about)]
    reaching = (name for name, files in app.code.reached.items() if change.file in files)
    return next(iter([*around, *(handler.name for handler in here), *reaching]), None)


def _together(file: str, edits: Sequence[Edit]) -> Iterator[RewritingStep]:
    """One change for each edit; edits around one expression, of which some are mere brackets, are one change."""
    wrapped = [edit.about for edit in edits if edit.node is None]
    done: list[Span] = []
    for edit in edits:
        if edit.about not in wrapped:
            yield RewritingStep(file, (edit,), edit.about)
        elif edit.about not in done:
            done.append(edit.about)
            yield RewritingStep(file, tuple(other for other in edits if other.about == edit.about), edit.about)


def _for_the_analyser(file: RewrittenFile) -> Iterator[RewritingStep]:
    """The edits for the analyser; those of one form for one reason only together make code."""
    analysed = AnalysedText(file)
    found: dict[object, list[Edit]] = {}
    for edit in file.for_the_analyser:
        found.setdefault((edit.form, edit.because), []).append(edit)
    for edits in found.values():
        reason = edits[0].because[0].span
        yield RewritingStep(file.file, tuple(edits), reason or analysed.original(edits[0].about))


def _bound(change: RewritingStep) -> set[str]:
    """The names that an import binds."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in change.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


def _names(change: RewritingStep) -> set[str]:
    return {node.id for root in change.nodes for node in ast.walk(root) if isinstance(node, ast.Name)}


def _seen(file: str, offsets: Offsets, text: str, start: int) -> Span:
    """The visible part of what an edit wrote: line ends and indentation around it are not marked."""
    first = start + len(text) - len(text.lstrip())
    last = max(first, start + len(text.rstrip()))
    return Span(file, *offsets.place(first), *offsets.place(last))


def _line_origins(first: PositionMap, last: PositionMap) -> Iterator[int | None]:
    at = 0
    between = Offsets(first.text)
    for line in split_lines(last.text):
        # Indentation may be the original's before what was added, and the other way round.
        shown = at + len(line) - len(line.lstrip()) if line.strip() else at
        edit = last.edit_at(shown)
        if edit is not None and edit.form == "stub-import":
            yield None
        else:
            place = last.origin(shown, shown + 1)
            middle = between.offset(place.line, place.column)
            yield None if first.edit_at(middle) is not None else first.origin(middle, middle + 1).line
        at += len(line)
