"""What the rewriting is for: the flows of an application beside what Pysa finds in the files as they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sls_lab.events.model import EventGraph
from sls_lab.facts import Span
from sls_lab.report.summary import count
from sls_lab.taint import Flow, Step, TaintReport
from sls_lab.widgets.trace import woken_at


@dataclass(frozen=True, slots=True)
class Pair:
    """A flow, and whether it is found without the rewriting too; `end` is the event at which it is lost otherwise.

    `end` is None as well where no event is on its way; `woken` is the handler that `end` wakes.
    """

    flow: Flow
    found: bool
    end: Step | None
    woken: str | None


def compare(full: TaintReport, raw: TaintReport, events: EventGraph) -> tuple[Pair, ...]:
    """Each flow of the rewritten application beside the raw one."""
    known = {_ends(flow) for flow in raw.flows}
    # A call whose answer the handler waits for is not a step of the kind `event`: the data comes back to the handler.
    waking = {
        (edge.source, edge.span): edge.target for edge in events.edges if edge.linked and edge.target and edge.span
    }
    return tuple(_pair(flow, _ends(flow) in known, waking) for flow in full.flows)


def raw_words(pair: Pair, raw: TaintReport) -> str:
    """What a run without the rewriting says of a flow."""
    if raw.analysed == "not-run":
        return "Not analysed: nothing is known of it without the rewriting."
    if pair.found:
        return "Found as well: the whole flow stays in the code of one handler."
    if pair.end is not None:
        return (
            f"Not found: the trace ends at {pair.end.span.place}. Nothing in the code says that this call wakes "
            f"`{pair.woken}`."
        )
    return "Not found: no event is on its way, but types, imports or calls that only the rewriting adds."


def remark(report: TaintReport) -> str:
    """What there is to say beside the number of flows that a run found."""
    if report.analysed == "not-run":
        return "Not analysed: Pysa did not run, so that nothing is known."
    nothing = "" if report.flows else "No flow found in the code that was analysed. "
    unseen = f"Not analysed: {count(len(report.unseen), 'handler')}." if report.unseen else ""
    return f"{nothing}{unseen}".strip()


def _ends(flow: Flow) -> tuple[str, str, object]:
    return flow.rule.category, flow.source.handler, flow.sink.span


def _pair(flow: Flow, found: bool, waking: Mapping[tuple[str, Span], str]) -> Pair:
    if not found:
        for number, step in enumerate(flow.steps):
            woken = woken_at(flow.steps, number) or waking.get((step.handler, step.span))
            if woken is not None:
                return Pair(flow, found, step, woken)
    return Pair(flow, found, None, None)
