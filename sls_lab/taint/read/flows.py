"""From Pysa's issues to flows."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sls_lab.code import span_of
from sls_lab.code.wrapping import passed_on
from sls_lab.events import Ways
from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.taint.judge.definitions import Meanings
from sls_lab.taint.judge.judgement import Judgement
from sls_lab.taint.judge.refutation import judge
from sls_lab.taint.model import Endpoint, Flow, SetAside, rank, ranked
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.read.kept_data import FoundTrace, completed
from sls_lab.taint.read.paths import MOST_PATHS, FrameHop, FramePath, backward_paths, forward_paths
from sls_lab.taint.read.preparations import without_preparations
from sls_lab.taint.read.pysa_output import Issue, PysaFrame, PysaResults
from sls_lab.taint.read.reachability import handlers_reaching
from sls_lab.taint.read.running import Running
from sls_lab.taint.read.steps import NoSuchPath, Tracer
from sls_lab.taint.rules import OPEN_CALL, PLACED, QUOTED, STORED_OBJECT_KEY, USER_CONTROLLED, rule_of
from sls_lab.taint.run.pysa import STUBS
from sls_lab.taint.secret_rules import RESPONSE
from sls_lab.taint.staging.staged_folder import StagedApp

#: A longer call is cut in a message.
_LONGEST_CALL = 80
#: What makes two traces one flow: the category, the source's handler, and the place of the sink.
_Ends = tuple[str, str, Span]


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Where a source and a sink meet, and the paths from there to both."""

    issue: Issue
    to_sources: list[FramePath]
    to_sinks: list[FramePath]


@dataclass(frozen=True, slots=True)
class Harvest:
    """Everything that Pysa found in one application; `diagnostics` say what of it could not be shown."""

    flows: tuple[Flow, ...]
    set_aside: tuple[SetAside, ...]
    diagnostics: tuple[Diagnostic, ...]


def flows_of(app: StagedApp, results: PysaResults) -> Harvest:
    """The flows of one application, by severity and confidence, then as the template has the sources.

    One flow is one source handler and one sink place in one category, however many issues and paths lead from one to
    the other; the shortest trace is shown. Where nothing but harmless paths lead from one to the other, the flow is set
    aside. The diagnostics name the places from which more paths lead than are followed, and those of issues that
    cannot be shown, so that flows may be missing.
    """
    subject = app.subject
    ways = Ways(subject.template, subject.code, subject.events.ignored)
    aws_calls = frozenset(call.node for call in subject.code.calls)
    tracer = Tracer(app.files, subject.code.modules, app.routes, ways, aws_calls, subject.code.methods)
    meetings = [
        _Meeting(issue, forward_paths(issue, results.models), backward_paths(issue, results.models))
        for issue in results.issues
        if issue.file.startswith(app.package + "/")
    ]
    meetings += _meetings_in_libraries(app, results)
    names = Meanings(subject.code.modules)
    lost: list[Diagnostic] = []
    called: dict[Span, str] = {}
    left_open: dict[Span, list[Trace]] = {}
    kept: dict[_Ends, list[Flow]] = {}
    harmless: dict[_Ends, list[SetAside]] = {}
    for one in completed(_found(app, results, tracer, meetings, lost), app.subject.rewriting.kept):
        if one.rule.name in PLACED and not one.trace.quoted:
            continue  # the same of data that was stored
        if one.rule is OPEN_CALL:
            if one.trace.against is None:
                left_open.setdefault(one.trace.sink.span, []).append(one.trace)
            continue
        flow = _flow(app, one)
        ends = (one.rule.category, flow.source.handler, flow.sink.span)
        called[flow.sink.span] = _name_called(one.trace.call)
        judgement = judge(app.subject, names, one.rule, one.trace, ways)
        if judgement.aside is None:
            kept.setdefault(ends, []).append(_noted(flow, judgement))
        else:
            harmless.setdefault(ends, []).append(SetAside(flow, judgement.aside))
    order = {function.name: number for number, function in enumerate(app.subject.template.functions)}

    def place(flow: Flow) -> tuple[int, Span, int]:
        return order.get(flow.source.handler, 0), flow.sink.span, flow.rule.code

    found = without_preparations([*map(joined, map(_directly, kept.values()))], called)
    flows = ranked(sorted(found, key=place))
    aside = [_joined_aside(alternatives) for ends, alternatives in harmless.items() if ends not in kept]
    aside.sort(key=lambda one: (rank(one.flow), place(one.flow)))
    told = dict.fromkeys((*_cut_short(tracer, meetings), *_open_calls(left_open), *lost))
    return Harvest(flows, tuple(aside), tuple(told))


def _meetings_in_libraries(app: StagedApp, results: PysaResults) -> Iterator[_Meeting]:
    """The issues in a library's stub that begin and end in the application: functions that are handed to a library."""
    for issue in results.issues:
        if issue.file.startswith(STUBS + "/"):
            sources, sinks = (
                [path for path in paths if path[-1].file in app.files]
                for paths in (forward_paths(issue, results.models), backward_paths(issue, results.models))
            )
            if sources and sinks:
                yield _Meeting(issue, sources, sinks)


def _answers(app: StagedApp, trace: Trace, sink: FrameHop) -> bool:
    """Whether what is returned at the sink answers a request to one of the handlers on the way, and is made there.

    What wraps one handler and makes its answer may be within what wraps another, and what returns the answer of the
    function that it wraps as it is does not make it.
    """
    called = sink.callable.partition("[")[0]
    around = [
        receiver
        for handler in trace.handlers
        for receiver, name in zip(app.receivers(handler), app.handlers[handler], strict=True)
        if name == called
    ]
    if not around:
        return True
    if not any(called in app.answering(one) for one in trace.handlers):
        return False
    module = app.subject.code.modules[around[0].file]
    innermost = any(app.subject.code.handlers[one].definition is around[0].definition for one in trace.handlers)
    if innermost or isinstance(around[0].definition, ast.Lambda):
        return True
    place = trace.sink.span
    return not any(place.contains(span_of(module, one)) for one in passed_on(module, around[0].definition))


def _cut_short(tracer: Tracer, meetings: Sequence[_Meeting]) -> Iterator[Diagnostic]:
    for meeting in meetings:
        for paths, end in ((meeting.to_sources, "sources"), (meeting.to_sinks, "sinks")):
            if len(paths) >= MOST_PATHS:
                message = (
                    f"{MOST_PATHS} paths or more lead from here to {end} of one kind, and no more are followed, so "
                    "that flows may be missing: split the function"
                )
                yield Diagnostic("paths-left-out", message, tracer.span(paths[0][0]))


def _open_calls(left_open: Mapping[Span, Sequence[Trace]]) -> Iterator[Diagnostic]:
    """Where data of an outsider is given to what is not known, so that flows may go on unseen."""
    for span, traces in sorted(left_open.items()):
        called = " ".join(traces[0].sink.text.split())
        called = called if len(called) <= _LONGEST_CALL else called[:_LONGEST_CALL] + "…"
        handlers = " and ".join(dict.fromkeys(f"`{trace.steps[0].handler}`" for trace in traces))
        message = (
            f"`{called}` is given data from the events of {handlers}, but what it calls is not known, so that flows "
            "through it are not seen: let it choose from functions that are written out, or read them by hand"
        )
        yield Diagnostic("call-not-followed", message, span)


def _found(
    app: StagedApp, results: PysaResults, tracer: Tracer, meetings: Sequence[_Meeting], lost: list[Diagnostic]
) -> Iterator[FoundTrace]:
    """Every trace of the application from its source to its sink; issues without one go to `lost`."""
    running = Running(app, results)
    for meeting in meetings:
        rule = rule_of(meeting.issue.code)
        nobody = True
        broken: Span | None = None
        shown = False
        for to_source in meeting.to_sources:
            owners, doubts = _source_handlers(app, tracer, running, to_source)
            nobody = nobody and not owners
            for handler in owners:
                if not _counts(app, to_source[-1], handler):
                    continue
                for to_sink in meeting.to_sinks:
                    quoted = _is_quoted(to_source[0].frame) or _is_quoted(to_sink[0].frame)
                    if rule.name in PLACED and not quoted and to_source[-1].frame.kept_name is None:
                        shown = True  # the kinds for data that is not quoted report this path
                        continue
                    try:
                        trace = tracer.trace(handler, to_source, to_sink)
                    except NoSuchPath:
                        broken = tracer.span(to_source[-1])
                        continue
                    shown = True
                    if rule.name == RESPONSE and not _answers(app, trace, to_sink[-1]):
                        continue
                    trace = replace(trace, doubts=(*doubts, *trace.doubts), quoted=quoted)
                    harmless = frozenset(kind for hop in to_source for kind in hop.frame.harmless)
                    yield FoundTrace(rule, trace, to_source[-1].frame, to_sink[-1].frame, harmless=harmless)
        if nobody and meeting.to_sources:
            message = f"{rule.title}: a flow was found in code of which no handler is known that runs it"
            lost.append(Diagnostic("flow-without-handler", message, tracer.span(meeting.to_sources[0][-1])))
        elif broken is not None and not shown:
            message = f"{rule.title}: a flow was found from here that cannot be followed to its end in the code"
            lost.append(Diagnostic("flow-not-shown", message, broken))


def _is_quoted(frame: PysaFrame) -> bool:
    """Whether the data may pass a function that makes it safe for some place."""
    return bool(frame.features & {f"via={QUOTED}", f"always-via={QUOTED}"})


def _source_handlers(
    app: StagedApp, tracer: Tracer, running: Running, to_source: FramePath
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The handlers in which a path's source is: by what they are given, or by a place that they can reach.

    With them come the reasons why they may not be.
    """
    leaf = to_source[-1]
    along = running.along(to_source)
    if leaf.frame.kept_name is not None:
        return along, ()
    span = tracer.span(leaf)
    doubts: list[Reason] = []
    if leaf.frame.base_kind == STORED_OBJECT_KEY:
        doubts.append(Reason("an outsider chose what this call returns", span))
    owners = tuple(name for name, callables in app.handlers.items() if leaf.callable in callables)
    if owners:
        return owners, tuple(doubts)
    reaching = handlers_reaching(app.subject.code, span)
    surely = tuple(name for name in reaching if name in along)
    if reaching and not surely:
        doubts.append(Reason("the handler runs this code", span))
    return surely or reaching, tuple(doubts)


def _counts(app: StagedApp, source: FrameHop, handler: str) -> bool:
    """Whether what a handler is given counts as a source; what a listing gives does, whoever wakes the handler."""
    if source.frame.base_kind != USER_CONTROLLED:
        return True
    return app.subject.events.entries[handler].kind in app.subject.sources


def _flow(app: StagedApp, found: FoundTrace) -> Flow:
    first, last = found.trace.steps[0], found.trace.sink
    doubts = found.trace.doubts
    if found.rule.name == "RequestBody":
        doubts = (*doubts, Reason("this host is not the one that the secret is for", last.span))
    entry = app.subject.events.entries.get(first.handler)
    if entry is not None and entry.doubt is not None:
        doubts = (*doubts, entry.doubt)
    source = Endpoint(first.handler, first.span, first.text, found.source.base_kind, entry.kind if entry else None)
    sink = Endpoint(last.handler, last.span, last.text, found.sink.base_kind)
    return Flow(found.rule, source, sink, found.trace.steps, 0, found.second_order, doubts)


def _name_called(call: ast.Call | None) -> str:
    """The last name of what a call calls; empty where it has none."""
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name
    return ""


def _directly(alternatives: Sequence[Flow]) -> Sequence[Flow]:
    """The flows without those that take the way by a store where events lead there as well."""
    return [flow for flow in alternatives if not flow.second_order] or alternatives


def _noted(flow: Flow, judgement: Judgement) -> Flow:
    """A flow with what its judgement says of its sink and takes for granted."""
    if judgement.note:
        *before, sink = flow.steps
        flow = replace(flow, steps=(*before, replace(sink, note=f"{sink.note}; {judgement.note}")))
    return replace(flow, doubts=(*flow.doubts, *judgement.doubts))


def joined(alternatives: Sequence[Flow]) -> Flow:
    """The one of several flows with the fewest doubts and then the shortest trace; it counts the others that differ."""
    distinct = list({flow.steps: flow for flow in alternatives}.values())
    best = min(distinct, key=lambda flow: (len(flow.doubts), len(flow.steps), flow.rule.code))
    return replace(best, alternatives=len(distinct) - 1)


def _joined_aside(alternatives: Sequence[SetAside]) -> SetAside:
    """One for all harmless paths between two places; each different reason is kept."""
    ordered = sorted(alternatives, key=lambda one: (one.flow.rule.name not in PLACED, one.flow.rule.code))
    flow = joined([one.flow for one in ordered])
    reasons = list(dict.fromkeys(one.why for one in ordered))
    texts = dict.fromkeys(reason.text for reason in reasons)
    return SetAside(flow, Reason("; ".join(texts), next((reason.span for reason in reasons if reason.span), None)))
