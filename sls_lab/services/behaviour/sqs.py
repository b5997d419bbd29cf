"""Amazon SQS: messages wake functions that poll the queue.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.filters import filter_patterns
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service, piped
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "sqs"
_QUEUE = ("QueueUrl", "url", "QueueName")
_SINGLE, _BATCH = {"send_message"}, {"send_message_batch", "send_messages"}
_SYSTEM = ("MessageGroupId", "MessageDeduplicationId")


_RENAMED = {"StringValue": "stringValue", "BinaryValue": "binaryValue", "DataType": "dataType"}


def message_attributes(attributes: ast.expr, view: View) -> ast.expr:
    """Message attributes as a record spells them."""
    members = view.members(attributes)
    if members is None:
        value = build.record({new: build.item(build.name("value"), old) for old, new in _RENAMED.items()})
        return build.each("name", "value", attributes, value)
    return build.record({member.key: _attribute(member.node, member.written, view) for member in members})


def _attribute(node: ast.expr, written: ast.expr, view: View) -> ast.expr:
    shape = view.members(node) or (view.members(written) if view.members(written) else None)
    if shape is None:
        return build.record({new: build.item(node, old) for old, new in _RENAMED.items()})
    return build.record({_RENAMED[part.key]: part.node for part in shape if part.key in _RENAMED})


def _is_redrive(settings: Settings) -> bool:
    """Whether a relay leads from a queue to its dead-letter queue."""
    return "deadLetter" in settings


class Sqs(Service):
    """Amazon SQS: messages wake functions that poll the queue."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each message."""
        if call.service != SERVICE or call.api not in _SINGLE | _BATCH:
            return ()
        queues = arguments.resource_names(call, view, SERVICE, *_QUEUE)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "queue", queues, *_QUEUE))
        elements: tuple[Element | None, ...] = (None,)
        if call.api in _BATCH:
            elements = view.elements(arguments.several(call, view, "Entries"), "message") or (None,)
        return tuple(
            Raised(
                SERVICE, queues, ("sqs:SendMessage",), tuple(map(self.arn, queues)), ("",), NO_FACTS, because, element
            )
            for element in elements
        )

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The message's body and attributes."""
        words = ("MessageBody", "MessageAttributes", *_SYSTEM)
        if event.element is None:
            given = {word: arguments.optional(call, view, word) for word in words}
            generators: tuple[ast.comprehension, ...] = ()
            given["MessageBody"] = given["MessageBody"] or arguments.expression(call, view, "MessageBody")
        else:
            known = view.members(event.element.node) is not None
            # Of an entry that is not written out only the body is sure to be there.
            given = {word: view.member(event.element.node, word) for word in (words if known else words[:2])}
            generators = event.element.generators
        attributes = given["MessageAttributes"]
        parts: dict[str, ast.expr | None] = {
            "body": given["MessageBody"],
            "messageAttributes": message_attributes(attributes, view) if attributes is not None else None,
            **{word: given.get(word) for word in _SYSTEM},
        }
        message = arguments.argument(call, "MessageBody", "Entries")
        because = (Reason("the message arrives as text in `body`", message.span if message else call.span),)
        present = {word: part for word, part in parts.items() if part is not None}
        return Payload(SERVICE, present, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One record."""
        system = build.record({word: event.parts.get(word) for word in _SYSTEM})
        return build.record(
            {
                "body": event.parts["body"],
                "attributes": system if system.keys else None,
                "messageAttributes": event.parts.get("messageAttributes"),
                "eventSource": build.const("aws:sqs"),
            }
        )

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"Records": […]}`: a batch of messages may arrive together."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"Records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The filter patterns, which look into a body of JSON."""

        def record() -> ast.expr:
            body = view.unserialised(event.parts["body"])
            parts = {**event.parts, "body": body if body is not None else event.parts["body"]}
            return self.document(replace(event, parts=parts), settings)

        if _is_redrive(settings):
            reason = Reason("only what its reader fails to handle goes to the dead-letter queue", None, "doubt")
            return Passage(Verdict.MAYBE, (reason,), event)
        verdict, because = filter_patterns(settings, record, view)
        return Passage(verdict, because, event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The record as a pipe hands it on; a dead-letter queue gets the message as it is."""
        if _is_redrive(settings):
            return event
        return piped(SERVICE, self.document(event, settings), event, target, settings)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """A message with that string as its body."""
        attributes = {} if handed.attributes is None else {"messageAttributes": handed.attributes}
        return Payload(SERVICE, {"body": handed.text, **attributes}, generators=handed.generators)


BEHAVIOUR: Service = Sqs()
