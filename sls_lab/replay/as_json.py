"""A replay, and what it confirms, as plain values for programs: `sls-lab/replay/1`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from sls_lab.events.edge_json import edge_object
from sls_lab.facts.json_places import Json, extent
from sls_lab.replay.confirmation import Confirmation
from sls_lab.replay.exchange import readable
from sls_lab.replay.model import Call, Danger, Delivery, Hop, Note, Replay, Request
from sls_lab.replay.shell_commands import Command, commands_of

SCHEMA: Final = "sls-lab/replay/1"


def as_json(replays: Sequence[Replay]) -> str:
    """The replays as JSON; lines count from 1, columns from 0 in code points."""
    found = {"schema": SCHEMA, "replays": [replay_object(replay) for replay in replays]}
    text = json.dumps(found, ensure_ascii=False, indent=2, default=str)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def replay_object(replay: Replay) -> Json:
    """One replay."""
    return {
        "application": replay.application,
        "request": request_object(replay.request),
        "replayed": replay.replayed,
        "missing": replay.missing or None,
        "hops": [_hop(hop) for hop in replay.hops],
        "edges": [edge_object(edge) for edge in replay.observed],
        "notes": [_note(note) for note in replay.notes],
    }


def request_object(request: Request) -> Json:
    """One request, with the calls before it and the request after it."""
    found: Json = {"name": request.name, "at": request.at or None, "event": readable(request.event)}
    found["given"] = [
        {"service": call.service, "api": call.api, "arguments": readable(call.arguments)} for call in request.given
    ]
    found["marker"] = request.marker or None
    found["then"] = request_object(request.then) if request.then is not None else None
    return found


def confirmation_object(confirmation: Confirmation) -> Json:
    """What became of one flow."""
    return {
        "status": confirmation.status,
        "why": confirmation.why,
        "sent": confirmation.sent or None,
        "request": request_object(confirmation.request) if confirmation.request is not None else None,
        "arrived": danger_object(confirmation.arrived) if confirmation.arrived is not None else None,
        **extent(confirmation.span),
    }


def danger_object(danger: Danger) -> Json:
    """One dangerous call; a shell's command comes with the commands that the shell reads."""
    found: Json = {"kind": danger.kind, "name": danger.name, "value": readable(danger.value)}
    if danger.kind == "shell":
        found["commands"] = [_command(command) for command in commands_of(danger)]
    return {
        **found,
        "detail": readable(danger.detail),
        "reached": danger.reached,
        "live": danger.live,
        **extent(danger.span),
    }


def _command(command: Command) -> Json:
    return {"words": list(command.words), "before": command.before, "within": command.within}


def _hop(hop: Hop) -> Json:
    return {
        "number": hop.number,
        "handler": hop.handler,
        "woken_by": hop.woken_by,
        "attempt": hop.attempt,
        "event": readable(hop.event),
        "ending": hop.ending,
        "result": readable(hop.result),
        "error": hop.error or None,
        **extent(hop.span),
        "output": hop.output,
        "calls": [_call(call) for call in hop.calls],
        "deliveries": [_delivery(delivery) for delivery in hop.deliveries],
        "dangers": [danger_object(danger) for danger in hop.dangers],
        "notes": [_note(note) for note in hop.notes],
    }


def _call(call: Call) -> Json:
    return {
        "service": call.service,
        "api": call.api,
        "arguments": readable(call.arguments),
        "outcome": call.outcome,
        "error": call.error or None,
        **extent(call.span),
    }


def _delivery(delivery: Delivery) -> Json:
    return {
        "service": delivery.service,
        "resource": delivery.resource,
        "to": delivery.target,
        "arrival": delivery.arrival,
        "call": delivery.call,
        "why": delivery.why or None,
        "via": list(delivery.via),
        "hop": delivery.hop,
    }


def _note(note: Note) -> Json:
    return {"code": note.code, "message": note.message, **extent(note.span)}
