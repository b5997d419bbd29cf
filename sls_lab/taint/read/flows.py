"""From Pysa's issues to flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.events import Ways
from sls_lab.facts import Diagnostic
from sls_lab.taint.judge.refutation import refutes
from sls_lab.taint.model import Endpoint, Flow
from sls_lab.taint.read.frames import MOST_PATHS, Path, backward_paths, forward_paths
from sls_lab.taint.read.local_files import Found, Running, completed
from sls_lab.taint.read.pysa_output import Issue, Results
from sls_lab.taint.read.reachability import handlers_reaching
from sls_lab.taint.read.steps import NoSuchPath, Tracer
from sls_lab.taint.rules import USER_CONTROLLED, rule_of
from sls_lab.taint.staging.staged_folder import StagedApp


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Where a source and a sink meet, and the paths from there to both."""

    issue: Issue
    to_sources: list[Path]
    to_sinks: list[Path]


def flows_of(app: StagedApp, results: Results) -> tuple[tuple[Flow, ...], tuple[Diagnostic, ...]]:
    """The flows of one application, sources in the order of the template, sinks in that of their places.

    With them come the places from which more paths lead than are followed, so that flows may be missing.

    One flow is one source handler and one sink place in one category, however many issues and paths lead from one to
    the other; the shortest trace is shown.
    """
    subject = app.subject
    tracer = Tracer(
        app.files, subject.code.modules, app.routes, Ways(subject.template, subject.code, subject.events.ignored)
    )
    meetings = [
        _Meeting(issue, forward_paths(issue, results.models), backward_paths(issue, results.models))
        for issue in results.issues
        if issue.file.startswith(app.package + "/")
    ]
    found: dict[tuple[str, str, object], list[Flow]] = {}
    for one in completed(_found(app, results, tracer, meetings), app.subject.rewriting.kept):
        if not refutes(app.subject, one.rule, one.trace):
            flow = _flow(app, one)
            found.setdefault((one.rule.category, flow.source.handler, flow.sink.span), []).append(flow)
    flows = [joined(alternatives) for alternatives in found.values()]
    order = {function.name: number for number, function in enumerate(app.subject.template.functions)}
    flows.sort(key=lambda flow: (order.get(flow.source.handler, 0), flow.sink.span, flow.rule.code))
    return tuple(flows), tuple(dict.fromkeys(_cut_short(tracer, meetings)))


def _cut_short(tracer: Tracer, meetings: Sequence[_Meeting]) -> Iterator[Diagnostic]:
    for meeting in meetings:
        for paths, end in ((meeting.to_sources, "sources"), (meeting.to_sinks, "sinks")):
            if len(paths) >= MOST_PATHS:
                message = (
                    f"{MOST_PATHS} paths or more lead from here to {end} of one kind, and no more are followed, so "
                    "that flows may be missing: split the function"
                )
                yield Diagnostic("error", "paths-left-out", message, tracer.span(paths[0][0]))


def _found(app: StagedApp, results: Results, tracer: Tracer, meetings: Sequence[_Meeting]) -> Iterator[Found]:
    """Every trace of the application that can be followed from its source to its sink."""
    running = Running(app, results)
    for meeting in meetings:
        rule = rule_of(meeting.issue.code)
        for to_source in meeting.to_sources:
            for handler in _source_handlers(app, tracer, running, to_source):
                for to_sink in meeting.to_sinks:
                    try:
                        trace = tracer.trace(handler, to_source, to_sink)
                    except NoSuchPath:
                        continue
                    yield Found(rule, trace, to_source[-1].frame, to_sink[-1].frame)


def _source_handlers(app: StagedApp, tracer: Tracer, running: Running, to_source: Path) -> tuple[str, ...]:
    """The handlers in which a path's source stands: by what they are given, or by a place that they can reach."""
    leaf = to_source[-1]
    along = running.along(to_source)
    if leaf.frame.file_name is not None:
        return along
    entries: Mapping[str, tuple[str, ...]] = app.handlers
    owners = tuple(name for name, callables in entries.items() if leaf.callable in callables)
    if not owners:
        reaching = handlers_reaching(app.subject.code, tracer.span(leaf))
        owners = tuple(name for name in reaching if name in along) or reaching
    if leaf.frame.base_kind != USER_CONTROLLED:
        return owners
    return tuple(name for name in owners if app.subject.events.entries[name].kind in app.subject.sources)


def _flow(app: StagedApp, found: Found) -> Flow:
    first, last = found.trace.steps[0], found.trace.sink
    entry = app.subject.events.entries.get(first.handler)
    source = Endpoint(first.handler, first.span, first.text, found.source.base_kind, entry.kind if entry else None)
    sink = Endpoint(last.handler, last.span, last.text, found.sink.base_kind)
    return Flow(found.rule, source, sink, found.trace.steps, 0)


def joined(alternatives: list[Flow]) -> Flow:
    """The one of several flows with the shortest trace, which counts the others that differ."""
    distinct = list({flow.steps: flow for flow in alternatives}.values())
    shortest = min(distinct, key=lambda flow: len(flow.steps))
    return Flow(shortest.rule, shortest.source, shortest.sink, shortest.steps, len(distinct) - 1, shortest.second_order)
