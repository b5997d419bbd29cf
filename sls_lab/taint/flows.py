"""From Pysa's issues to flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sls_lab.taint.model import Endpoint, Flow, Rule
from sls_lab.taint.output import Issue, Results
from sls_lab.taint.paths import Path, backward_paths, forward_paths
from sls_lab.taint.reachability import handlers_reaching
from sls_lab.taint.refutation import refutes
from sls_lab.taint.rules import USER_CONTROLLED, rule_of
from sls_lab.taint.staging import StagedApp
from sls_lab.taint.steps import NoSuchPath, Trace, Tracer


def flows_of(app: StagedApp, results: Results) -> tuple[Flow, ...]:
    """The flows of one application, sources in the order of the template, sinks in that of their places.

    One flow is one source handler and one sink place in one category, however many issues and paths lead from one to
    the other; the shortest trace is shown.
    """
    tracer = Tracer(app.files, app.subject.code.modules, app.routes)
    found: dict[tuple[str, str, object], list[Flow]] = {}
    for issue in results.issues:
        if not issue.file.startswith(app.package + "/"):
            continue
        rule = rule_of(issue.code)
        for trace, kinds in _traces(app, tracer, issue, results):
            if refutes(app.subject, rule, trace):
                continue
            flow = _flow(app, rule, trace, kinds)
            key = (rule.category, flow.source.handler, flow.sink.span)
            found.setdefault(key, []).append(flow)
    flows = [joined(alternatives) for alternatives in found.values()]
    order = {function.name: number for number, function in enumerate(app.subject.template.functions)}
    flows.sort(key=lambda flow: (order.get(flow.source.handler, 0), flow.sink.span, flow.rule.code))
    return tuple(flows)


def _traces(app: StagedApp, tracer: Tracer, issue: Issue, results: Results) -> Iterator[tuple[Trace, tuple[str, str]]]:
    forward = forward_paths(issue, results.models)
    backward = backward_paths(issue, results.models)
    for to_source in forward:
        for handler in _source_handlers(app, tracer, to_source):
            for to_sink in backward:
                try:
                    trace = tracer.trace(handler, to_source, to_sink)
                except NoSuchPath:
                    continue
                yield trace, (to_source[-1].frame.base_kind, to_sink[-1].frame.base_kind)


def _source_handlers(app: StagedApp, tracer: Tracer, to_source: Path) -> tuple[str, ...]:
    """The handlers in which a path's source stands: by what they are given, or by a place that they can reach."""
    leaf = to_source[-1]
    entries: Mapping[str, tuple[str, ...]] = app.handlers
    owners = tuple(name for name, callables in entries.items() if leaf.callable in callables)
    owners = owners or handlers_reaching(app.subject.code, tracer.span(leaf))
    if leaf.frame.base_kind != USER_CONTROLLED:
        return owners
    return tuple(name for name in owners if app.subject.events.entries[name].kind in app.subject.sources)


def _flow(app: StagedApp, rule: Rule, trace: Trace, kinds: tuple[str, str]) -> Flow:
    first, last = trace.steps[0], trace.sink
    entry = app.subject.events.entries.get(first.handler)
    source = Endpoint(first.handler, first.span, first.text, kinds[0], entry.kind if entry else None)
    sink = Endpoint(last.handler, last.span, last.text, kinds[1])
    return Flow(rule, source, sink, trace.steps, 0)


def joined(alternatives: list[Flow]) -> Flow:
    """The one of several flows with the shortest trace, which counts the others that differ."""
    distinct = list({flow.steps: flow for flow in alternatives}.values())
    shortest = min(distinct, key=lambda flow: len(flow.steps))
    return Flow(shortest.rule, shortest.source, shortest.sink, shortest.steps, len(distinct) - 1, shortest.second_order)
