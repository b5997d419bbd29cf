"""SAS-8, denial of service and costs without end: functions that can wake themselves again."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.advice.model import Advice, Check
from sls_lab.linked import Linked


def event_loops(app: Linked) -> Iterator[Advice]:
    """Functions whose events lead back to them."""
    following: dict[str, set[str]] = {}
    for edge in app.events.edges:
        if edge.linked and edge.target is not None:
            following.setdefault(edge.source, set()).add(edge.target)
    for function in app.template.functions:
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


CHECK = Check(
    "event-loops",
    "Circles of events",
    8,
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    ("event-loop",),
    event_loops,
)
