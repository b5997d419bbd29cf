"""Edges from a function to what its destinations wake."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from sls_lab.events.listeners import Listener, Listeners
from sls_lab.events.model import Edge, Knowledge, Status
from sls_lab.facts import Reason, Verdict
from sls_lab.services import passage
from sls_lab.services.call_values import View
from sls_lab.services.destinations import ON_SUCCESS, condition, is_asynchronous, needed, outcome
from sls_lab.template.iam.decision import decide, ending_with_why
from sls_lab.template.model import Function, Relay, Template

_Decision = tuple[Verdict, tuple[Reason, ...]]
_NO_VIEW = View()


def outcome_edges(
    template: Template, edges: Sequence[Edge], listeners: Listeners, ignore: frozenset[Knowledge]
) -> Iterator[Edge]:
    """The edges of all destinations, those that do not hold included; `edges` are those of the calls."""
    waking: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.linked and edge.target is not None:
            waking.setdefault(edge.target, []).append(edge)
    for function in template.functions:
        for listener in listeners.outcomes(function.deployed_name):
            waits = _left_with_lambda(function, template, waking)
            yield _edge(function, listener, waits, ignore)


def _edge(function: Function, listener: Listener, waits: _Decision, ignore: frozenset[Knowledge]) -> Edge:
    relay = listener.relays[0]
    permitted, passed = _permitted(function, relay, ignore), _passed(listener, ignore)
    status: Status
    because = (*relay.because, *waits[1])
    if waits[0] is Verdict.NO:
        status = "filtered"
    else:
        because = (*because, *permitted[1])
        if permitted[0] is Verdict.NO:
            status = "denied"
        else:
            because = (*because, *passed[1])
            status = "filtered" if passed[0] is Verdict.NO else "linked"
    return Edge(
        source=function.name,
        target=listener.function,
        service="lambda",
        api="onSuccess" if condition(relay) == ON_SUCCESS else "onFailure",
        status=status,
        certain=Verdict.all((waits[0], permitted[0], passed[0])) is Verdict.YES,
        call=None,
        trigger=listener.trigger,
        via=listener.via if relay.target_service != "lambda" else listener.via[1:],
        because=tuple(dict.fromkeys(because)),
        relays=listener.relays,
    )


def _left_with_lambda(function: Function, template: Template, waking: Mapping[str, Sequence[Edge]]) -> _Decision:
    """Whether the function is invoked without waiting: destinations apply to no other invocation."""
    for trigger in function.triggers:
        if is_asynchronous(trigger) is Verdict.YES:
            return Verdict.YES, (Reason(f"its {trigger.type} event is handed over asynchronously", trigger.span),)
    for relay in template.relays:
        if relay.target_service == "lambda" and relay.target.equals(function.deployed_name).possible:
            return Verdict.YES, (Reason(f"`{function.name}` is invoked asynchronously", relay.span),)
    calls = [edge.call for edge in waking.get(function.name, ()) if edge.call is not None and edge.trigger is None]
    verdict = Verdict.any(is_asynchronous(call) for call in calls)
    if verdict is not Verdict.NO:
        if verdict is Verdict.YES:
            return verdict, (Reason(f"`{function.name}` is invoked asynchronously", calls[0].span),)
        return verdict, (Reason(f"`{function.name}` may be invoked asynchronously", calls[0].span, "doubt"),)
    if not function.triggers and not calls:
        doubt = "whoever invokes it is not known; only an asynchronous invocation has a destination"
        reason = Reason(doubt, function.span, "doubt")
        return Verdict.MAYBE, (reason,)
    reason = Reason("whoever wakes it waits for the result, and then there is no destination", function.span)
    return Verdict.NO, (reason,)


def _permitted(function: Function, relay: Relay, ignore: frozenset[Knowledge]) -> _Decision:
    wanted = needed(relay)
    if "permissions" in ignore or wanted is None:
        return Verdict.YES, (Reason("permissions are left out of account", relay.span),)
    decision = decide(function.role, *wanted)
    return decision.verdict, ending_with_why(decision)


def _passed(listener: Listener, ignore: frozenset[Knowledge]) -> _Decision:
    """The filters of every station after the destination, then of the trigger."""
    if "filters" in ignore:
        return Verdict.YES, (Reason("filters are left out of account"),)
    entered, result = ast.Name("event", ast.Load()), ast.Name("result", ast.Load())
    stations = [(relay.settings, number) for number, relay in enumerate(listener.relays) if number]
    if listener.trigger is not None:
        stations.append((listener.trigger.settings, len(listener.relays)))
    answers: list[Verdict] = []
    reasons: list[Reason] = []
    for settings, count in stations:
        payload = outcome(listener.relays[:count], entered, result, _NO_VIEW)
        passed = passage(payload, settings, _NO_VIEW)
        answers.append(passed.verdict)
        reasons += passed.because
    return Verdict.all(answers), tuple(reasons)
