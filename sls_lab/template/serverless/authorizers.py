"""The functions of a Serverless Framework service that decide which requests may pass: they get each of them first.

Facts: https://www.serverless.com/framework/docs/providers/aws/events/apigateway#http-endpoints-with-custom-authorizers,
https://www.serverless.com/framework/docs/providers/aws/events/http-api#lambda-request-custom-authorizers and
https://www.serverless.com/framework/docs/providers/aws/events/websocket#using-authorizers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sls_lab.aws.arn import arn_name
from sls_lab.facts import Pattern, Reason
from sls_lab.template.model import Trigger
from sls_lab.template.serverless.service import ServerlessService, keyed_span
from sls_lab.template.shared.node import Node

_DOORS = frozenset({"http", "httpApi", "websocket"})


def authorizer_triggers(
    service: ServerlessService, triggers: Iterable[Trigger], names: Mapping[Pattern, str]
) -> dict[str, tuple[Trigger, ...]]:
    """The triggers of authorisers by function name; `names` gives a function's name by its deployed name."""
    found: dict[str, tuple[Trigger, ...]] = {}
    own = set(names.values())
    for node in (*_of_doors(triggers), *_of_provider(service)):
        pattern = node.pattern
        meant = node.text if node.text in own else names.get(arn_name("lambda", pattern)) if pattern else None
        if meant is not None and meant not in found:
            reason = Reason(f"{meant} decides which requests may pass, and gets each of them", node.span)
            found[meant] = (Trigger("authorizer", None, None, {}, keyed_span(node), (reason, *node.because)),)
    return found


def _of_doors(triggers: Iterable[Trigger]) -> Iterator[Node]:
    for trigger in triggers:
        authorizer = trigger.settings.get("authorizer") if trigger.type in _DOORS else None
        if authorizer is not None:
            yield from (one for one in (authorizer.get("name"), authorizer.get("arn"), authorizer) if one is not None)


def _of_provider(service: ServerlessService) -> Iterator[Node]:
    written = service.find("provider", "httpApi", "authorizers")
    for authorizer in written.mapping.values() if written is not None else ():
        yield from (one for key in ("functionName", "functionArn") if (one := authorizer.get(key)) is not None)
