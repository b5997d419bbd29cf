"""Triggers from the settings that CloudFormation and SAM write, in the Serverless Framework's words.

The words are those of https://www.serverless.com/framework/docs/providers/aws/guide/events, so that a trigger's
`settings` read the same whatever template they come from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from sls_lab.aws.arn import arn_name, parse_arn
from sls_lab.facts import Pattern, Span
from sls_lab.template.model import Resource, Trigger
from sls_lab.template.shared.json_text import from_json
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector, because, settings, word, written_arn

TABLE_TYPES: Final = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def s3_triggers(
    bucket: Pattern, events: Node | None, filter_node: Node | None, span: Span, why: str
) -> Iterator[Trigger]:
    """One trigger for each event name; `filter_node` is the notification's `Filter`.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-notificationconfiguration.html
    """
    rules = s3_rules(filter_node)
    for event in events.listed() if events else ():
        reasons = because(why, span, event, rules)
        yield Trigger("s3", "s3", bucket, settings(event=event, rules=rules), span, reasons)


def s3_rules(filter_node: Node | None) -> Node | None:
    """`Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}` as `[{prefix: in/}]`."""
    found = filter_node.get("S3Key", "Rules") if filter_node else None
    if found is None:
        return None
    rules: list[Node] = []
    for rule in found.items:
        name, value = rule.get("Name"), rule.get("Value")
        if name is not None and value is not None and name.text:
            rules.append(Node(MappingProxyType({name.text.lower(): value}), rule.span, rule.because))
    return Node(tuple(rules), found.span, found.because)


def source_trigger(source: Node, properties: Node, collector: Collector, span: Span, why: str) -> Trigger | None:
    """The trigger of an event source by ARN: a queue, a stream of a table, a Kinesis stream, MSK or MQ.

    `properties` are those of the mapping (`FilterCriteria`, `BatchSize`, …). None for a source the kit does not know.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
    """
    pattern = source.pattern
    arn = parse_arn(pattern) if pattern is not None else None
    if pattern is None or arn is None:
        return None
    filters = filter_patterns(properties.get("FilterCriteria"))
    reasons = because(why, span, source, filters)
    batch = properties.get("BatchSize")
    match arn.service.text:
        case "sqs":
            queue = settings(batchSize=batch, filterPatterns=filters)
            return Trigger("sqs", "sqs", arn_name("sqs", pattern), queue, span, reasons, arn=written_arn(source))
        case "dynamodb":
            table = arn_name("dynamodb", pattern)
            given = settings(type=word("dynamodb", span), batchSize=batch, filterPatterns=filters)
            given = {**given, **_declared_stream(table, collector)}
            return Trigger("stream", "dynamodb", table, given, span, reasons)
        case "kinesis":
            stream = settings(type=word("kinesis", span), batchSize=batch, filterPatterns=filters)
            name = arn_name("kinesis", pattern)
            return Trigger("stream", "kinesis", name, stream, span, reasons, arn=written_arn(source))
        case "kafka":
            topic = settings(topic=properties.get("Topics"), filterPatterns=filters)
            return Trigger("msk", None, None, topic, span, reasons)
        case "mq":
            queues = settings(queue=properties.get("Queues"), filterPatterns=filters)
            return Trigger("activemq", None, None, queues, span, reasons)
        case _:
            return None


def _declared_stream(table: Pattern, collector: Collector) -> Mapping[str, Node]:
    """What the declaration of the table says of its stream, as far as it is declared."""
    for type_name in TABLE_TYPES:
        declared = collector.named(type_name, table)
        if declared is not None:
            return stream_settings(declared)
    return settings()


def stream_settings(table: Resource) -> Mapping[str, Node]:
    """What a table's stream records hold: `viewType`, and `keySchema`, which says what their keys are."""
    properties = table.properties
    view = properties.get("StreamSpecification", "StreamViewType")
    return settings(viewType=view, keySchema=properties.get("KeySchema"))


def filter_patterns(criteria: Node | None) -> Node | None:
    """`FilterCriteria: {Filters: [{Pattern: '{…}'}]}` as a list of patterns, each read from its JSON.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    filters = criteria.get("Filters") if criteria else None
    if filters is None:
        return None
    patterns = (filter_node.get("Pattern") for filter_node in filters.items)
    return Node(tuple(json_value(pattern) for pattern in patterns if pattern is not None), filters.span)


def json_value(node: Node) -> Node:
    """The value of a JSON string; a mapping, and a string that does not parse, as they are."""
    if node.pattern is None or not isinstance(node.value, Pattern):
        return node
    parsed = from_json(node.value, node.span)
    return node if parsed is None else Node(parsed.value, parsed.span, node.because)


def rule_trigger(properties: Node, target: Node, span: Span, why: str, bus: Pattern) -> Trigger | None:
    """The trigger of an EventBridge rule: a pattern on a bus, or a schedule; None where it has neither.

    `properties` hold `EventPattern` (or SAM's `Pattern`) and `ScheduleExpression` (or `Schedule`), `target` hold what
    is passed on (`Input`, `InputPath`, `InputTransformer`).
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html
    """
    passed = {"input": target.get("Input"), "inputPath": target.get("InputPath")}
    passed["inputTransformer"] = target.get("InputTransformer")
    pattern = properties.get("EventPattern") or properties.get("Pattern")
    if pattern is not None:
        matched = json_value(pattern)
        given = settings(pattern=matched, **passed)
        return Trigger("eventBridge", "events", bus, given, span, because(why, span, pattern))
    schedule = properties.get("ScheduleExpression") or properties.get("Schedule")
    if schedule is None:
        return None
    return Trigger("schedule", None, None, settings(rate=schedule, **passed), span, because(why, span, schedule))


def bus_name(node: Node | None) -> Pattern:
    """The bus that a rule listens to: `default` where none is written."""
    if node is None or node.pattern is None:
        return Pattern.of("default")
    return arn_name("events", node.pattern)


def http_trigger(
    kind: str, method: Node | None, path: Node | None, authorizer: Node | None, span: Span, why: str
) -> Trigger:
    """The trigger of a route: `kind` is `http` (REST), `httpApi` or `websocket`."""
    given = settings(method=method, path=path, authorizer=authorizer)
    return Trigger(kind, None, None, given, span, because(why, span, authorizer))
