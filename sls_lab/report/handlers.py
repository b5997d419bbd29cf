"""The functions of one application as every report lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sls_lab.events.model import EntryKind
from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.linked import Linked
from sls_lab.report.results import Results
from sls_lab.taint.model import Flow, TaintReport
from sls_lab.template.model import Function, Trigger


@dataclass(frozen=True, slots=True)
class HandlerRow:
    """One function of the template with what is known of its handler.

    `span` is the handler's `def`, or the function's place in the template where the code was not found. `unseen` says
    why it was not analysed, None where it was.
    """

    name: str
    function: Function
    file: str | None
    line: int | None
    attribute: str | None
    span: Span
    entry: EntryKind
    entry_because: tuple[Reason, ...]
    unseen: Diagnostic | None

    @property
    def analysed(self) -> bool:
        """Whether flows through this handler would have been seen."""
        return self.unseen is None

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """What wakes it."""
        return self.function.triggers


def handler_rows(results: Results) -> tuple[HandlerRow, ...]:
    """All functions in the order of the template, those that were not analysed included."""
    return tuple(_row(results, results.flows, function) for function in results.template.functions)


def linked_rows(results: Linked) -> tuple[HandlerRow, ...]:
    """The same before anything was traced: what was not analysed is what was not found in the code."""
    return tuple(_row(results, None, function) for function in results.template.functions)


def complete(results: Results) -> bool:
    """Whether every function of the application was analysed."""
    return results.complete and all(row.analysed for row in handler_rows(results))


@dataclass(frozen=True, slots=True)
class Blindness:
    """Handlers that were not analysed for one reason; `span` is its place, None where it concerns several."""

    names: tuple[str, ...]
    message: str
    span: Span | None


def blindnesses(rows: Sequence[HandlerRow]) -> tuple[Blindness, ...]:
    """What was not analysed, each reason once: a run that failed is one thing, however many handlers wait for it."""
    together: dict[str, list[HandlerRow]] = {}
    for row in rows:
        if row.unseen:
            together.setdefault(row.unseen.message, []).append(row)
    found = []
    for message, same in together.items():
        first = same[0]
        place = (first.unseen.span if first.unseen else None) or first.span
        found.append(Blindness(tuple(row.name for row in same), message, place if len(same) == 1 else None))
    return tuple(found)


def other_diagnostics(results: Results, rows: Sequence[HandlerRow]) -> tuple[Diagnostic, ...]:
    """The diagnostics that do not say why a handler was not analysed, which has a place of its own in reports."""
    told = {row.unseen.message for row in rows if row.unseen}
    return tuple(diagnostic for diagnostic in results.diagnostics if diagnostic.message not in told)


def problems(results: Results) -> tuple[Diagnostic, ...]:
    """Why handlers were not analysed, then all other diagnostics, each once."""
    unseen = [row.unseen for row in handler_rows(results) if row.unseen]
    return tuple(dict.fromkeys((*unseen, *results.diagnostics)))


def source_entry(results: Results, flow: Flow) -> EntryKind:
    """Who can send what `flow` begins with."""
    entry = results.events.entries.get(flow.source.handler)
    return flow.source.entry or (entry.kind if entry else "external")


def _row(results: Linked, report: TaintReport | None, function: Function) -> HandlerRow:
    handler = results.code.handlers.get(function.name)
    entry = results.events.entries.get(function.name)
    return HandlerRow(
        name=function.name,
        function=function,
        file=handler.file if handler else function.file,
        line=handler.span.line if handler else None,
        attribute=handler.attribute if handler else function.attribute,
        span=handler.span if handler else function.span,
        entry=entry.kind if entry else "external",
        entry_because=entry.because if entry else (),
        unseen=_unseen(results, report, function, found=handler is not None),
    )


def _unseen(results: Linked, report: TaintReport | None, function: Function, *, found: bool) -> Diagnostic | None:
    for reasons in (results.code.unseen, report.unseen if report else {}):
        if function.name in reasons:
            return reasons[function.name]
    if report and report.analysed == "not-run":
        return next(
            (diagnostic for diagnostic in report.diagnostics if diagnostic.level == "error"),
            Diagnostic("not-run", "Pysa did not run, so no flow was looked for; see `sls-lab doctor`"),
        )
    if not found:
        # No room explained it: still never to be read as "analysed".
        return Diagnostic("handler-not-found", f"{function.name} has no handler in the code", function.span)
    return None
