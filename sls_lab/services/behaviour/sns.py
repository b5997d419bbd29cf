"""Amazon SNS: messages published to a topic wake its subscribers.

https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.behaviour.sqs import message_attributes
from sls_lab.services.call_values import View
from sls_lab.services.filters import match_rule, rule_of
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service
from sls_lab.template.shared.trigger_settings import Settings, first, flag

SERVICE = "sns"
_TOPIC = ("TopicArn", "TargetArn", "arn", "Arn")
_WORDS = ("Message", "Subject", "MessageAttributes", "MessageStructure")


def _for_protocol(message: ast.expr, view: View, protocol: str) -> ast.expr:
    """What one protocol gets of a message with `MessageStructure="json"`; those not mentioned get the default."""
    texts = view.parsed(message)
    known = view.members(texts)
    if known is None:
        return build.item(texts, "default")
    found = view.member(texts, protocol)
    if found is None:
        found = view.member(texts, "default")
    return found if found is not None else build.const("")


def message_for(event: Payload, view: View, protocol: str) -> ast.expr:
    """The message as a subscriber with `protocol` (`lambda`, `sqs`) gets it."""
    structured = event.parts.get("structured")
    return event.parts["Message"] if structured is None else _for_protocol(structured, view, protocol)


def _attributes(attributes: ast.expr, view: View, renamed: Mapping[str, str]) -> ast.expr:
    members = view.members(attributes)
    if members is None:
        value = build.record({new: build.item(build.name("value"), old) for old, new in renamed.items()})
        return build.each("name", "value", attributes, value)
    found: dict[str, ast.expr | None] = {}
    for member in members:
        shape = view.members(member.node) or view.members(member.written)
        if shape is None:
            found[member.key] = build.record({new: build.item(member.node, old) for old, new in renamed.items()})
        else:
            found[member.key] = build.record({renamed[part.key]: part.node for part in shape if part.key in renamed})
    return build.record(found)


def notification(event: Payload) -> ast.Dict:
    """The message with what SNS writes about it; a subscribed queue gets this as a string in its body."""
    return build.record(
        {
            "Type": build.const("Notification"),
            "Subject": event.parts.get("Subject"),
            "Message": event.parts["Message"],
            "MessageAttributes": event.parts.get("MessageAttributes"),
        }
    )


def _number(value: ast.expr, view: View) -> ast.expr:
    """The number that a string is, where that is known."""
    text = view.text(value)
    try:
        return build.const(float(text)) if text is not None else value
    except ValueError:
        return value


def _filterable(attributes: ast.expr | None, view: View) -> ast.expr:
    """`{"name": value}` of the attributes; a `String.Array` is a list written as JSON."""
    if attributes is None:
        return build.record({})
    members = view.members(attributes)
    if members is None:
        return attributes
    found: dict[str, ast.expr | None] = {}
    for member in members:
        value = view.written(member.written, "StringValue")
        kind = view.written(member.written, "DataType")
        if value is not None and kind is not None and view.text(kind) == "String.Array":
            value = view.parsed(value)
        elif value is not None and kind is not None and view.text(kind) == "Number":
            value = _number(value, view)
        found[member.key] = value if value is not None else build.item(member.node, "BinaryValue")
    return build.record(found)


class Sns(Service):
    """Amazon SNS: messages published to a topic wake its subscribers."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each message to a topic; a text message to a telephone raises none."""
        if call.service != SERVICE or call.api not in ("publish", "publish_batch"):
            return ()
        if arguments.argument(call, "PhoneNumber") is not None and arguments.argument(call, *_TOPIC) is None:
            return ()
        topics = arguments.resource_names(call, view, SERVICE, *_TOPIC)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "topic", topics, *_TOPIC))
        elements: tuple[Element | None, ...] = (None,)
        if call.api == "publish_batch":
            entries = arguments.several(call, view, "PublishBatchRequestEntries")
            elements = view.elements(entries, "message") or (None,)
        return tuple(
            Raised(SERVICE, topics, ("sns:Publish",), tuple(map(self.arn, topics)), ("",), NO_FACTS, because, element)
            for element in elements
        )

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """Message, subject and attributes."""
        if event.element is None:
            given = {word: arguments.optional(call, view, word) for word in _WORDS}
            generators: tuple[ast.comprehension, ...] = ()
            message = given["Message"] or arguments.expression(call, view, "Message")
        else:
            node = event.element.node
            known = view.members(node) is not None
            given = {word: view.member(node, word) if known or word in _WORDS[:3] else None for word in _WORDS}
            generators = event.element.generators
            message = given["Message"] or build.const("")
        structure = given["MessageStructure"]
        if structure is not None and view.text(structure) == "json":
            parts: dict[str, ast.expr | None] = {"structured": message}
            message = _for_protocol(message, view, "lambda")
        else:
            parts = {}
        parts |= {"Message": message, "Subject": given["Subject"]}
        attributes = given["MessageAttributes"]
        if attributes is not None:
            parts["MessageAttributes"] = _attributes(attributes, view, {"DataType": "Type", "StringValue": "Value"})
            parts["attributes"] = attributes  # as published, for queues that get it raw
        where = arguments.argument(call, "Message", "PublishBatchRequestEntries")
        because = (Reason("the message arrives as text in `Sns.Message`", where.span if where else call.span),)
        present = {word: part for word, part in parts.items() if part is not None}
        return Payload(SERVICE, present, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One record."""
        return build.record({"EventSource": build.const("aws:sns"), "Sns": notification(event)})

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"Records": […]}`; SNS sends one message an invocation, which changes nothing for what arrives where."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"Records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The subscription's filter policy, on the message's attributes or its body."""
        policy = first(settings, "filterPolicy", "FilterPolicy")
        if policy is None:
            return Passage(Verdict.YES, (), event)
        scope = first(settings, "filterPolicyScope", "FilterPolicyScope")
        if scope is not None and scope.text == "MessageBody":
            subject = view.parsed(event.parts["Message"])
        else:
            subject = _filterable(event.parts.get("attributes"), view)
        verdict, reason = match_rule(rule_of(policy), subject, view, "filter policy", policy.span)
        return Passage(verdict, (reason,), event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """Raw delivery passes on the message and its attributes, otherwise a string of JSON that contains the message.

        https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html
        """
        event = replace(event, parts={**event.parts, "Message": message_for(event, view, target)})
        if not flag(settings, "rawMessageDelivery", "RawMessageDelivery"):
            return HandedOn(SERVICE, notification(event), event.generators)
        attributes = event.parts.get("attributes")
        renamed = message_attributes(attributes, view) if attributes is not None else None
        message = event.parts["Message"]
        return HandedOn(SERVICE, message, event.generators, message, renamed)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """A message with that string."""
        return Payload(SERVICE, {"Message": handed.text}, generators=handed.generators)


BEHAVIOUR: Service = Sns()
