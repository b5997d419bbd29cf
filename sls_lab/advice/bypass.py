"""SAS-9, business logic: a later step of the application that outsiders can wake directly."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.events.model import Edge
from sls_lab.linked import Linked
from sls_lab.services import exposure


def side_entrances(app: Linked) -> Iterator[Advice]:
    """Public triggers of functions that another handler wakes: what happens before can be left out."""
    before: dict[str, Edge] = {}
    for edge in app.events.edges:
        if edge.linked and edge.certain and edge.target is not None and edge.source != edge.target:
            before.setdefault(edge.target, edge)
    for function in app.template.functions:
        step = before.get(function.name)
        for trigger in function.triggers:
            if step is not None and exposure(trigger) == "public":
                how = "a state machine" if step.call is None else f"{step.service}.{step.api}"
                message = (
                    f"`{function.name}` comes after `{step.source}` (by {how}), and anyone can wake it by "
                    f"{trigger.type} without that step; remove the trigger, or check the state again"
                )
                yield Advice("side-entrance", message, trigger.span)


CHECK = Check(
    "side-entrances",
    "Later steps that are public as well",
    9,
    "https://cloudsecurityalliance.org/artifacts/the-12-most-critical-risks-for-serverless-applications",
    ("side-entrance",),
    side_entrances,
)
