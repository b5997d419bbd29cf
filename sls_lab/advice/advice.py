"""What is no flow and yet worth a change."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice
from sls_lab.advice.risks import risks
from sls_lab.advice.unused_permissions import permission_advice
from sls_lab.code import Code
from sls_lab.events.model import EventGraph
from sls_lab.services import exposure
from sls_lab.template.model import Template, Trigger


def advise(template: Template, code: Code, events: EventGraph) -> tuple[Advice, ...]:
    """Permissions that are granted and never used, circles of events, doors without a lock, and other risks."""
    found = (*permission_advice(template, code), *_circles(template, events), *_unguarded(template))
    return tuple(dict.fromkeys((*found, *risks(template, code, events.edges))))


def _circles(template: Template, events: EventGraph) -> Iterator[Advice]:
    following: dict[str, set[str]] = {}
    for edge in events.edges:
        if edge.linked and edge.target is not None:
            following.setdefault(edge.source, set()).add(edge.target)
    for function in template.functions:
        reached: set[str] = set()
        pending = list(following.get(function.name, ()))
        while pending:
            name = pending.pop()
            if name not in reached:
                reached.add(name)
                pending.extend(following.get(name, ()))
        if function.name in reached:
            message = f"`{function.name}` can wake itself again; make sure that the circle ends"
            yield Advice("event-loop", message, function.span)


def _unguarded(template: Template) -> Iterator[Advice]:
    connecting = _websocket_apis(template)
    for function in template.functions:
        for trigger in function.triggers:
            open_door = exposure(trigger) == "public" and trigger.type in ("http", "httpApi", "url", "websocket")
            if trigger.type == "websocket" and not _connects(trigger) and function.template in connecting:
                continue  # who may connect is decided once, and that trigger is looked at
            if _text(trigger, "method").lower() == "options":
                continue  # a browser asks by it whether it may send the request itself
            if open_door and "authorizer" not in trigger.settings:
                message = f"`{function.name}` answers anyone: its {trigger.type} trigger has no authoriser"
                yield Advice("no-authoriser", message, trigger.span)


def _websocket_apis(template: Template) -> set[str]:
    """The templates that say what happens when somebody connects to a WebSocket."""
    return {
        function.template
        for function in template.functions
        for trigger in function.triggers
        if trigger.type == "websocket" and _connects(trigger)
    }


def _connects(trigger: Trigger) -> bool:
    return _text(trigger, "route") == "$connect"


def _text(trigger: Trigger, name: str) -> str:
    node = trigger.settings.get(name)
    return (node.text if node is not None else None) or ""
