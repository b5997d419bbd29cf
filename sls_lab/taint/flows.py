"""From Pysa's issues to flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sls_lab.events import Ways
from sls_lab.taint.keeping import Found, Running, completed
from sls_lab.taint.model import Endpoint, Flow
from sls_lab.taint.output import Results
from sls_lab.taint.paths import Path, backward_paths, forward_paths
from sls_lab.taint.reachability import handlers_reaching
from sls_lab.taint.refutation import refutes
from sls_lab.taint.rules import USER_CONTROLLED, rule_of
from sls_lab.taint.staging import StagedApp
from sls_lab.taint.steps import NoSuchPath, Tracer


def flows_of(app: StagedApp, results: Results) -> tuple[Flow, ...]:
    """The flows of one application, sources in the order of the template, sinks in that of their places.

    One flow is one source handler and one sink place in one category, however many issues and paths lead from one to
    the other; the shortest trace is shown.
    """
    found: dict[tuple[str, str, object], list[Flow]] = {}
    for one in completed(_found(app, results), app.subject.rewriting.kept):
        if not refutes(app.subject, one.rule, one.trace):
            flow = _flow(app, one)
            found.setdefault((one.rule.category, flow.source.handler, flow.sink.span), []).append(flow)
    flows = [joined(alternatives) for alternatives in found.values()]
    order = {function.name: number for number, function in enumerate(app.subject.template.functions)}
    flows.sort(key=lambda flow: (order.get(flow.source.handler, 0), flow.sink.span, flow.rule.code))
    return tuple(flows)


def _found(app: StagedApp, results: Results) -> Iterator[Found]:
    """Every trace of the application that can be followed from its source to its sink."""
    subject = app.subject
    ways = Ways(subject.template, subject.code, subject.events.ignored)
    tracer = Tracer(app.files, subject.code.modules, app.routes, ways)
    running = Running(app, results)
    for issue in results.issues:
        if not issue.file.startswith(app.package + "/"):
            continue
        rule = rule_of(issue.code)
        forward = forward_paths(issue, results.models)
        backward = backward_paths(issue, results.models)
        for to_source in forward:
            for handler in _source_handlers(app, tracer, running, to_source):
                for to_sink in backward:
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
