"""What a declared path between two services makes of an event: topic → queue, bucket → topic, bus → queue, pipes."""

from __future__ import annotations

import ast

from sls_lab.facts import Pattern, Reason
from sls_lab.services import build, dynamodb, events, kinesis, s3, sns, sqs
from sls_lab.services.call_values import View
from sls_lab.services.inputs import transformed
from sls_lab.services.model import Element, Payload
from sls_lab.services.settings import first, flag
from sls_lab.template.model import Relay

_POLLED = {"sqs": sqs, "dynamodb": dynamodb, "kinesis": kinesis}  # the sources that a pipe reads records from


def relayed(event: Payload, relay: Relay, view: View) -> Payload:
    """`event`, held by the relay's source, as its target gets it."""
    because = (*event.because, *relay.because, Reason(_sentence(relay), relay.span))
    target = relay.target_service
    if event.service == "sns":
        return _from_topic(event, relay, view, because)
    if event.service == "s3" and target == "events":
        return _object_event(event, because)
    document, generators = _document(event, relay)
    match target:
        case "sqs":
            return Payload("sqs", {"body": build.dumps(document)}, ("",), {}, generators, because)
        case "sns":
            return Payload("sns", {"Message": build.dumps(document)}, ("",), {}, generators, because)
        case "kinesis":
            return Payload("kinesis", {"data": build.dumps(document)}, ("",), {}, generators, because)
        case "events":
            return _on_bus(event, relay, document, generators, because)
    whole = build.single(Element(document, generators))
    if event.service in _POLLED:  # a pipe hands on a list of records
        whole = ast.List([whole], ast.Load())
    return Payload(target, {"input": whole}, ("",), {}, (), because)


def _sentence(relay: Relay) -> str:
    return f"{relay.source_service}:{relay.source} hands it on to {relay.target_service}:{relay.target}"


def _document(event: Payload, relay: Relay) -> tuple[ast.expr, tuple[ast.comprehension, ...]]:
    """The JSON that is handed on, and the clauses it stands in."""
    match event.service:
        case "s3":
            return s3.lambda_event((event,), relay.settings), ()
        case "events":
            return transformed(events.document(event, relay.settings), relay.settings), event.generators
        case "sqs" | "dynamodb" | "kinesis" as service:
            return transformed(_POLLED[service].document(event, relay.settings), relay.settings), event.generators
    return event.parts.get("input", build.record({})), event.generators


def _from_topic(event: Payload, relay: Relay, view: View, because: tuple[Reason, ...]) -> Payload:
    """Raw delivery hands on the message and its attributes, else a text of JSON that holds the message.

    https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
    """
    target = relay.target_service
    parts = {**event.parts, "Message": sns.message_for(event, view, target)}
    event = Payload("sns", parts, event.names, event.facts, event.generators, event.because)
    raw = flag(relay.settings, "rawMessageDelivery", "RawMessageDelivery")
    body = event.parts["Message"] if raw else build.dumps(sns.notification(event))
    if target == "kinesis":
        return Payload("kinesis", {"data": body}, ("",), {}, event.generators, because)
    if target == "sqs":
        attributes = event.parts.get("attributes") if raw else None
        renamed = {} if attributes is None else {"messageAttributes": sqs.message_attributes(attributes, view)}
        return Payload("sqs", {"body": body, **renamed}, ("",), {}, event.generators, because)
    return Payload(target, {"input": sns.lambda_event((event,), relay.settings)}, ("",), {}, (), because)


def _object_event(event: Payload, because: tuple[Reason, ...]) -> Payload:
    """A bucket's event on the default bus.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
    """
    created = any(name.startswith("ObjectCreated") for name in event.names)
    reason = {
        "ObjectCreated:Put": "PutObject",
        "ObjectCreated:Copy": "CopyObject",
        "ObjectCreated:CompleteMultipartUpload": "CompleteMultipartUpload",
    }.get(event.names[0], "DeleteObject")
    kind = "Object Created" if created else "Object Deleted"
    detail = build.record(
        {
            "bucket": build.record({"name": event.parts["bucket"]}),
            "object": build.record({"key": event.parts["key"]}),
            "reason": build.const(reason),
        }
    )
    parts: dict[str, ast.expr] = {
        "detail-type": build.const(kind),
        "source": build.const("aws.s3"),
        "detail": detail,
    }
    facts = {"Source": (Pattern.of("aws.s3"),), "DetailType": (Pattern.of(kind),)}
    return Payload("events", parts, ("",), facts, event.generators, because)


def _on_bus(
    event: Payload,
    relay: Relay,
    document: ast.expr,
    generators: tuple[ast.comprehension, ...],
    because: tuple[Reason, ...],
) -> Payload:
    if event.service == "events":
        return Payload("events", event.parts, event.names, event.facts, event.generators, because)
    target = first(relay.settings, "eventBridgeEventBusParameters", "EventBridgeEventBusParameters")
    source = target.get("Source") if target is not None else None
    kind = target.get("DetailType") if target is not None else None
    parts: dict[str, ast.expr] = {
        "detail-type": build.const(kind.text if kind is not None and kind.text else f"Event from aws:{event.service}"),
        "source": build.const(source.text if source is not None and source.text else "Pipe"),
        "detail": document,
    }
    return Payload("events", parts, ("",), {}, generators, because)
