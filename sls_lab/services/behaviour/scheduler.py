"""Amazon EventBridge Scheduler: a schedule delivers its input to its target when its time comes.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sls_lab.aws.arn import arn_name, parse_arn, resource_arn
from sls_lab.aws.registry import facts_by_word
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "scheduler"
_ACTIONS = {"create_schedule": "scheduler:CreateSchedule", "update_schedule": "scheduler:UpdateSchedule"}


@dataclass(frozen=True, slots=True)
class _Universal:
    """An operation as a target: its service, and where its input has the resource and the content."""

    service: str
    resource: str
    content: str


# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
_UNIVERSAL: Mapping[str, _Universal] = MappingProxyType(
    {
        "lambda:invoke": _Universal("lambda", "FunctionName", "Payload"),
        "sqs:sendMessage": _Universal("sqs", "QueueUrl", "MessageBody"),
        "sns:publish": _Universal("sns", "TopicArn", "Message"),
        "sfn:startExecution": _Universal("stepfunctions", "StateMachineArn", "Input"),
    }
)


class Scheduler(Service):
    """Amazon EventBridge Scheduler: a schedule delivers its input to its target when its time comes."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """What the schedule will deliver, one event for each service that its target may be of."""
        if call.service != SERVICE or call.api not in _ACTIONS:
            return ()
        target = arguments.node(call, view, "Target")
        schedules = tuple(_schedules(call, view))
        arns = tuple(resource_arn(SERVICE, schedule) for schedule in schedules)
        role = view.written(target, "RoleArn") if target is not None else None
        passed = tuple(("iam:PassRole", value) for value in (view.values(role) if role is not None else ()))
        found = []
        for station, reached in _reached(target, view).items():
            naming = arguments.naming_reasons(call, "schedule's target", reached, "Target")
            because, action = (arguments.call_reason(call), *naming), (_ACTIONS[call.api],)
            facts = {"schedule": schedules}
            found.append(Raised(SERVICE, reached, action, arns, ("",), facts, because, None, station, passed))
        return tuple(found)

    def arn(self, name: Pattern, facts: Mapping[str, tuple[Pattern, ...]] = NO_FACTS) -> Pattern:
        """The ARN of the schedule, which has a group; `name` is that of its target and says nothing of it."""
        schedules = facts.get("schedule", ())
        return resource_arn(SERVICE, schedules[0] if len(schedules) == 1 else Pattern.any("schedule"))

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The input of the target, and what an event bus is given beside it."""
        target = arguments.node(call, view, "Target")
        given = view.member(target, "Input") if target is not None else None
        universal = _universal(target, view)
        if universal is not None and given is not None:
            given = view.member(view.parsed(given), universal.content)
        bus = view.member(target, "EventBridgeParameters") if target is not None else None
        parts = {
            "input": given,
            "detail-type": view.member(bus, "DetailType") if bus is not None else None,
            "source": view.member(bus, "Source") if bus is not None else None,
        }
        where = arguments.argument(call, "Target")
        because = (Reason("the schedule's input is what its target gets", where.span if where else call.span),)
        present = {word: part for word, part in parts.items() if part is not None}
        return Payload(SERVICE, present, event.names, event.facts, (), because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """The input as it was written."""
        return event.parts.get("input", build.record({}))

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """The input."""
        return self.document(events[0], settings)

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """Nothing filters what a schedule delivers."""
        return Passage(Verdict.YES, (), event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The input, as JSON or as a string; a bus is given a source and a type of detail."""
        written = event.parts.get("input")
        value = view.parsed(written) if written is not None else build.record({})
        if target != "events":
            return HandedOn(SERVICE, value, (), written)
        named = {word: event.parts[word] for word in ("detail-type", "source") if word in event.parts}
        facts = {
            word: view.values(named[part])
            for word, part in (("DetailType", "detail-type"), ("Source", "source"))
            if part in named
        }
        return Payload(target, {**named, "detail": value}, facts=facts)

    def is_asynchronous(self, call: BotoCall) -> Verdict:
        """The schedule waits for no result."""
        return Verdict.YES


def _schedules(call: BotoCall, view: View) -> Iterator[Pattern]:
    """The schedule's name after that of its group."""
    in_group = arguments.values(call, view, "GroupName") if "GroupName" in call.arguments else (Pattern.of("default"),)
    for name in arguments.values(call, view, "Name"):
        yield from (Pattern.of(group, "/", name) for group in in_group)


def _reached(target: ast.expr | None, view: View) -> dict[str, tuple[Pattern, ...]]:
    """The names of what the target may be, by service; one that is not known is taken for a function."""
    universal = _universal(target, view)
    written = view.written(target, "Arn") if target is not None else None
    if universal is not None and target is not None:
        given = view.written(target, "Input")
        written = view.written(view.parsed(given), universal.resource) if given is not None else None
    found: dict[str, dict[Pattern, None]] = {}
    for value in view.values(written) if written is not None else (Pattern.any("Target"),):
        service = universal.service if universal is not None else _service_of(value)
        found.setdefault(service, {})[arn_name(service, value)] = None
    return {service: tuple(names) for service, names in found.items()}


def _universal(target: ast.expr | None, view: View) -> _Universal | None:
    """How a target is read whose ARN names an operation of the API in place of a resource."""
    written = view.written(target, "Arn") if target is not None else None
    text = (view.text(written) if written is not None else None) or ""
    return _UNIVERSAL.get(text.rpartition(":aws-sdk:")[2])


def _service_of(target: Pattern) -> str:
    arn = parse_arn(target)
    facts = facts_by_word(arn.service.text or "") if arn is not None else None
    return facts.client if facts is not None and facts.target else "lambda"


BEHAVIOUR: Service = Scheduler()
