"""One statement, told once: what prepares it, and what carries it out.

`connection.execute(text(statement))` has two sinks, and so have `urlopen(Request(address))` and `exec(compile(code))`.
Where the data goes on from the first to the second, the second tells it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sls_lab.facts import Span
from sls_lab.taint.model import Flow

#: Functions that harm nobody before something is done with what they give.
_PREPARING: Final = frozenset({"text", "Request", "compile"})


def without_preparations(flows: Sequence[Flow], called: Mapping[Span, str]) -> list[Flow]:
    """The flows without those that end at the preparation of another; `called` names the function at each sink."""
    kept = list(flows)
    for flow in flows:
        if called.get(flow.sink.span) not in _PREPARING:
            continue
        other = next((one for one in kept if one is not flow and _goes_on(flow, one)), None)
        if other is not None:
            kept.remove(flow)
            kept[kept.index(other)] = replace(other, alternatives=other.alternatives + flow.alternatives + 1)
    return kept


def _goes_on(flow: Flow, other: Flow) -> bool:
    """Whether `other` is what becomes of the prepared object at which `flow` ends."""
    if (flow.rule, flow.source.handler) != (other.rule, other.source.handler):
        return False
    prepared = flow.steps[-1].span
    return any(step.span == prepared for step in other.steps[:-1]) or (
        other.steps[-1].span != prepared and other.steps[-1].span.contains(prepared)
    )
