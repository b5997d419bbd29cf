"""Step 4: from code and event graph to the synchronous equivalent."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sls_lab.code import Code
from sls_lab.events.model import Edge, EventGraph
from sls_lab.facts import Diagnostic, Span
from sls_lab.facts.lines import line_end
from sls_lab.python.later_syntax import parse_module
from sls_lab.python.module import FunctionNode, Module
from sls_lab.rewrite.analyser.editing import AnalyserEdits, Candidates
from sls_lab.rewrite.annotations import annotation_edits, cast_edits, object_edits
from sls_lab.rewrite.captured_data import CapturedData
from sls_lab.rewrite.choices import choice_edits, unnamed_calls
from sls_lab.rewrite.context import FileContext, Imports
from sls_lab.rewrite.destination_calls import outcome_edits
from sls_lab.rewrite.file_writes import store_edits
from sls_lab.rewrite.iterations import iteration_edits
from sls_lab.rewrite.kept_data import KeptNames
from sls_lab.rewrite.line_ends import with_line_ends
from sls_lab.rewrite.missing import import_missing
from sls_lab.rewrite.model import Edit, Rewriting, RewrittenFile
from sls_lab.rewrite.modules import dotted_names
from sls_lab.rewrite.position_map import PositionMap
from sls_lab.rewrite.raised_data import RaisedData
from sls_lab.rewrite.raising import raising_edits
from sls_lab.rewrite.shared_files import KeptFiles
from sls_lab.rewrite.shared_variables import SharedVariables
from sls_lab.rewrite.shown_types import ShownTypes
from sls_lab.rewrite.site import Site
from sls_lab.rewrite.stored_data import StoredData
from sls_lab.rewrite.transitions import transition_edits


class _InFile(Protocol):
    """Something with a file."""

    @property
    def file(self) -> str:
        """The path of the file."""


_Fact = TypeVar("_Fact", bound=_InFile)


def rewrite(code: Code, events: EventGraph) -> Rewriting:
    """Write each hidden call of a handler into the code that raises its event.

    Only linked edges are written. Comments and layout stay. A file whose rewriting would not parse is left as it was,
    with a diagnostic.
    """
    modules = dotted_names(code.modules)
    linked = [edge for edge in events.edges if edge.linked]
    writer = _Writer(code, linked, modules)
    analyser = AnalyserEdits(code, modules)
    files: dict[str, RewrittenFile] = {}
    diagnostics: list[Diagnostic] = list(_not_followed(linked, code))
    for file, module in code.modules.items():
        edits, missing = writer.edits(file, module)
        rewritten, candidates, trouble = _drafted(module, edits, analyser)
        diagnostics += [*missing, *trouble]
        files[file] = analyser.chosen(rewritten, candidates)
    return Rewriting(files, modules, tuple(diagnostics), writer.names.places, analyser.entries)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a file may be given: all edits, or those for events alone; `imports` go with both.

    `unnamed` are places of calls in it whose functions could not be named.
    """

    imports: Sequence[Edit]
    everything: Sequence[Edit]
    events: Sequence[Edit]
    unnamed: tuple[Span, ...]


class _Writer:
    """Makes the edits of one file after the other."""

    def __init__(self, code: Code, edges: Sequence[Edge], modules: Mapping[str, str]) -> None:
        self._code, self._modules = code, modules
        self._edges: dict[str, list[Edge]] = {}
        for edge in edges:
            source = code.handlers.get(edge.source)
            file = edge.call.file if edge.call else source.file if source is not None else ""
            self._edges.setdefault(file, []).append(edge)
        self._calls, self._objects, self._choices = _by_file(code.calls), _by_file(code.objects), _by_file(code.choices)
        self._iterations, self._types = _by_file(code.iterations), ShownTypes(code)
        self.names = KeptNames()
        self._kept, self._variables = KeptFiles(code, self.names), SharedVariables(code, self.names)
        self._stored, self._raised = StoredData(code, self.names), RaisedData(code, self.names)
        self._captured = CapturedData(code, self.names)

    def edits(self, file: str, module: Module) -> tuple[_Wanted, list[Diagnostic]]:
        """What a file may be given, and what is missing in it."""
        site = Site(module)
        context = FileContext(site, Imports(site), self._code, self._modules)
        calls, edges = self._calls.get(file, []), self._edges.get(file, [])
        missing = list(import_missing(context))
        edits = annotation_edits(context, calls)
        edits += object_edits(context, self._objects.get(file, []))
        others = [*iteration_edits(context, self._iterations.get(file, [])), *store_edits(context, self._kept)]
        raising = raising_edits(context, edges)
        edits += choice_edits(context, self._choices.get(file, []), self._types, raising)
        edits += [*others, *raising]
        edits += transition_edits(context, edges)
        edits += outcome_edits(context, [edge for edge in edges if edge.is_outcome])
        # At one place the first edit is the outermost: what is found in a store, a cast, a variable.
        outer, casts = self._stored.edits(context), list(cast_edits(context, calls))
        inner = [*self._variables.edits(context), *self._raised.edits(context), *self._captured.edits(context)]
        wanted = _Wanted(
            context.imports.edits,
            [*edits, *outer, *casts, *inner],
            [*edits, *casts],
            tuple(unnamed_calls(context, self._choices.get(file, []))),
        )
        return wanted, missing


def _drafted(
    module: Module, wanted: _Wanted, analyser: AnalyserEdits
) -> tuple[RewrittenFile, Candidates, list[Diagnostic]]:
    """The file with its edits, and those that it may be given for the analyser.

    The tree of the rewritten text, which is larger than all else that is known of a file, ends with this function.
    """
    rewritten, tree, trouble = _written(module, wanted)
    return rewritten, analyser.candidates(rewritten, tree, wanted.unnamed), trouble


def _written(module: Module, wanted: _Wanted) -> tuple[RewrittenFile, ast.Module, list[Diagnostic]]:
    """The file with all edits, or with those for events alone, or as it was: the first of these that parses."""
    lost = ("what functions leave to each other in it is", "events raised in it are")
    trouble: list[Diagnostic] = []
    for edits, what in zip((wanted.everything, wanted.events), lost, strict=True):
        rewritten = _apply(module.file, module.text, [*wanted.imports, *edits])
        tree = _parsed(rewritten.text) if rewritten.edits else module.tree
        if tree is not None:
            return rewritten, tree, trouble
        span = wanted.everything[0].about if wanted.everything else Span(module.file, 1, 0, 1, 0)
        message = f"{module.file} could not be rewritten in full, so that {what} not followed; please report it"
        trouble.append(Diagnostic("rewriting-failed", message, span))
    return RewrittenFile(module.file, module.text, module.text, ()), module.tree, trouble


def untouched(code: Code) -> Rewriting:
    """The files as they are written, with edits for the analyser alone: what one sees that knows nothing of events."""
    modules = dotted_names(code.modules)
    analyser = AnalyserEdits(code, modules)
    files = {
        file: analyser.of(RewrittenFile(file, module.text, module.text, ()), module.tree)
        for file, module in code.modules.items()
    }
    return Rewriting(files, modules, (), entries=analyser.entries)


def _by_file(facts: Iterable[_Fact]) -> Mapping[str, list[_Fact]]:
    found: dict[str, list[_Fact]] = {}
    for fact in facts:
        found.setdefault(fact.file, []).append(fact)
    return found


def _not_followed(edges: Sequence[Edge], code: Code) -> Iterator[Diagnostic]:
    """Events that no call written here can represent."""
    for edge in edges:
        target = code.handlers.get(edge.target or "")
        if target is not None and target.definition is None:
            message = (
                f"`{target.name}` hands what it gets to the routes of a framework, so that the event which "
                f"`{edge.source}` raises is not followed into them; look at its routes by hand"
            )
            yield Diagnostic("event-not-followed", message, edge.span or target.span)
        if target is not None and target.alternatives:
            others = " or ".join(f"`{name}`" for name in target.alternatives)
            message = (
                f"`{target.name}` may be {others} as well as `{target.qualified}`, and the event which "
                f"`{edge.source}` raises is followed into the last alone; let the handler be one def that decides"
            )
            yield Diagnostic("event-not-followed", message, edge.span or target.span)
        source = code.handlers.get(edge.source)
        if source is None or edge.call is not None:
            continue
        if source.alternatives or not isinstance(source.definition, FunctionNode):
            message = (
                f"what `{source.name}` returns is not followed to `{edge.target}`; write the handler as one def with "
                "`return`"
            )
            yield Diagnostic("event-not-followed", message, source.span)


def _apply(file: str, text: str, edits: Sequence[Edit]) -> RewrittenFile:
    end = line_end(text)
    positions = PositionMap(file, text, [with_line_ends(edit, end) for edit in edits])
    return RewrittenFile(file, text, positions.text, positions.edits)


def _parsed(text: str) -> ast.Module | None:
    try:
        return parse_module(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
