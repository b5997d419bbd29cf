"""Amazon Data Firehose: records pass a function that transforms them, then are stored.

https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
"""

from __future__ import annotations

import ast

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "firehose"
_STREAM = ("DeliveryStreamName",)
_ACTIONS = {"put_record": "firehose:PutRecord", "put_record_batch": "firehose:PutRecordBatch"}


class Firehose(Service):
    """Amazon Data Firehose: records pass a function that transforms them, then are stored."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each record."""
        if call.service != SERVICE or call.api not in _ACTIONS:
            return ()
        streams = arguments.resource_names(call, view, SERVICE, *_STREAM)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "delivery stream", streams, *_STREAM))
        elements: tuple[Element | None, ...] = (None,)
        if call.api == "put_record_batch":
            elements = view.elements(arguments.several(call, view, "Records"), "record") or (None,)
        arns = tuple(map(self.arn, streams))
        action = (_ACTIONS[call.api],)
        return tuple(Raised(SERVICE, streams, action, arns, ("",), NO_FACTS, because, element) for element in elements)

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The record's data."""
        generators: tuple[ast.comprehension, ...] = ()
        if event.element is not None:
            record: ast.expr = event.element.node
            generators = event.element.generators
        elif call.api == "put_record":
            record = arguments.expression(call, view, "Record")
        else:
            record = build.item(arguments.expression(call, view, "Records"), 0)
        where = arguments.argument(call, "Record", "Records")
        because = (Reason("the data arrives in `data`, in base64", where.span if where else call.span),)
        data = view.member(record, "Data") or build.const("")
        return Payload(SERVICE, {"data": data}, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One record as the transforming function gets it."""
        encoded = build.call(build.attribute(build.name("base64"), "b64encode"), event.parts["data"])
        return build.record({"recordId": build.const("1"), "data": encoded})

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"records": […]}`, in small letters: several records may arrive together."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"invocationId": build.const("1"), "records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """Nothing filters the records of a delivery stream."""
        return Passage(Verdict.YES, (), event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The data as it was put: what the transforming function returns in its place is not looked at."""
        data = event.parts["data"]
        return HandedOn(SERVICE, data, event.generators, data)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """A record with that string as its data."""
        return Payload(SERVICE, {"data": handed.text}, generators=handed.generators)


BEHAVIOUR: Service = Firehose()
