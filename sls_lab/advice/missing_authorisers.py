"""SAS-2, broken authentication: public triggers without an authoriser."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked
from sls_lab.services import exposure
from sls_lab.template.model import Template, Trigger


def missing_authorisers(app: Linked) -> Iterator[Advice]:
    """Public triggers of HTTP and WebSocket APIs that let anyone in."""
    connecting = _websocket_apis(app.template)
    for function in app.template.functions:
        for trigger in function.triggers:
            open_door = exposure(trigger) == "public" and trigger.type in ("http", "httpApi", "url", "websocket")
            if trigger.type == "websocket" and not _connects(trigger) and function.template in connecting:
                continue  # whoever may connect is decided once, and that trigger is checked
            if _text(trigger, "method").lower() == "options":
                continue  # a browser asks by it whether it may send the request itself
            if open_door and "authorizer" not in trigger.settings:
                message = f"`{function.name}` answers anyone: its {trigger.type} trigger has no authoriser"
                yield Advice("no-authoriser", message, trigger.span)


def _websocket_apis(template: Template) -> set[str]:
    """The templates that say what happens when a client connects to a WebSocket."""
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


CHECK = Check(
    "missing-authorisers",
    "Triggers without an authoriser",
    2,
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
    ("no-authoriser",),
    missing_authorisers,
)
