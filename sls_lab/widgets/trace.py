"""What a taint stepper shows: flows in words, the files they lead through, and what a run can and cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sls_lab.app import App
from sls_lab.events.model import EntryKind
from sls_lab.facts import Reason, SlsLabError
from sls_lab.report.graph import Graph, event_graph, simplified
from sls_lab.report.handlers import handler_rows
from sls_lab.report.summary import OutcomeKind, count, outcome, recording_words
from sls_lab.taint import Flow, Step, TaintReport
from sls_lab.taint.read.foreign_run import read_pysa_output
from sls_lab.taint.rules import USER_CONTROLLED
from sls_lab.template.shared.application_files import read_text
from sls_lab.widgets.graphs import drawn

ANSWER_WORDS: Final[dict[OutcomeKind, str]] = {
    "flows": "Flow found",
    "no-flow": "No flow",
    "no-flow-in-part": "No flow in the part that was analysed",
    "not-analysed": "Not analysed",
}
_ENTRY_WORDS: Final[dict[EntryKind, str]] = {
    "public": "the outside world",
    "internal": "this application or a clock",
    "external": "something outside of this application",
    "deployment": "the deployment of the application",
}
#: An application with more handlers than this is not drawn whole beside a flow.
_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """A handler as the analysis saw it: what wakes it, whether its event is a source, and why it was not analysed."""

    name: str
    waking: str
    source: str
    unseen: str
    place: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The report that is stepped through. `texts` are its files; `run` says how it was made where that was not now."""

    report: TaintReport
    texts: Mapping[str, str]
    answer: OutcomeKind
    sentence: str
    run: str
    handlers: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """A handler on the way of a flow, and the first of its steps there (from 0)."""

    handler: str
    step: int


def evidence_of(app: App) -> Evidence:
    """What there is to show of an application."""
    report = app.flows
    end = outcome(app)
    texts = {**app.template.texts, **{file: module.text for file, module in app.code.modules.items()}}
    run = recording_words(report) if report.analysed == "recorded" else ""
    return Evidence(report, texts, end.answer, end.sentence, run, tuple(_seen(app)))


def evidence_of_pysa(output: Path, root: Path) -> Evidence:
    """What there is to show of the results of an existing run; if they cannot be read, why."""
    try:
        report = read_pysa_output(output, root)
    except SlsLabError as error:
        empty = TaintReport((), "not-run", {}, (), (), (), {})
        return Evidence(empty, {}, "not-analysed", f"Nothing can be shown: {error}", "")
    files = {step.span.file for flow in report.flows for step in flow.steps}
    texts = {file: text for file in sorted(files) if isinstance(text := read_text(root, file), str)}
    missing = "".join(f" Left out: {diagnostic.message.rstrip('.')}." for diagnostic in report.diagnostics)
    made = " ".join(f"{tool} {version}" for tool, version in report.versions.items()) or "a run of Pysa"
    run = f"recorded: the results of {made}, not run now"
    if report.flows:
        return Evidence(report, texts, "flows", f"{count(len(report.flows), 'flow')} in {output.name}.{missing}", run)
    sentence = f"{output.name} holds no flow. Which sources and sinks were looked for is not stored in it.{missing}"
    return Evidence(report, texts, "no-flow-in-part", sentence, run)


def sentence(flow: Flow, number: int, aside: Reason | None = None) -> str:
    """What happens to the data at step `number` (from 0) of a flow; `aside` is why the flow is harmless."""
    step = flow.steps[number]
    if step.role == "source":
        # Only an event is sent by whoever wakes the handler; what a listing gives has its own origin.
        sender = flow.source.entry if flow.source.kind == USER_CONTROLLED else None
        entry = f", which {_ENTRY_WORDS[sender]} sends" if sender else ""
        return f"The data comes in here: {step.note}{entry}."
    if step.role == "sink":
        end = "it arrives where it must not" if aside is None else f"this is harmless, since {aside.text}"
        return f"The data {step.note}: {end}."
    if step.role == "event":
        return f"The data leaves the handler with an event: {step.note}."
    return f"The data is {step.note}." if step.note else ""


def shortened(text: str, limit: int = 70) -> str:
    """Code on one line, its end left out where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def route(flow: Flow) -> tuple[Stop, ...]:
    """The handlers that a flow leads through, in order."""
    stops: list[Stop] = []
    for number, step in enumerate(flow.steps):
        if not stops or stops[-1].handler != step.handler:
            stops.append(Stop(step.handler, number))
    return tuple(stops)


def woken_at(steps: Sequence[Step], number: int) -> str | None:
    """The handler that the event of step `number` wakes; None where the step is not an event, or is the last."""
    if steps[number].role != "event" or number + 1 >= len(steps):
        return None
    return steps[number + 1].handler


def flow_graph(app: App, flow: Flow) -> dict[str, Any]:
    """The event graph in small: whole, or of a large application what the flow leads through."""
    graph = simplified(event_graph(app))
    if len(app.template.functions) > _FEW:
        graph = _around(graph, {stop.handler for stop in route(flow)})
    return drawn(graph, app.events.edges, down=True)


def highlighted(graph: Mapping[str, Any], flow: Flow, number: int) -> list[str]:
    """The parts of a `flow_graph` where the data is at a step: a handler, or the hop to the next."""
    step = flow.steps[number]
    woken = woken_at(flow.steps, number)
    if woken is not None:
        hops = [
            edge
            for edge in graph["edges"].values()
            if (edge["source"], edge["target"]) == (step.handler, woken) and edge["status"] == "linked"
        ]
        exact = [edge for edge in hops if edge["place"] == step.span.place]
        if parts := list(dict.fromkeys(part for edge in exact or hops for part in edge["parts"])):
            return parts
    return [part for part, node in graph["nodes"].items() if node["handler"] == step.handler]


def gone(before: Evidence, after: Evidence) -> str:
    """What has become of the flows since the last analysis, in one sentence; empty where none is gone."""
    missing = _by_ends(before.report) - _by_ends(after.report)
    if not missing:
        return ""
    ways = ", ".join(f"{title} ({source} → {sink})" for title, source, sink in missing)
    if after.answer == "not-analysed":
        return f"This does not say that the flow is gone: {ways}."
    if after.answer == "no-flow-in-part" or after.report.unseen:
        return f"Not found again, but not everything was analysed: {ways}."
    many = sum(missing.values()) > 1
    return f"{'These flows are' if many else 'The flow is'} gone: {ways}."


def _by_ends(report: TaintReport) -> Counter[tuple[str, str, str]]:
    return Counter((flow.rule.title, flow.source.handler, flow.sink.handler) for flow in report.flows)


def _seen(app: App) -> list[Seen]:
    report = app.flows
    rows = []
    for row in handler_rows(app):
        if row.name in report.considered:
            source = "yes"
        elif row.entry == "internal":
            source = "no: it is woken from within"
        else:
            source = "left out"
        unseen = row.unseen.message if row.unseen else ""
        place = (row.unseen.span if row.unseen and row.unseen.span else row.span).place
        rows.append(Seen(row.name, _ENTRY_WORDS[row.entry], source, unseen, place))
    return rows


def _around(graph: Graph, handlers: set[str]) -> Graph:
    """The part of a graph between these handlers, with what wakes them."""
    kept = {node.key for node in graph.nodes if node.handler in handlers}
    others = {node.key for node in graph.nodes if node.handler is None}
    woken = {arrow.target for arrow in graph.arrows}
    into = {arrow.target for arrow in graph.arrows if arrow.source in kept}
    out = {arrow.source for arrow in graph.arrows if arrow.target in kept}
    kept |= {key for key in others & out if key in into or key not in woken}
    return Graph(
        graph.title,
        tuple(node for node in graph.nodes if node.key in kept),
        tuple(arrow for arrow in graph.arrows if arrow.source in kept and arrow.target in kept),
    )
