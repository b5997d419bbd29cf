"""From a call to the event object that a handler gets: through relays, filters and state machines."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern
from sls_lab.python.module import ScopeNode
from sls_lab.services import stepfunctions
from sls_lab.services.call_values import View
from sls_lab.services.hops import delivered, relayed
from sls_lab.services.model import DeliveringEdge, EventObject, Passage, Payload, Raised, StoredContent
from sls_lab.services.registry import SERVICES
from sls_lab.services.service import HandedOn
from sls_lab.services.state_calls import state_call
from sls_lab.template.model import Relay, State
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_settings import Settings


def raises(call: BotoCall, view: View | None = None) -> tuple[Raised, ...]:
    """The events that a boto3 call may raise; none for a call that wakes no function."""
    service = SERVICES.get(call.service)
    return service.raised(call, view or View.of(call)) if service is not None else ()


def needed_by(call: BotoCall) -> tuple[tuple[str, Pattern], ...]:
    """The permissions that a call needs, as pairs of action and ARN, one for each resource it may reach.

    Known for calls that raise events and for those that read a table; empty for every other call.
    """
    view, service = View.of(call), SERVICES.get(call.service)
    raised = raises(call, view)
    if raised:
        used = ((action, arn) for one in raised for action in one.actions for arn in one.arns)
        return (*used, *(pair for one in raised for pair in one.passed))
    return service.needed(call, view) if service is not None else ()


def payload_of(raised: Raised, call: BotoCall, view: View, relays: Sequence[Relay] = ()) -> Payload:
    """What travels when an event is raised, after the relays that pass it on."""
    payload = SERVICES[raised.service].payload(raised, call, view)
    if raised.station and payload.service != raised.station:
        payload = delivered(payload, raised.station, raised.resources[0], view)
    for relay in relays:
        payload = relayed(payload, relay, view)
    return payload


def passage(payload: Payload, settings: Mapping[str, Node], view: View) -> Passage:
    """Whether a station's settings let an event pass."""
    return SERVICES[payload.service].check(payload, settings, view)


def event_objects(edge: DeliveringEdge, scope: ScopeNode, module: ast.Module | None = None) -> tuple[EventObject, ...]:
    """The event objects that an edge delivers, as expressions over the call's arguments; `scope` is around the call.

    Records that one call raises arrive together; entries on an event bus wake the handler one by one.
    """
    call = edge.call
    if call is None:
        return ()
    view = View.of(call, scope, module)
    before = () if edge.sent else edge.relays
    payloads = [payload_of(raised, call, view, before) for raised in edge.raised or raises(call, view)]
    if edge.sent:
        given = [stepfunctions.task_input(edge.sent, _input(one)) for one in payloads]
        return tuple(found for one in given for found in _sent_objects(edge, one))
    return _delivered(edge, payloads, view)


def sent_objects(edge: DeliveringEdge, entered: ast.expr, returned: ast.expr) -> tuple[EventObject, ...]:
    """The event objects that a state sends after a task whose function was given `entered` and returned `returned`."""
    return _sent_objects(edge, stepfunctions.transition(edge.sent, entered, returned))


def _sent_objects(edge: DeliveringEdge, given: ast.expr) -> tuple[EventObject, ...]:
    """The event objects of what the last state of `edge.sent` sends when it is given this."""
    call = state_call(edge.sent[-1], given)
    if call is None:
        return ()
    view = View.of(call)
    return _delivered(edge, [payload_of(raised, call, view, edge.relays) for raised in raises(call, view)], view)


def _delivered(edge: DeliveringEdge, payloads: Sequence[Payload], view: View) -> tuple[EventObject, ...]:
    """What arrives at the end of an edge of what travels there."""
    if edge.states and edge.call is not None and edge.call.api == stepfunctions.RESUMING:
        return tuple(_object(stepfunctions.resumed(edge.states, _input(one)), one) for one in payloads)
    if edge.states:
        return tuple(_object(stepfunctions.task_input(edge.states, _input(one)), one) for one in payloads)
    if edge.trigger is None or edge.trigger.service is None:
        return tuple(_object(_input(one), one) for one in payloads)
    service, settings = SERVICES[edge.trigger.service], edge.trigger.settings
    if edge.trigger.type == "pipe":
        return tuple(_object(_piped(one, settings, view), one) for one in payloads)
    groups = [(one,) for one in payloads] if service.one_by_one else [tuple(payloads)]
    return tuple(_object(service.lambda_event(group, settings), *group) for group in groups if group)


def transition_object(states: Sequence[State], entered: ast.expr, returned: ast.expr) -> ast.expr:
    """The event object of the last of `states`, whose first was given `entered` and returned `returned`.

    Where an error leads from the first to the second (`is_caught`), `returned` is the error's message.
    """
    return stepfunctions.transition(states, entered, returned)


def is_caught(states: Sequence[State]) -> bool:
    """Whether an error leads from the first of `states` to the second."""
    return stepfunctions.catching(states) is not None


def stored_content(call: BotoCall, scope: ScopeNode | None = None) -> StoredContent | None:
    """What an S3 call makes the content of an object, None for every other call."""
    service = SERVICES.get(call.service)
    return service.stored(call, View.of(call, scope)) if service is not None else None


def _piped(payload: Payload, settings: Settings, view: View) -> ast.expr:
    """What a pipe wakes a function with: a list of records, each as the pipe's template makes it."""
    handed = SERVICES[payload.service].handed_on(payload, "lambda", settings, view)
    return handed.value if isinstance(handed, HandedOn) else _input(payload)


def _input(payload: Payload) -> ast.expr:
    found = payload.parts.get("input")
    return found if found is not None else SERVICES[payload.service].lambda_event((payload,), {})


def _object(expression: ast.expr, *payloads: Payload) -> EventObject:
    because = tuple(dict.fromkeys(reason for payload in payloads for reason in payload.because))
    return EventObject(expression, because)
