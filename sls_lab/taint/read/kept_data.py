"""Put together what functions leave to each other: in local files, in variables, in stores of AWS.

Pysa finds two halves: data of an outsider is left somewhere, and what another function finds there reaches a sink. Both
are one flow where the same handler runs both functions: each handler's files and variables are its own
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html), and they stay from call to call, so that
it does not matter which half comes first. A store of AWS is the same for all handlers: what one of them leaves there
reaches each that reads it, as a flow of second order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sls_lab.facts import Reason
from sls_lab.rewrite.model import Kept
from sls_lab.taint.model import Rule
from sls_lab.taint.read.flow_trace import Trace
from sls_lab.taint.read.pysa_output import PysaFrame
from sls_lab.taint.rules import sources_of


@dataclass(frozen=True, slots=True)
class FoundTrace:
    """One trace with its rule, and the frames of its source and its sink; `second_order` as in `Flow`.

    `harmless` are the kinds of sinks for which the data was made harmless on the way.
    """

    rule: Rule
    trace: Trace
    source: PysaFrame
    sink: PysaFrame
    second_order: bool = False
    harmless: frozenset[str] = frozenset()


def completed(found: Iterable[FoundTrace], places: Mapping[str, Kept]) -> Iterator[FoundTrace]:
    """The whole traces among `found`, and those that its halves make; `places` are those of the halves by name."""
    reading: dict[tuple[str, str | None], list[FoundTrace]] = {}
    left: list[FoundTrace] = []
    for one in found:
        if one.source.kept_name is not None:
            kept, reader = places[one.source.kept_name], one.trace.handlers[0]
            if not kept.shared or kept.finding.hold(reader, one.trace.returned):
                reading.setdefault((one.source.kept_name, None if kept.shared else reader), []).append(one)
        elif one.sink.kept_name is not None:
            left.append(one)
        else:
            yield one
    seen: set[tuple[str, str, str, str]] = set()
    while left:
        half = min(left, key=lambda one: len(one.trace.steps))
        left.remove(half)
        name, handler = half.sink.kept_name or "", half.trace.sink.handler
        state = (half.trace.handlers[0], half.source.base_kind, name, handler)
        kept = places[name]
        if state in seen or (kept.shared and not kept.leaving.hold(handler, half.trace.calls)):
            continue
        seen.add(state)
        for other in reading.get((name, None if kept.shared else handler), ()):
            whole = _joined(half, other, kept)
            if other.sink.kept_name is not None:
                left.append(whole)
            elif other.rule.name not in half.harmless and half.source.base_kind in sources_of(
                other.rule, stored=whole.second_order
            ):
                yield whole


def _joined(half: FoundTrace, other: FoundTrace, kept: Kept) -> FoundTrace:
    written = replace(half.trace.sink, role="store", note=f"kept in {kept.place}")
    read = replace(other.trace.steps[0], role="load", note=f"leads to {kept.place}, which holds the data")
    doubts = () if kept.certain else (Reason(f"what is found here was left in {kept.place}", read.span),)
    trace = Trace(
        (*half.trace.steps[:-1], written, read, *other.trace.steps[1:]),
        tuple(dict.fromkeys((*half.trace.handlers, *other.trace.handlers))),
        other.trace.call,
        tuple(dict.fromkeys((*half.trace.doubts, *doubts, *other.trace.doubts))),
        half.trace.against or other.trace.against,
        other.trace.held,
        other.trace.calls,
        half.trace.returned,
        half.trace.quoted or other.trace.quoted,
        (*half.trace.stations, *other.trace.stations),
    )
    second_order = kept.shared or half.second_order or other.second_order
    return FoundTrace(other.rule, trace, half.source, other.sink, second_order, half.harmless | other.harmless)
