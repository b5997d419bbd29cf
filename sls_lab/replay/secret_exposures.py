"""Try the flows that begin at a secret: send honest requests, and look whether a secret's value gets where it must not.

Nothing is attacked here: what is followed is the value itself, in the store or the variable that holds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from sls_lab.facts import Span
from sls_lab.replay.confirmation import Confirmation
from sls_lab.replay.declared_secrets import secret_string
from sls_lab.replay.deployment import Deployment, plain
from sls_lab.replay.exchange import leaves, readable, texts_in
from sls_lab.replay.model import Hop
from sls_lab.replay.requests_file import Scenario
from sls_lab.replay.simulation import Simulation
from sls_lab.taint.model import Flow

CATEGORY: Final = "secret-exposure"
_NAMED: Final = re.compile(r"secret|token|passw|pwd|api_?key|private|credential|_key$|^key$", re.IGNORECASE)
_SHORTEST: Final = 4  #: characters of a value that is not found by chance


def confirm_exposure(simulation: Simulation, flow: Flow, scenarios: Sequence[Scenario]) -> Confirmation:
    """What becomes of the secrets that the source's handler can read, on honest requests to it."""
    fitting = [one for one in scenarios if one.at == flow.source.handler and not one.attack]
    if not fitting:
        return Confirmation("not-tried", f"there is no request for {flow.source.handler}")
    values: set[str] = set()
    for scenario in fitting:
        replay = simulation.replay(scenario.request(simulation.deployment))
        if not replay.replayed:
            return Confirmation("not-tried", f"the module {replay.missing} is not installed here")
        values = {*_declared(simulation.deployment, flow.source.handler), *_stored(scenario)}
        for hop in replay.hops:
            for words, span, shown in _arrivals(flow, hop):
                found = next((value for value in values if any(value in text for text in texts_in(shown))), None)
                if found is not None:
                    why = f"the secret {found!r} is in {words} of {hop.handler}" + (f" at {span.place}" if span else "")
                    return Confirmation("confirmed", why, "", replay.request, None, span)
    if not values:
        return Confirmation("not-tried", "no secret with a value is known to the replay")
    return Confirmation(
        "not-confirmed", "no request took the branch on which the secret gets there, or it was not read"
    )


def _arrivals(flow: Flow, hop: Hop) -> Iterator[tuple[str, Span | None, Any]]:
    """What gets to the sink in one hop, in words, with its place."""
    sink = flow.sink.span
    if hop.handler != flow.sink.handler:
        return
    if flow.rule.name == "LogMessage":
        yield "what is printed", sink, hop.output
    if flow.rule.name == "HttpResponse":
        yield "the response", sink, hop.result
    for call in hop.calls:
        if call.span is not None and _meet(call.span, sink):
            yield f"the arguments of {call.service}.{call.api}", call.span, call.arguments
    for danger in hop.dangers:
        # A request is made in one place and sent in another.
        sent = flow.rule.name == "RequestBody" and danger.kind == "url"
        if danger.span is not None and (_meet(danger.span, sink) or (sent and danger.span.file == sink.file)):
            yield f"what {danger.name} is given", danger.span, [danger.value, dict(danger.detail)]


def _meet(one: Span, other: Span) -> bool:
    return one.file == other.file and one.line <= other.end_line and other.line <= one.end_line


def _declared(deployment: Deployment, handler: str) -> Iterator[str]:
    """The secrets of the template: variables of the function that are named as such, and what its stores hold."""
    for variable in deployment.template.function(handler).environment.values():
        if _NAMED.search(variable.name) and len(str(variable.value)) >= _SHORTEST:
            yield str(variable.value)
    for resource in deployment.template.resources:
        if resource.type == "AWS::SecretsManager::Secret":
            yield from _strings(secret_string(plain(resource.properties)))


def _stored(scenario: Scenario) -> Iterator[str]:
    """The secrets that are put into a store before a request."""
    for call in scenario.given:
        value = call.arguments.get("SecretString")
        if call.service == "ssm" and call.arguments.get("Type") == "SecureString":
            value = call.arguments.get("Value")
        if isinstance(value, str):
            yield from _strings(value)


def _strings(text: str) -> Iterator[str]:
    try:
        parsed = json.loads(text)
    except ValueError:
        parsed = text
    if not isinstance(parsed, dict | list):
        parsed = text  # `4711` is a number to JSON, and a code to whoever keeps it
    for path, value in leaves(readable(parsed)):
        if isinstance(value, str) and len(value) >= _SHORTEST and (not path or _NAMED.search(path)):
            yield value
