"""Where the outcome of an asynchronous invocation goes: to the destinations of the function.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Final

from sls_lab.aws.arn import parse_arn
from sls_lab.aws.registry import FACTS, facts_of
from sls_lab.aws.triggers import is_left_with_lambda
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import build
from sls_lab.services.call_values import View
from sls_lab.services.hops import relayed
from sls_lab.services.model import EventObject, Payload
from sls_lab.services.registry import SERVICES
from sls_lab.template.model import Function, Relay, Trigger
from sls_lab.template.shared.trigger_settings import first

ON_SUCCESS: Final = "OnSuccess"


def is_asynchronous(woken_by: Trigger | BotoCall) -> Verdict:
    """Whether what wakes a function leaves the event with Lambda and does not wait for the result."""
    if isinstance(woken_by, Trigger):
        return Verdict.YES if is_left_with_lambda(woken_by.type) else Verdict.NO
    service = SERVICES.get(woken_by.service)
    return service.is_asynchronous(woken_by) if service is not None else Verdict.NO


def needed(relay: Relay) -> tuple[str, Pattern] | None:
    """The action that a function's role needs for its outcome to go to a destination, and the ARN it needs it on."""
    action = facts_of(relay.target_service).delivering
    return (action, SERVICES[relay.target_service].arn(relay.target)) if action else None


def needed_for_failures(function: Function) -> Iterator[tuple[str, Pattern]]:
    """The actions that a function's role needs, each with its ARN, for what failed to go where the template says.

    That is the dead-letter queue or topic of its asynchronous invocations, and the destination of the records of a
    queue or stream (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html). Where the ARN is not
    known, it may be of any kind.
    """
    for arn in (*function.dead_letters, *(arn for trigger in function.triggers for arn in _of_records(trigger))):
        parsed = parse_arn(arn)
        service = parsed.service.text if parsed is not None else None
        known = FACTS.values() if service is None else (facts_of(service),)
        yield from ((facts.delivering, arn) for facts in known if facts.delivering)


def _of_records(trigger: Trigger) -> Iterator[Pattern]:
    config = first(trigger.settings, "DestinationConfig", "destinations")
    node = (config.get("OnFailure") or config.get("onFailure")) if config is not None else None
    found = (node.get("Destination") or node.get("arn") or node) if node is not None else None
    if found is not None and found.pattern is not None:
        yield found.pattern


def outcome(relays: Sequence[Relay], entered: ast.expr, result: ast.expr | None, view: View) -> Payload:
    """What travels after `relays`, the first of which leads from a function to its destination.

    `entered` is the event that the function was given; `result` what it returned or, for `OnFailure`, the words of the
    error, None where nothing is known of it.
    """
    succeeded = condition(relays[0]) == ON_SUCCESS
    response = result
    if not succeeded and result is not None:
        response = build.record({"errorMessage": result})
    record = build.record(
        {
            "version": build.const("1.0"),
            "requestContext": build.record({"condition": build.const("Success" if succeeded else "RetriesExhausted")}),
            "requestPayload": entered,
            "responsePayload": response,
        }
    )
    first, *others = relays
    if first.target_service == "events":
        result_kind = "Success" if succeeded else "Failure"
        parts: dict[str, ast.expr] = {
            "detail-type": build.const(f"Lambda Function Invocation Result - {result_kind}"),
            "source": build.const("lambda"),
            "detail": record,
        }
        payload = Payload("events", parts, ("",), {}, (), first.because)
    else:
        payload = relayed(Payload("lambda", {"input": record}), first, view)
    for relay in others:
        payload = relayed(payload, relay, view)
    return payload


def outcome_object(
    relays: Sequence[Relay], trigger: Trigger | None, entered: ast.expr, result: ast.expr | None
) -> EventObject:
    """The event object of a function that is woken by another one's outcome."""
    payload = outcome(relays, entered, result, View())
    where = "`responsePayload`" if condition(relays[0]) == ON_SUCCESS else "the error's message in `responsePayload`"
    reason = Reason(
        f"what the function was given arrives in `requestPayload`, what it returned in {where}", relays[0].span
    )
    if trigger is not None and trigger.service is not None:
        expression = SERVICES[trigger.service].lambda_event((payload,), trigger.settings)
    else:
        expression = payload.parts["input"]
    return EventObject(expression, (*payload.because, reason))


def condition(relay: Relay) -> str:
    """`OnSuccess` or `OnFailure`."""
    node = relay.settings.get("destination")
    return (node.text if node is not None else None) or ON_SUCCESS
