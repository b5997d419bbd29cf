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
from sls_lab.taint.read.paths import FramePath
from sls_lab.taint.read.pysa_output import PysaFrame, PysaResults
from sls_lab.taint.rules import sources_of
from sls_lab.taint.staging.staged_folder import StagedApp


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


class Running:
    """Which handlers run functions themselves, without an event in between."""

    def __init__(self, app: StagedApp, results: PysaResults) -> None:
        """Nothing is computed before it is asked for."""
        self._handlers = app.handlers
        self._entries = {one for callables in app.handlers.values() for one in callables}
        self._calls = results.calls
        self._reached: dict[str, frozenset[str]] = {}

    def along(self, to_source: FramePath) -> tuple[str, ...]:
        """The handlers that run a source and those functions to which its data is returned, in the template's order.

        The answer of a handler that was woken is another handler's.
        """
        running = set(self._handlers)
        for hop in reversed(to_source):
            if hop is not to_source[-1] and self._entries & set(hop.frame.callees):
                break
            running = {name for name in running if hop.callable in self._from(name)}
        return tuple(name for name in self._handlers if name in running)

    def _from(self, name: str) -> frozenset[str]:
        """What a handler calls, and what that calls, other handlers left out."""
        if name not in self._reached:
            own = self._handlers[name]
            reached, waiting = set(own), list(own)
            others = self._entries - reached
            while waiting:
                for called in self._calls.get(waiting.pop(), ()):
                    if called not in reached and called not in others:
                        reached.add(called)
                        waiting.append(called)
            self._reached[name] = frozenset(reached)
        return self._reached[name]


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
