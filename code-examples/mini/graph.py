"""Step 3, link the events: which call wakes which function."""

from collections.abc import Sequence
from dataclasses import dataclass

from mini.code import Call
from mini.template import UNKNOWN, Function, Trigger


@dataclass(frozen=True)
class Edge:
    """From the function `source`, by a call in it, to the function that this call wakes."""

    source: str
    target: str
    call: Call


def link(functions: Sequence[Function], calls: Sequence[Call]) -> tuple[Edge, ...]:
    """Each call with each function that it wakes."""
    pairs = [(call, one) for call in calls for one in functions if any(wakes(call, each) for each in one.triggers)]
    return tuple(Edge(call.function, function.name, call) for call, function in pairs)


def wakes(call: Call, trigger: Trigger) -> bool:
    """Whether a call may wake what listens at a trigger. What is not known may be anything: *maybe* counts as yes."""
    return (
        call.service.name == trigger.service
        and (call.resource == trigger.resource or UNKNOWN in call.resource + trigger.resource)
        and may_start(call.key, trigger.prefix)
        and may_start(call.key[::-1], trigger.suffix[::-1])
    )


def may_start(text: str, prefix: str) -> bool:
    """Whether a string may start with a prefix, as far as it is known."""
    known, unknown, _ = text.partition(UNKNOWN)
    return known.startswith(prefix) or (bool(unknown) and prefix.startswith(known))
