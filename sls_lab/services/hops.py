"""What a declared path between two services makes of an event: topic → queue, bucket → topic, bus → queue, pipes."""

from __future__ import annotations

from dataclasses import replace

from sls_lab.facts import Pattern, Reason
from sls_lab.services.call_values import View
from sls_lab.services.model import Payload
from sls_lab.services.registry import SERVICES
from sls_lab.template.model import Relay
from sls_lab.template.shared.trigger_settings import Settings


def relayed(event: Payload, relay: Relay, view: View) -> Payload:
    """`event`, held by the relay's source, as its target gets it."""
    sentence = f"{relay.source_service}:{relay.source} hands it on to {relay.target_service}:{relay.target}"
    because = (*event.because, *relay.because, Reason(sentence, relay.span))
    return replace(_arrived(event, relay.target_service, relay.target, relay.settings, view), because=because)


def delivered(event: Payload, service: str, name: Pattern, view: View) -> Payload:
    """`event` as the resource `name` of `service` gets it, where the service that was called delivers it there."""
    return replace(_arrived(event, service, name, {}, view), because=event.because)


def _arrived(event: Payload, service: str, name: Pattern, settings: Settings, view: View) -> Payload:
    handed = SERVICES[event.service].handed_on(event, service, settings, view)
    return handed if isinstance(handed, Payload) else SERVICES[service].received(handed, name, settings, view)
