"""The events of a Serverless Framework function.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/events and the page of each event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sls_lab.aws.arn import arn_name, parse_arn
from sls_lab.aws.registry import trigger_facts
from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import Trigger
from sls_lab.template.serverless.service import ServerlessService, text_node
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import written_arn

DEFAULT_BUS = Pattern.of("default")


@dataclass(frozen=True, slots=True)
class FunctionEvent:
    """One entry of `events`: its type, its value (resolved), and its place."""

    type: str
    node: Node
    span: Span
    owner: str

    @property
    def settings(self) -> Mapping[str, Node]:
        """The event's properties; empty for the short form."""
        return self.node.mapping


def read_triggers(service: ServerlessService, events: Node | None, owner: str) -> tuple[Trigger, ...]:
    """The triggers of the function or state machine `owner`, in the order written.

    A disabled event is left out with a note. An event that is not known is a diagnostic.
    """
    found: list[Trigger] = []
    for item in events.listed() if events is not None else ():
        if isinstance(item.value, tuple):
            found.extend(read_triggers(service, item, owner))
            continue
        if item.text is not None:
            found += _trigger(service, FunctionEvent(item.text, Node(None, item.span), item.span, owner))
            continue
        if not item.mapping:
            if item.value is not None:
                message = f"An event of {owner} is not known here ({item.pattern}), so it is left out: write it out."
                service.log.say("event-unknown", message, item.span)
            continue
        for kind, written in item.mapping.items():
            found += _trigger(service, FunctionEvent(kind, service.resolved(written), item.span, owner))
    return tuple(found)


def url_trigger(service: ServerlessService, url: Node | None) -> tuple[Trigger, ...]:
    """The trigger of a function URL (https://www.serverless.com/framework/docs/providers/aws/events/url)."""
    if url is None or url.value is None or (not url.mapping and not service.truth(url)):
        return ()
    node = service.resolved(url)
    authorizer = node.get("authorizer")
    signed = authorizer is not None and (authorizer.text or "").lower() == "aws_iam"
    place = authorizer.span if authorizer is not None else url.span
    settings = {**node.mapping, "authType": text_node("AWS_IAM" if signed else "NONE", place)}
    return (Trigger("url", None, None, settings, url.span, (Reason("a function URL calls it", url.span),)),)


def _trigger(service: ServerlessService, event: FunctionEvent) -> list[Trigger]:
    enabled = event.settings.get("enabled")
    if not service.truth(enabled, default=True):
        message = f"The {event.type} event of {event.owner} is disabled, so it is left out: enable it to see it."
        service.log.say("event-disabled", message, event.span)
        return []
    reader = _READERS.get(event.type)
    known = trigger_facts(event.type)
    if reader is None and known is not None:
        facts, outside = known[0], _outside(event)
        if facts.shared:
            outside = replace(outside, service=facts.client, resource=Pattern.of(facts.shared))
        return [outside]
    if reader is None:
        message = f"The event {event.type} of {event.owner} is not one of the framework's: it wakes the function from "
        service.log.say("event-unfamiliar", message + "outside, as far as is known here.", event.span)
        return [_outside(event)]
    trigger = reader(service, event)
    return [trigger] if trigger is not None else []


def _outside(event: FunctionEvent, settings: Mapping[str, Node] | None = None) -> Trigger:
    why = Reason(f"{event.owner} is woken by the event {event.type}", event.span)
    return Trigger(event.type, None, None, event.settings if settings is None else settings, event.span, (why,))


def _http(_: ServerlessService, event: FunctionEvent) -> Trigger:
    """`http: GET users/{id}`, `httpApi: '*'`, or a mapping with `method` and `path`."""
    if event.node.text is None:
        return _outside(event)
    method, _blank, path = event.node.text.strip().partition(" ")
    span = event.node.span
    if method == "*" and not path:
        return _outside(event, {"method": text_node("*", span), "path": text_node("*", span)})
    return _outside(event, {"method": text_node(method.lower(), span), "path": text_node(path.strip(), span)})


def _short(key: str) -> Callable[[ServerlessService, FunctionEvent], Trigger]:
    """An event of one property, which may be written alone: `websocket: $connect`."""

    def read(_: ServerlessService, event: FunctionEvent) -> Trigger:
        settings = {key: event.node} if event.node.pattern is not None else event.settings
        return _outside(event, settings)

    return read


def _listening(
    event: FunctionEvent,
    service_name: str,
    name: Pattern,
    node: Node,
    settings: Mapping[str, Node],
    kind: str | None = None,
) -> Trigger:
    why = Reason(f"{event.owner} listens to {name} ({service_name})", node.span)
    because = (why, *node.because)
    return Trigger(kind or event.type, service_name, name, settings, event.span, because, arn=written_arn(node))


def _unreadable(service: ServerlessService, event: FunctionEvent, wanted: str) -> Trigger:
    message = f"The {event.type} event of {event.owner} names no {wanted}, so what wakes it is not known: name it."
    service.log.say("event-incomplete", message, event.span)
    return Trigger(event.type, _SERVICES.get(event.type), Pattern.any(wanted), event.settings, event.span)


def _s3(service: ServerlessService, event: FunctionEvent) -> Trigger:
    bucket = event.node if event.node.pattern is not None else event.node.get("bucket")
    if bucket is None or bucket.pattern is None:
        return _unreadable(service, event, "bucket")
    settings = {"bucket": bucket, **event.settings}
    named = service.find("provider", "s3", bucket.text, "name") if bucket.text else None
    if named is None or named.pattern is None:
        return _listening(event, "s3", arn_name("s3", bucket.pattern), bucket, settings)
    node = Node(named.pattern, named.span, (*bucket.because, Reason("provider.s3 names it", named.span)))
    return _listening(event, "s3", named.pattern, node, settings)


def _sqs(service: ServerlessService, event: FunctionEvent) -> Trigger:
    queue = event.node if event.node.pattern is not None else event.node.get("arn")
    if queue is None or queue.pattern is None:
        return _unreadable(service, event, "arn")
    return _listening(event, "sqs", arn_name("sqs", queue.pattern), queue, event.settings)


def _sns(service: ServerlessService, event: FunctionEvent) -> Trigger:
    """A topic by name (which the framework creates), by ARN, or by both."""
    arn = event.node if event.node.pattern is not None else event.node.get("arn")
    name = event.node.get("topicName")
    if name is not None and name.pattern is not None and (arn is None or _is_opaque(arn)):
        return _listening(event, "sns", name.pattern, name, event.settings)
    if arn is None or arn.pattern is None:
        return _unreadable(service, event, "arn or topicName")
    return _listening(event, "sns", arn_name("sns", arn.pattern), arn, event.settings)


def _is_opaque(arn: Node) -> bool:
    return arn.pattern is None or not any(isinstance(part, str) for part in arn.pattern.parts)


def _stream(service: ServerlessService, event: FunctionEvent) -> Trigger:
    """A DynamoDB or Kinesis stream; the type is that of the ARN, or written beside it."""
    stream = event.node if event.node.pattern is not None else event.node.get("arn")
    if stream is None or stream.pattern is None:
        return _unreadable(service, event, "arn")
    arn = parse_arn(stream.pattern)
    written = event.settings.get("type")
    kind = written.text if written is not None else arn.service.text if arn is not None else None
    if kind not in ("dynamodb", "kinesis"):
        message = f"The stream of {event.owner} may be DynamoDB's or Kinesis'; taken for DynamoDB's: add its type."
        service.log.say("stream-type-unknown", message, event.span)
        kind = "dynamodb"
    settings = {**event.settings, "type": text_node(kind, written.span if written else stream.span)}
    if written is None and not event.settings:
        settings["arn"] = stream
    return _listening(event, kind, arn_name(kind, stream.pattern), stream, settings)


def _event_bridge(service: ServerlessService, event: FunctionEvent) -> Trigger:
    schedule = event.node.get("schedule")
    if schedule is not None and "pattern" not in event.settings:
        return _schedule_of(event, schedule, event.settings)
    bus = event.node.get("eventBus")
    name = arn_name("events", bus.pattern) if bus is not None and bus.pattern is not None else DEFAULT_BUS
    return _listening(event, "events", name, bus or event.node, event.settings)


def _cloudwatch_event(_: ServerlessService, event: FunctionEvent) -> Trigger:
    pattern = event.node.get("event")
    settings = {**event.settings, "pattern": pattern} if pattern is not None else event.settings
    return _listening(event, "events", DEFAULT_BUS, event.node, settings)


def _schedule(_: ServerlessService, event: FunctionEvent) -> Trigger:
    if event.node.mapping:
        return _schedule_of(event, event.node.get("rate") or event.node, event.settings)
    return _schedule_of(event, event.node, {"rate": event.node})


def _schedule_of(event: FunctionEvent, rate: Node, settings: Mapping[str, Node]) -> Trigger:
    shown = ", ".join(str(item.pattern) for item in rate.listed() if item.pattern is not None) or "a clock"
    why = Reason(f"{event.owner} is woken by {shown}", rate.span)
    return Trigger("schedule", None, None, settings, event.span, (why, *rate.because))


_SERVICES: Mapping[str, str] = {"s3": "s3", "sqs": "sqs", "sns": "sns", "stream": "dynamodb"}
_READERS: Mapping[str, Callable[[ServerlessService, FunctionEvent], Trigger | None]] = {
    "http": _http,
    "httpApi": _http,
    "websocket": _short("route"),
    "s3": _s3,
    "sqs": _sqs,
    "sns": _sns,
    "stream": _stream,
    "eventBridge": _event_bridge,
    "cloudwatchEvent": _cloudwatch_event,
    "schedule": _schedule,
    "alexaSkill": _short("appId"),
    "alexaSmartHome": _short("appId"),
    "cloudwatchLog": _short("logGroup"),
    "cognitoUserPool": _short("pool"),
}
