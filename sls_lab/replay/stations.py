"""An event on its way: what a service holds of it, whether a filter lets it pass, and what a relay makes of it."""

from __future__ import annotations

import ast
import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sls_lab.facts import Pattern, Verdict
from sls_lab.replay import shapes
from sls_lab.replay.exchange import readable
from sls_lab.services import build
from sls_lab.services.call_values import View
from sls_lab.services.filters import filter_patterns, match_rule, rule_of
from sls_lab.services.inputs import transformed
from sls_lab.services.topic_rules import TopicRule, listens, parse_rule, selected
from sls_lab.template.model import Relay
from sls_lab.template.shared.trigger_settings import Settings, first, flag, rules

_POLLED: Final = ("sqs", "dynamodb", "kinesis")


@dataclass(frozen=True, slots=True)
class Event:
    """What `service` holds of an event at its `resource` (a name).

    `content` by service: s3 `name`, `bucket`, `key`, `size`, `eTag`; sqs `body`, `messageAttributes`, `messageId`,
    `group`; sns `Message`, `Subject`, `MessageAttributes`, `MessageId`, `structured`; dynamodb `record`; kinesis `data`
    (bytes), `partitionKey`, `sequenceNumber`; firehose `data` (bytes); iot-data `topic`, `payload` (bytes); events
    `source`, `detail-type`, `detail`, `resources`, `id`; lambda and stepfunctions `input`.
    """

    service: str
    resource: str
    content: Mapping[str, Any]


def passes(event: Event, settings: Settings) -> tuple[bool, str]:
    """Whether the settings of a trigger or relay let an event pass, and why not. What is undecided passes."""
    content = event.content
    match event.service:
        case "s3":
            return _object_passes(content, settings)
        case "sns":
            return _message_passes(content, settings)
        case "events":
            pattern = first(settings, "pattern", "Pattern", "EventPattern", "eventPattern")
            if pattern is None:
                return True, ""
            return _answer(*match_rule(rule_of(pattern), literal(bus_event(content)), View(), "event pattern", None))
        case "iot-data":
            return _topic_passes(content, settings)
        case "sqs" | "kinesis" | "dynamodb":
            verdict, reasons = filter_patterns(settings, lambda: literal(_filtered(event)), View())
            return verdict is not Verdict.NO, reasons[0].text if reasons and verdict is Verdict.NO else ""
    return True, ""


def _answer(verdict: Verdict, reason: Any) -> tuple[bool, str]:
    return verdict is not Verdict.NO, reason.text if verdict is Verdict.NO else ""


def _object_passes(content: Mapping[str, Any], settings: Settings) -> tuple[bool, str]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html"""
    named = first(settings, "event", "events", "Events", "Event")
    wanted = [str(node.pattern).removeprefix("s3:") for node in named.listed() if node.pattern] if named else []
    name = content["name"]
    if wanted and not any(name == one or (one.endswith("*") and name.startswith(one[:-1])) for one in wanted):
        return False, f"{name} is not among the events listened to: {', '.join(wanted)}"
    for kind, text, _ in rules(settings):
        key, affix = content["key"], str(text)
        if not (key.startswith(affix) if kind == "prefix" else key.endswith(affix)):
            return False, f"the key `{key}` does not have the {kind} `{affix}`"
    return True, ""


def _topic_passes(content: Mapping[str, Any], settings: Settings) -> tuple[bool, str]:
    """https://docs.aws.amazon.com/iot/latest/developerguide/topics.html#topicfilters"""
    rule = _topic_rule(settings)
    if rule is None or listens(rule.topics, Pattern.of(content["topic"])) is not Verdict.NO:
        return True, ""
    return False, f"the topic rule's filter `{rule.topics}` does not take the topic `{content['topic']}`"


def _topic_rule(settings: Settings) -> TopicRule | None:
    sql = first(settings, "sql")
    return parse_rule(sql.pattern) if sql is not None and sql.pattern is not None else None


def selected_of(content: Mapping[str, Any], settings: Settings) -> Any:
    """What a topic rule makes of a message.

    https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-select.html
    """
    message = _parsed(content["payload"].decode("utf-8", "backslashreplace"))
    return data_of(selected(_topic_rule(settings), literal(message), literal(content["topic"])))


def _message_passes(content: Mapping[str, Any], settings: Settings) -> tuple[bool, str]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering.html"""
    policy = first(settings, "filterPolicy", "FilterPolicy")
    if policy is None:
        return True, ""
    scope = first(settings, "filterPolicyScope", "FilterPolicyScope")
    if scope is not None and scope.text == "MessageBody":
        subject = _parsed(content["Message"])
    else:
        subject = {name: _attribute(value) for name, value in (content.get("MessageAttributes") or {}).items()}
    return _answer(*match_rule(rule_of(policy), literal(subject), View(), "filter policy", None))


def _attribute(value: Mapping[str, Any]) -> Any:
    text = value.get("StringValue", value.get("BinaryValue"))
    kind = str(value.get("DataType"))
    if isinstance(text, str) and kind.startswith("String.Array"):
        return _parsed(text)
    if isinstance(text, str) and kind.startswith("Number"):
        return _parsed(text)
    return text


def _filtered(event: Event) -> Any:
    """The record as filter patterns see it: JSON in the body or the data is looked into.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    content = event.content
    if event.service == "dynamodb":
        return content["record"]
    if event.service == "kinesis":
        text = content["data"].decode("utf-8", "backslashreplace")
        return {"data": _parsed(text), "partitionKey": content["partitionKey"]}
    record = shapes.sqs_record(content, event.resource, "")
    return {**record, "body": _parsed(content["body"])}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def literal(value: Any) -> ast.expr:
    """The expression that writes out plain data."""
    return build.literal(readable(value))


def bus_event(content: Mapping[str, Any]) -> dict[str, Any]:
    """An event on a bus."""
    return shapes.bus_event(content)


def data_of(expression: ast.expr) -> Any:
    """The plain data that an expression over written-out values means; `str` and `+` are worked out."""
    match expression:
        case ast.Constant(value=value):
            return value
        case ast.List(elts=elements):
            return [data_of(element) for element in elements]
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {str(data_of(key)): data_of(value) for key, value in pairs if key is not None}
        case ast.Subscript(value=inner, slice=key):
            found, index = data_of(inner), data_of(key)
            if isinstance(found, dict):
                return found.get(index)
            return found[index] if isinstance(found, list) and isinstance(index, int) and index < len(found) else None
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            found = data_of(inner)
            return found if isinstance(found, str) else json.dumps(found)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return str(data_of(left)) + str(data_of(right))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -data_of(inner)
    return None


def relayed(event: Event, relay: Relay) -> Event:
    """`event`, held by the relay's source, as its target gets it."""
    target, name = relay.target_service, str(relay.target)
    if event.service == "sns":
        return _from_topic(event, relay)
    if event.service == "s3" and target == "events":
        return Event(target, name, shapes.object_event(event.content))
    if event.service == "events" and target == "events":
        return Event(target, name, event.content)
    document = _document(event, relay)
    match target:
        case "sqs":
            return Event(target, name, {"body": _text(document), "messageId": shapes.made_up(document)})
        case "sns":
            return Event(target, name, {"Message": _text(document), "MessageId": shapes.made_up(document)})
        case "firehose":
            return Event(target, name, {"data": _text(document).encode("utf-8")})
        case "s3":
            return Event(target, name, _delivered_object(name, document, relay))
        case "kinesis":
            data = _text(document).encode("utf-8")
            return Event(target, name, {"data": data, "partitionKey": "relay", "sequenceNumber": "1"})
        case "events":
            return Event(target, name, _on_bus(event, relay, document))
    return Event(target, name, {"input": [document] if event.service in _POLLED else document})


def _text(document: Any) -> str:
    if isinstance(document, bytes):
        return document.decode("utf-8", "backslashreplace")
    return document if isinstance(document, str) else json.dumps(readable(document))


def _document(event: Event, relay: Relay) -> Any:
    """What a relay's source passes on."""
    match event.service:
        case "s3":
            return shapes.s3_event([event.content], "")
        case "events":
            found: Any = bus_event(event.content)
        case "sqs":
            found = shapes.sqs_record(event.content, event.resource, "")
        case "dynamodb":
            found = event.content["record"]
        case "firehose":
            return event.content["data"]
        case "iot-data":
            return selected_of(event.content, relay.settings)
        case "kinesis":
            found = shapes.kinesis_record(event.content, event.resource, "")
        case _:
            return event.content.get("input", {})
    return data_of(transformed(literal(found), relay.settings))


def _delivered_object(bucket: str, document: Any, relay: Relay) -> dict[str, Any]:
    """An object with a name that the sender makes up.

    https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
    """
    prefix = first(relay.settings, "prefix")
    start = str(prefix.pattern) if prefix is not None and prefix.pattern is not None else ""
    key = f"{start}2024/01/01/12/{relay.source}-1-{shapes.made_up(document)}"
    return {"name": "ObjectCreated:Put", "bucket": bucket, "key": key, "size": 1, "eTag": shapes.made_up(key)}


def _from_topic(event: Event, relay: Relay) -> Event:
    """Raw delivery passes on the message and its attributes, otherwise JSON that contains the message.

    https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
    """
    target, name = relay.target_service, str(relay.target)
    content = {**event.content, "Message": shapes.message_for(event.content, target)}
    if target not in ("sqs", "kinesis", "firehose"):
        return Event(target, name, {"input": shapes.sns_event([content], event.resource, "")})
    raw = flag(relay.settings, "rawMessageDelivery", "RawMessageDelivery")
    body = content["Message"] if raw else json.dumps(shapes.notification(content, event.resource, ""))
    if target == "sqs":
        attributes = content.get("MessageAttributes") if raw else None
        found = {"body": body, "messageId": content["MessageId"], "messageAttributes": attributes}
        return Event(target, name, found)
    return Event(target, name, {"data": body.encode("utf-8"), "partitionKey": "sns", "sequenceNumber": "1"})


def _on_bus(event: Event, relay: Relay, document: Any) -> dict[str, Any]:
    target = first(relay.settings, "eventBridgeEventBusParameters", "EventBridgeEventBusParameters")
    source = target.get("Source") if target is not None else None
    kind = target.get("DetailType") if target is not None else None
    return {
        "source": (source.text if source else None) or f"Pipe {event.resource}",
        "detail-type": (kind.text if kind else None) or f"Event from aws:{event.service}",
        "detail": document,
        "id": shapes.made_up(document),
    }


def decoded(data: Any) -> bytes:
    """The bytes of a record's data."""
    if isinstance(data, bytes):
        return data
    return data.encode("utf-8") if isinstance(data, str) else base64.b64decode(data)
