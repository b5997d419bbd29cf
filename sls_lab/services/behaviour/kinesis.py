"""Amazon Kinesis Data Streams: records wake functions that read the stream.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

import ast

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.filters import filter_patterns
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service, piped
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "kinesis"
_STREAM = ("StreamName", "StreamARN")
_ACTIONS = {"put_record": "kinesis:PutRecord", "put_records": "kinesis:PutRecords"}


def _record(data: ast.expr, event: Payload) -> ast.Dict:
    return build.record(
        {
            "eventSource": build.const("aws:kinesis"),
            "eventName": build.const("aws:kinesis:record"),
            "kinesis": build.record({"partitionKey": event.parts.get("partitionKey"), "data": data}),
        }
    )


class Kinesis(Service):
    """Amazon Kinesis Data Streams: records wake functions that read the stream."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """One event for each record."""
        if call.service != SERVICE or call.api not in _ACTIONS:
            return ()
        streams = arguments.resource_names(call, view, SERVICE, *_STREAM)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "stream", streams, *_STREAM))
        elements: tuple[Element | None, ...] = (None,)
        if call.api == "put_records":
            elements = view.elements(arguments.several(call, view, "Records"), "record") or (None,)
        return tuple(
            Raised(
                SERVICE,
                streams,
                (_ACTIONS[call.api],),
                tuple(map(self.arn, streams)),
                ("",),
                NO_FACTS,
                because,
                element,
            )
            for element in elements
        )

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """Data and partition key."""
        if event.element is None:
            data = arguments.optional(call, view, "Data") or arguments.expression(call, view, "Data")
            key = arguments.optional(call, view, "PartitionKey")
            generators: tuple[ast.comprehension, ...] = ()
        else:
            data = view.member(event.element.node, "Data") or build.const("")
            key = view.member(event.element.node, "PartitionKey")
            generators = event.element.generators
        parts = {"data": data} if key is None else {"data": data, "partitionKey": key}
        where = arguments.argument(call, "Data", "Records")
        because = (Reason("the data arrives in `kinesis.data`, in base64", where.span if where else call.span),)
        return Payload(SERVICE, parts, event.names, event.facts, generators, because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One record."""
        encoded = build.call(build.attribute(build.name("base64"), "b64encode"), event.parts["data"])
        return _record(encoded, event)

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """`{"Records": […]}`: several records may arrive together."""
        records = [Element(self.document(event, settings), event.generators) for event in events]
        return build.record({"Records": build.listing(records)})

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """The filter patterns, which look into decoded JSON data beside the record's own fields."""

        def record() -> ast.expr:
            data = view.unserialised(event.parts["data"])
            # Filters name `data` and `partitionKey` without the `kinesis` around them.
            return build.record(
                {
                    "data": data if data is not None else event.parts["data"],
                    "partitionKey": event.parts.get("partitionKey"),
                }
            )

        verdict, because = filter_patterns(settings, record, view)
        return Passage(verdict, because, event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The record as a pipe hands it on."""
        return piped(SERVICE, self.document(event, settings), event, target, settings)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """A record with that string as its data."""
        return Payload(SERVICE, {"data": handed.text}, generators=handed.generators)


BEHAVIOUR: Service = Kinesis()
