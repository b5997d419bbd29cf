"""The `Events` of SAM's functions and state machines.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sls_lab.aws.arn import arn_name, resource_arn
from sls_lab.aws.triggers import BY_SAM_EVENT
from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.event_settings import (
    bus_name,
    filter_patterns,
    http_trigger,
    json_value,
    rule_trigger,
    s3_triggers,
    source_trigger,
)
from sls_lab.template.cloudformation.http_entries import url_trigger
from sls_lab.template.cloudformation.subscriptions import add_destinations, subscribe
from sls_lab.template.model import Resource, Trigger
from sls_lab.template.shared.node import EMPTY, Node
from sls_lab.template.shared.resources import whole_span
from sls_lab.template.shared.trigger_collector import Collector, because, settings, word, written_arn


@dataclass(frozen=True, slots=True)
class SamEvent:
    """One entry of `Events`: its name, its properties, and the resource that declares it."""

    name: str
    kind: str
    node: Node
    properties: Node
    owner: Resource

    @property
    def why(self) -> str:
        """The sentence that the trigger's reasons begin with."""
        return f"the event {self.name} ({self.kind}) of {self.owner.logical_id}"


def read_sam_events(owner: Resource, collector: Collector, apis: Mapping[Pattern, Resource]) -> tuple[Trigger, ...]:
    """The triggers of a function or a state machine in the order written; relays go to `collector`.

    `apis` are the template's APIs by what `Ref` gives. An event that is switched off is left out with a note, one of
    an unknown kind is a diagnostic and counts as woken from outside.
    """
    events = owner.properties.get("Events")
    found: list[Trigger] = []
    for name, node in (events.mapping if events else {}).items():
        kind = node.get("Type")
        if kind is None or kind.text is None:
            message = f"The event {name} of {owner.logical_id} has no Type and is left out: add one."
            collector.log.say("event-without-type", message, node.span)
            continue
        properties = node.get("Properties") or Node(EMPTY, node.span)
        event = SamEvent(name, kind.text, node, properties, owner)
        if _is_off(properties):
            message = f"The event {name} of {owner.logical_id} is switched off and left out."
            collector.log.say("event-disabled", message, whole_span(node))
            continue
        found.extend(_read(event, collector, apis))
    url = owner.properties.get("FunctionUrlConfig")
    if url is not None:
        found.append(url_trigger(url, whole_span(url)))
    config = owner.properties.get("EventInvokeConfig", "DestinationConfig")
    if config is not None:
        add_destinations(collector, owner.name, config, whole_span(config))
    return tuple(found)


def _is_off(properties: Node) -> bool:
    enabled, state = properties.get("Enabled"), properties.get("State")
    return (enabled is not None and str(enabled.pattern).lower() == "false") or (
        state is not None and state.text == "DISABLED"
    )


def _read(event: SamEvent, collector: Collector, apis: Mapping[Pattern, Resource]) -> Iterable[Trigger]:
    if event.kind in ("Api", "HttpApi"):
        return _http(event, apis)
    reader = _READERS.get(event.kind)
    if reader is None:
        trigger = _by_facts(event)
        if trigger is not None:
            return (trigger,)
        message = f"{event.kind} is not a known event of SAM's: it is taken to wake the function from outside."
        collector.log.say("event-unfamiliar", message, event.node.span)
        return (_outside(event.kind, event),)
    return reader(event, collector)


def _http(event: SamEvent, apis: Mapping[Pattern, Resource]) -> Iterator[Trigger]:
    kind = "http" if event.kind == "Api" else "httpApi"
    properties, span = event.properties, whole_span(event.node)
    method, path = properties.get("Method"), properties.get("Path")
    if method is not None and method.text:
        method = Node(Pattern.of(method.text.lower()), method.span, method.because, method.key)
    any_route = word("*", span) if kind == "httpApi" else None
    api = properties.get("RestApiId") or properties.get("ApiId")
    implied = Pattern.generated("ServerlessRestApi" if kind == "http" else "ServerlessHttpApi")
    shared = apis.get(api.pattern if api and api.pattern is not None else implied)
    authorizer = properties.get("Auth", "Authorizer")
    if authorizer is None and shared is not None:
        authorizer = shared.properties.get("Auth", "DefaultAuthorizer")
    if authorizer is not None and authorizer.text == "NONE":
        authorizer = None
    yield http_trigger(kind, method or any_route, path or any_route, authorizer, span, event.why)


def _s3(event: SamEvent, _: Collector) -> Iterator[Trigger]:
    bucket = event.properties.get("Bucket")
    name = arn_name("s3", bucket.pattern) if bucket and bucket.pattern is not None else Pattern.any("bucket")
    events, rules = event.properties.get("Events"), event.properties.get("Filter")
    for trigger in s3_triggers(name, events, rules, whole_span(event.node), event.why):
        yield replace(trigger, because=(*trigger.because, *(bucket.because if bucket else ())))


def _sns(event: SamEvent, collector: Collector) -> Iterator[Trigger]:
    """A topic's subscription; with `SqsSubscription` there is a queue between, made by SAM or given."""
    topic, through = event.properties.get("Topic"), event.properties.get("SqsSubscription")
    name = arn_name("sns", topic.pattern) if topic and topic.pattern is not None else Pattern.any("topic")
    span = whole_span(event.node)
    policy = event.properties.get("FilterPolicy")
    if through is not None and str(through.pattern).lower() != "false":
        given = through.get("QueueArn")
        queue = given.pattern if given else None
        if queue is None:
            queue = resource_arn("sqs", Pattern.generated(f"{event.owner.logical_id}{event.name}Queue"))
        subscription = {**event.properties.mapping, "Protocol": word("sqs", span), "Endpoint": Node(queue, span)}
        subscribe(collector, name, Node(MappingProxyType(subscription), span), span, *((topic,) if topic else ()))
        polled = source_trigger(Node(queue, span), through, collector, span, event.why)
        if polled is not None:
            yield polled
        return
    given_settings = settings(
        filterPolicy=json_value(policy) if policy else None,
        filterPolicyScope=event.properties.get("FilterPolicyScope"),
    )
    reasons = because(event.why, span, topic)
    yield Trigger("sns", "sns", name, given_settings, span, reasons, arn=written_arn(topic))


def _polled(key: str) -> Callable[[SamEvent, Collector], Iterator[Trigger]]:
    """An event source that is polled; its ARN is the value of `key`."""

    def read(event: SamEvent, collector: Collector) -> Iterator[Trigger]:
        source = event.properties.get(key)
        span = whole_span(event.node)
        if source is not None:
            trigger = source_trigger(source, event.properties, collector, span, event.why)
            if trigger is not None:
                yield trigger
                return
        pattern = source.pattern if source is not None and source.pattern is not None else Pattern.any(key)
        yield _unparsed(event, pattern, source)

    return read


def _unparsed(event: SamEvent, pattern: Pattern, source: Node | None) -> Trigger:
    """The trigger of a source without an ARN (a parameter, another stack's value); the event's kind says what it is."""
    span = whole_span(event.node)
    filters = filter_patterns(event.properties.get("FilterCriteria"))
    reasons = because(event.why, span, source)
    match event.kind:
        case "SQS":
            return Trigger("sqs", "sqs", arn_name("sqs", pattern), settings(filterPatterns=filters), span, reasons)
        case "DynamoDB" | "Kinesis":
            service = event.kind.lower()
            given = settings(type=word(service, span), filterPatterns=filters)
            return Trigger("stream", service, arn_name(service, pattern), given, span, reasons)
        case kind:
            return Trigger({"MSK": "msk", "MQ": "activemq"}.get(kind, kind), None, None, {}, span, reasons)


def _rule(event: SamEvent, _: Collector) -> Iterator[Trigger]:
    bus = bus_name(event.properties.get("EventBusName"))
    properties = event.properties
    expression = properties.get("ScheduleExpression") or properties.get("Schedule")
    trigger = rule_trigger(properties, properties, whole_span(event.node), event.why, bus)
    if trigger is not None:
        yield trigger
    elif expression is None:
        yield _outside("schedule" if event.kind.startswith("Schedule") else "eventBridge", event)


def _outside(kind: str, event: SamEvent, **given: Node | None) -> Trigger:
    span = whole_span(event.node)
    return Trigger(kind, None, None, settings(**given), span, because(event.why, span))


def _by_facts(event: SamEvent) -> Trigger | None:
    """The trigger of an event of which the facts of its service say all; None for any other."""
    known = BY_SAM_EVENT.get(event.kind)
    if known is None:
        return None
    facts, one = known
    given = {name: event.properties.get(key) for name, key in one.settings.items()}
    trigger = _outside(one.kind, event, **given)
    return replace(trigger, service=facts.client, resource=Pattern.of(facts.shared)) if facts.shared else trigger


_READERS: Mapping[str, Callable[[SamEvent, Collector], Iterable[Trigger]]] = {
    "S3": _s3,
    "SNS": _sns,
    "SQS": _polled("Queue"),
    "DynamoDB": _polled("Stream"),
    "Kinesis": _polled("Stream"),
    "MSK": _polled("Stream"),
    "MQ": _polled("Broker"),
    "Schedule": _rule,
    "ScheduleV2": _rule,
    "EventBridgeRule": _rule,
    "CloudWatchEvent": _rule,
}
