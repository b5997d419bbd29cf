"""Amazon EventBridge: events put on a bus wake the functions whose rules match them.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from __future__ import annotations

import ast

from sls_lab.aws.arn import arn_name
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.filters import match_rule, rule_of, with_platform_fields
from sls_lab.services.inputs import transformed
from sls_lab.services.model import Element, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service
from sls_lab.template.shared.trigger_settings import Settings, first

SERVICE = "events"
DEFAULT_BUS = Pattern.of("default")
_FACTS = ("Source", "DetailType")
#: The fields that EventBridge, or the service of AWS that tells of something, writes: what they hold is not known here.
_WRITTEN = ("account", "id", "region", "resources", "time")


def _buses(element: Element, view: View) -> tuple[Pattern, ...]:
    value = view.written(element.node, "EventBusName")
    if value is None or (isinstance(value, ast.Constant) and value.value is None):
        return (DEFAULT_BUS,)
    return tuple(dict.fromkeys(arn_name(SERVICE, name) for name in view.values(value)))


class EventBridge(Service):
    """Amazon EventBridge: events put on a bus wake the functions whose rules match them."""

    client = SERVICE
    one_by_one = True

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each entry; an entry without a bus goes to the default one."""
        if call.service != SERVICE or call.api != "put_events":
            return ()
        entries = arguments.several(call, view, "Entries")
        found = []
        for element in view.elements(entries, "entry") or (None,):
            facts: dict[str, tuple[Pattern, ...]] = {}
            buses: tuple[Pattern, ...] = (Pattern.any("Entries"),)
            if element is not None:
                buses = _buses(element, view)
                for word in _FACTS:
                    value = view.written(element.node, word)
                    if value is not None:
                        facts[word] = view.values(value)
            because = (arguments.call_reason(call), *arguments.naming_reasons(call, "event bus", buses))
            found.append(
                Raised(
                    SERVICE, buses, ("events:PutEvents",), tuple(map(self.arn, buses)), ("",), facts, because, element
                )
            )
        return tuple(found)

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """Source, detail type and detail of one entry; the detail is read from its JSON."""
        if event.element is None:
            entry: ast.expr = build.item(arguments.expression(call, view, "Entries"), 0)
            generators: tuple[ast.comprehension, ...] = ()
        else:
            entry, generators = event.element.node, event.element.generators
        known = view.members(entry) is not None
        detail = view.member(entry, "Detail")
        parts = {
            "detail-type": view.member(entry, "DetailType"),
            "source": view.member(entry, "Source"),
            "resources": view.member(entry, "Resources") if known else None,
            "detail": view.parsed(detail) if detail is not None else build.record({}),
        }
        where = arguments.argument(call, "Entries")
        because = (Reason("the detail, read from its JSON, arrives in `detail`", where.span if where else call.span),)
        present = {word: part for word, part in parts.items() if part is not None}
        return Payload(SERVICE, present, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """The event as rules see it, as far as its sender decides it."""
        return build.record(
            {
                "version": build.const("0"),
                **{word: event.parts.get(word) for word in ("detail-type", "source", "resources", "detail")},
            }
        )

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """The event itself, or what the rule's target makes of it; each entry wakes the function separately."""
        event = events[0]
        return transformed(build.single(Element(self.document(event, settings), event.generators)), settings)

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The rule's event pattern."""
        pattern = first(settings, "pattern", "Pattern", "EventPattern", "eventPattern")
        if pattern is None:
            return Passage(Verdict.YES, (), event)
        seen = with_platform_fields(self.document(event, settings), _WRITTEN)
        verdict, reason = match_rule(rule_of(pattern), seen, view, "event pattern", pattern.span)
        return Passage(verdict, (reason,), event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The event as the rule's target gets it; from bus to bus it stays as it is."""
        if target == SERVICE:
            return event
        return HandedOn(SERVICE, transformed(self.document(event, settings), settings), event.generators)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """An event whose detail is what a pipe passes on.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
        """
        given = first(settings, "eventBridgeEventBusParameters", "EventBridgeEventBusParameters")
        source = given.get("Source") if given is not None else None
        kind = given.get("DetailType") if given is not None else None
        named = kind.text if kind is not None and kind.text else f"Event from aws:{handed.sender}"
        parts: dict[str, ast.expr] = {
            "detail-type": build.const(named),
            "source": build.const(source.text if source is not None and source.text else "Pipe"),
            "detail": handed.value,
        }
        return Payload(SERVICE, parts, generators=handed.generators)


BEHAVIOUR: Service = EventBridge()
