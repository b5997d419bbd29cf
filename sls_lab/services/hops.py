"""What a declared path between two services makes of an event: topic → queue, bucket → topic, bus → queue, pipes."""

from __future__ import annotations

from dataclasses import replace

from sls_lab.facts import Reason
from sls_lab.services.call_values import View
from sls_lab.services.model import Payload
from sls_lab.services.registry import SERVICES
from sls_lab.template.model import Relay


def relayed(event: Payload, relay: Relay, view: View) -> Payload:
    """`event`, held by the relay's source, as its target gets it."""
    sentence = f"{relay.source_service}:{relay.source} hands it on to {relay.target_service}:{relay.target}"
    because = (*event.because, *relay.because, Reason(sentence, relay.span))
    sender, receiver = SERVICES[event.service], SERVICES[relay.target_service]
    handed = sender.handed_on(event, relay, view)
    arrived = handed if isinstance(handed, Payload) else receiver.received(handed, relay, sender.batches)
    return replace(arrived, because=because)
