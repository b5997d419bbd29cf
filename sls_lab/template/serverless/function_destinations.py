"""The `destinations` of a Serverless Framework function: where the outcome of an asynchronous invocation goes.

Facts: https://www.serverless.com/framework/docs/providers/aws/guide/functions#destinations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from sls_lab.aws.arn import parse_arn, resource_arn
from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.subscriptions import add_destination
from sls_lab.template.serverless.service import ServerlessService, keyed_span, list_node, mapping_node, text_node
from sls_lab.template.serverless.service_functions import Written
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_collector import Collector

_CONDITIONS: Final = (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure"))
_ACTIONS: Final = {
    "events": "events:PutEvents",
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
}


@dataclass(frozen=True, slots=True)
class Destination:
    """One destination of one function, by its ARN."""

    function: Written
    condition: str
    arn: Node


def written_destinations(service: ServerlessService, functions: Iterable[Written]) -> Iterator[Destination]:
    """All destinations; a function of the service may be meant by its name, all else by its ARN."""
    written = tuple(functions)
    names = {function.name: function for function in written}
    for function in written:
        for key, condition in _CONDITIONS:
            node = _destination_node(service, function, key)
            if node is None:
                continue
            meant = names.get(node.text or "")
            if meant is not None:
                arn = resource_arn("lambda", meant.deployed_name)
                node = replace(node, value=arn, because=(*node.because, *meant.because))
            yield Destination(function, condition, node)


def _destination_node(service: ServerlessService, function: Written, key: str) -> Node | None:
    """The value of `destinations.onSuccess`, or of the `arn` below it, resolved."""
    node = function.node.get("destinations", key)
    if node is None or node.value is None:
        return None
    found = service.resolved(node)
    return found.get("arn") or found


def read_destinations(collector: Collector, destinations: Iterable[Destination]) -> None:
    """The relays to the destinations."""
    for one in destinations:
        add_destination(collector, one.function.deployed_name, one.condition, one.arn, keyed_span(one.arn))


def destination_statements(destinations: Iterable[Destination]) -> Iterator[Node]:
    """The statements that the framework adds to the functions' shared role, so that outcomes can be sent."""
    for one in destinations:
        arn = parse_arn(one.arn.pattern) if one.arn.pattern is not None else None
        action = _ACTIONS.get(arn.service.text or "") if arn is not None else None
        if action is not None:
            span = keyed_span(one.arn)
            entries = {
                "Effect": text_node("Allow", span),
                "Action": list_node([text_node(Pattern.of(action), span)], span),
                "Resource": list_node([one.arn], span),
            }
            yield mapping_node(entries, span)
