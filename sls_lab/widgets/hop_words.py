"""One hop of a replay in the words and marked strings that a widget shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sls_lab.replay.exchange import readable
from sls_lab.replay.model import Danger, Hop
from sls_lab.replay.shell_commands import commands_of
from sls_lab.report.display import one_line
from sls_lab.report.replay_text import forms_of, received_parts
from sls_lab.report.summary import count

_LONGEST: Final = 600
_QUIET: Final = frozenset({"file", "file-removal", "nosql", "invocation"})

#: A string in pieces, each with whether it is what was sent.
Phrases = list[tuple[str, bool]]


def hop_view(hop: Hop, followed: Sequence[str]) -> dict[str, Any]:
    """What there is to see of a hop, as JSON: received, called, delivered, dangerous, and how it ended."""
    return {
        "title": one_line(f"{hop.number}. {hop.handler}"),
        "woken": "woken by the request" if hop.woken_by is None else f"woken by hop {hop.woken_by}",
        "received": [_pieces(part, followed) for part in received_parts(hop.event, followed)],
        "calls": [
            {
                "name": f"{call.service}.{call.api}",
                "place": call.span.place if call.span else "",
                "arguments": _pieces(_shown(call.arguments), followed),
                "error": one_line(call.error),
                "deliveries": [
                    _delivery(hop, number) for number, one in enumerate(hop.deliveries) if one.call == index
                ],
            }
            for index, call in enumerate(hop.calls)
        ],
        "dangers": [_danger(danger, followed) for danger in hop.dangers if _is_told(danger, followed)],
        "ended": _pieces(
            f"returns {_shown(hop.result)}" if hop.ending == "returned" else one_line(hop.error), followed
        ),
    }


def _is_told(danger: Danger, followed: Sequence[str]) -> bool:
    if danger.kind not in _QUIET or danger.detail.get("outside"):
        return True
    return any(marked for _, marked in _pieces(_shown(danger.value), followed))


def _danger(danger: Danger, followed: Sequence[str]) -> dict[str, Any]:
    shown = str(danger.value) if isinstance(danger.value, str) else _shown(danger.value)
    found: dict[str, Any] = {
        "name": danger.name,
        "place": danger.span.place if danger.span else "",
        "value": _pieces(one_line(shown)[:_LONGEST], followed),
        "commands": [],
        "reads": "",
    }
    if danger.kind == "shell":
        commands = commands_of(danger)
        found["reads"] = f"A shell reads {count(len(commands), 'command')}:"
        found["commands"] = [[one_line(word) for word in command.words] for command in commands]
    return found


def _delivery(hop: Hop, number: int) -> str:
    delivery = hop.deliveries[number]
    where = f"{delivery.service}:{delivery.resource}"
    if delivery.arrival == "delivered":
        return one_line(f"wakes {delivery.target} by {where}")
    return one_line(f"wakes nobody by {where}: {delivery.why}")


def _shown(value: Any) -> str:
    text = one_line(json.dumps(readable(value), ensure_ascii=False, default=str))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _pieces(text: str, followed: Sequence[str]) -> Phrases:
    """The text cut where a form of what was sent begins and ends."""
    forms = sorted({form for one in followed for form in forms_of(one)}, key=len, reverse=True)
    pieces: Phrases = []
    at = 0
    while at < len(text):
        form = next((form for form in forms if text.startswith(form, at)), None)
        if form is not None:
            pieces.append((form, True))
            at += len(form)
        elif pieces and not pieces[-1][1]:
            pieces[-1] = (pieces[-1][0] + text[at], False)
            at += 1
        else:
            pieces.append((text[at], False))
            at += 1
    return pieces
