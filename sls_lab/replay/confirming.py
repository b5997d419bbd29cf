"""Try each static flow: send attacks in the place of honest data, and look whether one arrives with its power."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sls_lab.facts import Span
from sls_lab.replay.arrival import meets
from sls_lab.replay.attacks import ATTACKS, MARKER, attacks_on
from sls_lab.replay.confirmation import Confirmation, Confirmed
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.model import Danger, Hop, Observed, Replay
from sls_lab.replay.request_parts import Change, PartPath
from sls_lab.replay.request_search import Search
from sls_lab.replay.requests_file import PLACE, Scenario
from sls_lab.replay.secret_exposures import CATEGORY, confirm_exposure
from sls_lab.replay.simulation import Simulation
from sls_lab.taint.model import Flow, TaintReport

_MOST: Final = 80  #: requests for one flow
_SHOWN: Final = 120


def confirm(
    simulation: Simulation,
    report: TaintReport,
    scenarios: Sequence[Scenario],
    *,
    search: Search | None = None,
    explore: bool = False,
) -> Confirmed:
    """Try every flow of a report with requests made from `scenarios`; see `sls_lab.replay.requests_file`.

    With `search`, requests that lead to a flow's sink are looked for first. `explore` attacks whatever else the
    strings of the requests reach, so that `unreported` speaks of all of it.
    """
    trial = _Trial(simulation, tuple(scenarios), search)
    trial.warm_up()
    flows = tuple(trial.tried(flow) for flow in report.flows)
    if explore:
        trial.explore()
    aside = tuple(trial.tried(one.flow) for one in report.set_aside)
    return Confirmed(flows, aside, tuple(trial.observed.values()), trial.unreported(report), trial.missing)


def confirm_flow(simulation: Simulation, flow: Flow, scenarios: Sequence[Scenario]) -> Confirmation:
    """Try one flow."""
    return _Trial(simulation, tuple(scenarios)).tried(flow)


@dataclass
class _Trial:
    simulation: Simulation
    scenarios: tuple[Scenario, ...]
    search: Search | None = None
    missing: str = ""
    observed: dict[str, Observed] = field(default_factory=dict)
    _replays: dict[str, Replay] = field(default_factory=dict)
    _live: list[Danger] = field(default_factory=list)

    def warm_up(self) -> None:
        """Send every honest request once, for the edges that are seen."""
        for scenario in self.scenarios:
            if not scenario.attack and not self.missing:
                self._sent(scenario, "")

    def tried(self, flow: Flow) -> Confirmation:
        """Send attacks until one arrives."""
        if self.missing:
            return Confirmation("not-tried", f"the module {self.missing} is not installed here")
        if flow.rule.category == CATEGORY:
            return confirm_exposure(self.simulation, flow, self.scenarios)
        _, attacks = ATTACKS.get(flow.rule.name, (frozenset(), ()))
        if not attacks:
            return Confirmation("not-tried", f"the kit has no attack for {flow.rule.name}")
        fitting = [one for one in self.scenarios if one.at == flow.source.handler]
        if self.search is not None:
            fitting = [*self.search.requests(flow), *(one for one in fitting if one.attack)]
        if not fitting:
            return Confirmation("not-tried", f"there is no request for {flow.source.handler}")
        best: tuple[int, Replay, str] | None = None
        for number, (scenario, sent) in enumerate(self._attempts(flow, fitting, attacks)):
            if number >= _MOST:
                break
            replay = self._sent(scenario, MARKER)
            if not replay.replayed:
                self.missing = replay.missing
                return Confirmation("not-tried", f"the module {replay.missing} is not installed here")
            hop, danger = _arrival(replay, flow)
            if danger is not None and danger.live and hop is not None:
                return _confirmed(replay, hop, danger, sent)
            rank = 2 if danger is not None and danger.reached else 1 if _seen(replay) else 0
            if best is None or rank > best[0]:
                best = (rank, replay, sent)
        if best is None:
            return Confirmation("not-tried", f"no request for {flow.source.handler} has a string to put an attack into")
        return _not_confirmed(best[1], flow, best[2])

    def _attempts(
        self, flow: Flow, scenarios: Sequence[Scenario], attacks: Sequence[str]
    ) -> Iterator[tuple[Scenario, str]]:
        """Attacks where a request says that one belongs, then in the place of each string that reaches the sink."""
        # What was put away by one request is read by another where the flow goes through a store.
        later = [one for one in self.scenarios if one.at == flow.sink.handler and not one.attack]
        for scenario in sorted(scenarios, key=lambda one: not one.attack):
            if scenario.attack:
                for attack in attacks:
                    yield self._followed(scenario.changed(_marked(attack)), flow, later), attack
                continue
            for place, lead in self._places(scenario, flow):
                plain = self._followed(scenario.attacked(place, lead + MARKER), flow, later)
                yield plain, lead + MARKER
                _, danger = _arrival(self._sent(plain, MARKER), flow)
                reaches = danger is not None and danger.reached
                for attack in attacks if reaches or len(list(scenario.strings())) == 1 else attacks[:1]:
                    yield self._followed(scenario.attacked(place, lead + attack), flow, later), lead + attack

    def _places(self, scenario: Scenario, flow: Flow) -> Iterator[tuple[PartPath, str]]:
        """Where attacks are put, and what goes before them: nothing, or the string that a found request has there."""
        if self.search is None:
            yield from ((place, "") for place in scenario.strings())
            return
        replay = self._sent(scenario, "")
        ends = [danger for hop in replay.hops for danger in hop.dangers if meets(danger, flow)]
        arriving = [text for danger in ends for text in texts_in([danger.value, dict(danger.detail)])]

        def early(place: PartPath) -> bool:
            return not any(scenario.text(place) in text for text in arriving)

        for place in sorted(scenario.strings(), key=early):
            yield place, ""
            if not early(place):
                yield place, scenario.text(place)

    def _followed(self, scenario: Scenario, flow: Flow, later: Sequence[Scenario]) -> Scenario:
        if not flow.second_order or not later or scenario.next is not None:
            return scenario
        return scenario.then(later[0])

    def _sent(self, scenario: Scenario, marker: str) -> Replay:
        key = repr((scenario, marker))
        if key not in self._replays:
            replay = self.simulation.replay(scenario.request(self.simulation.deployment, marker))
            self._replays[key] = replay
            self.missing = self.missing or replay.missing
            for edge in replay.observed:
                self.observed.setdefault(repr(edge), edge)
            self._live += [danger for hop in replay.hops for danger in hop.dangers if danger.live]
        return self._replays[key]

    def explore(self) -> None:
        """Whatever a string of an honest request reaches is attacked, whether a flow says so or not."""
        for scenario in self.scenarios:
            for place in () if scenario.attack or self.missing else scenario.strings():
                reached = {
                    danger.kind
                    for hop in self._sent(scenario.changed(_at(place, MARKER)), MARKER).hops
                    for danger in hop.dangers
                    if danger.reached and not danger.live
                }
                for attack in attacks_on(reached):
                    self._sent(scenario.changed(_at(place, attack)), MARKER)

    def unreported(self, report: TaintReport) -> tuple[Danger, ...]:
        """Dangerous calls that an attack reached with its power, in files in which no flow of that kind ends."""
        flows = [*report.flows, *(one.flow for one in report.set_aside)]
        ends = {(kind, flow.sink.span.file) for flow in flows for kind in ATTACKS.get(flow.rule.name, ((), ()))[0]}
        found: dict[tuple[str, str], Danger] = {}
        for danger in self._live:
            if danger.span is not None and (danger.kind, danger.span.file) not in ends:
                found.setdefault((danger.kind, str(danger.span)), danger)
        return tuple(found.values())


def _marked(attack: str) -> Change:
    return lambda place, text: text.replace(PLACE, attack)


def _at(wanted: tuple[str | int, ...], attack: str) -> Change:
    return lambda place, text: attack if place == wanted else text


def _arrival(replay: Replay, flow: Flow) -> tuple[Hop | None, Danger | None]:
    """The dangerous call at a flow's sink in which the marker got furthest."""
    found: tuple[Hop | None, Danger | None] = (None, None)
    for hop in replay.hops:
        for danger in hop.dangers:
            if not meets(danger, flow):
                continue
            if danger.live:
                return hop, danger
            if found[1] is None or (danger.reached and not found[1].reached):
                found = (hop, danger)
    return found


def _confirmed(replay: Replay, hop: Hop, danger: Danger, sent: str) -> Confirmation:
    where = f" at {danger.span.place}" if danger.span else ""
    arrives = f"arrives in {danger.name}{where} of {hop.handler}: {_short(danger.value)}"
    why = f"{sent!r}, sent to {replay.request.at}, {arrives}"
    return Confirmation("confirmed", why, sent, replay.request, danger, danger.span)


def _not_confirmed(replay: Replay, flow: Flow, sent: str) -> Confirmation:
    hop, danger = _arrival(replay, flow)
    if danger is not None and danger.reached and hop is not None:
        where = f" at {danger.span.place}" if danger.span else ""
        why = f"{sent!r} arrives in {danger.name}{where} as data, without its power: {_short(danger.value)}"
        return Confirmation("not-confirmed", why, sent, replay.request, danger, danger.span)
    last = _last_seen(replay)
    if last is None:
        error = next((one.error for one in reversed(replay.hops) if one.error), "")
        why = f"{sent!r} was sent to {replay.request.at} and is not seen again" + (f"; {error}" if error else "")
        return Confirmation("not-confirmed", why, sent, replay.request)
    words, span = last
    why = f"{sent!r} was last seen in {words}" + (f" at {span.place}" if span else "")
    return Confirmation("not-confirmed", why, sent, replay.request, None, span)


def _seen(replay: Replay) -> bool:
    return _last_seen(replay) is not None


def _last_seen(replay: Replay) -> tuple[str, Span | None] | None:
    """The last place at which the marker is seen, in words: a call, an event object, a result."""
    for hop in reversed(replay.hops):
        for danger in reversed(hop.dangers):
            if danger.reached:
                return f"{danger.name} of {hop.handler}: {_short(danger.value)}", danger.span
        for call in reversed(hop.calls):
            texts = [text for text in texts_in(call.arguments) if MARKER in text]
            if texts:
                end = " (refused)" if call.outcome == "refused" else ""
                return f"{call.service}.{call.api} of {hop.handler}{end}: {_short(texts[0])}", call.span
        if any(MARKER in text for text in texts_in(hop.result)):
            return f"what {hop.handler} returns", hop.span
        if hop.woken_by is not None and any(MARKER in text for text in texts_in(hop.event)):
            error = f", which ends with {hop.error}" if hop.error else ""
            return f"the event object of {hop.handler}{error}", hop.span
        if hop.error and MARKER in hop.error:
            return f"the error of {hop.handler}: {_short(hop.error)}", hop.span
    return None


def _short(value: object) -> str:
    text = value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
