"""Find a request that leads to a flow's sink, by trying: each attempt shows what the handlers ask for.

The first requests are read from the template and the code. What they lack, and what their strings are compared with, is
told by the values that handlers are given (`sls_lab.replay.child.asking`); the request that comes furthest along the
static trace is improved first.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import Final

from sls_lab.code import Code
from sls_lab.facts import Span
from sls_lab.replay.arrival import meets
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.first_requests import first_requests
from sls_lab.replay.improving import improved
from sls_lab.replay.model import Hop, Replay
from sls_lab.replay.requests_file import Scenario
from sls_lab.replay.simulation import Simulation
from sls_lab.taint.model import Flow
from sls_lab.template.model import Template

_TRIES: Final = 40  #: requests that are sent to find one for a flow
_TELLING: Final = 5  #: characters of a string that is not somewhere by chance
_ERRORS: Final = 400  #: the first HTTP status that refuses
_KEPT: Final = 2  #: requests that are attacked

Reached = tuple[bool, int, bool, int, int, int]
_NOWHERE: Final[Reached] = (True, 0, True, 0, 0, 0)


@dataclass
class Search:
    """Requests for the flows of one application; what was tried for one flow is not sent again for another."""

    simulation: Simulation
    template: Template
    code: Code
    _replays: dict[str, Replay] = field(default_factory=dict)

    def requests(self, flow: Flow) -> tuple[Scenario, ...]:
        """The requests that come furthest on the way of a flow, the best first; whether they get there is not said."""
        waiting: list[tuple[Reached, int, int, Scenario]] = []
        known: set[str] = set()
        tried: list[tuple[Reached, int, Scenario]] = []
        order = 0
        for scenario in self._first(flow):
            order += 1
            known.add(repr(scenario))
            heapq.heappush(waiting, (_NOWHERE, 0, order, scenario))
        while waiting and len(tried) < _TRIES:
            _, guesses, _, scenario = heapq.heappop(waiting)
            replay = self._tried(scenario)
            if replay.missing:
                return (scenario,)
            reached = _reached(replay, flow, scenario)
            tried.append((reached, len(tried), scenario))
            if not reached[0]:
                break
            for better, guessed in improved(scenario, replay, self.simulation.deployment):
                if repr(better) not in known:
                    known.add(repr(better))
                    order += 1
                    heapq.heappush(waiting, (reached, guesses + guessed, order, better))
        return tuple(scenario for _, _, scenario in sorted(tried, key=lambda one: one[:2])[:_KEPT])

    def _first(self, flow: Flow) -> list[Scenario]:
        deployment = self.simulation.deployment
        found = first_requests(self.template, deployment, self.code, flow.source.handler)
        if not flow.second_order or flow.sink.handler == flow.source.handler:
            later: tuple[Scenario, ...] = ()
        else:
            later = first_requests(self.template, deployment, self.code, flow.sink.handler)
        return [one.then(other) for one in found for other in later] if later else list(found)

    def _tried(self, scenario: Scenario) -> Replay:
        key = repr(scenario)
        if key not in self._replays:
            request = scenario.request(self.simulation.deployment)
            self._replays[key] = self.simulation.replay(request, asking=True)
        return self._replays[key]


def _reached(replay: Replay, flow: Flow, scenario: Scenario) -> Reached:
    """How far a request came, the furthest sorts first.

    Whether what it holds arrives in the sink; steps passed; whether the sink was; handlers woken, refusals, lines run.
    """
    lines = {line for hop in replay.hops for line in hop.lines}
    ends = [danger for hop in replay.hops for danger in hop.dangers if meets(danger, flow)]
    arriving = [text.lower() for danger in ends for text in texts_in([danger.value, dict(danger.detail)])]
    sent = {scenario.text(place).lower() for place in scenario.strings()}

    def passed(span: Span) -> bool:
        return any((span.file, line) in lines for line in range(span.line, span.end_line + 1))

    return (
        not any(one in text for one in sent if len(one) >= _TELLING for text in arriving),
        -sum(passed(step.span) for step in flow.steps),
        not passed(flow.sink.span),
        -len({hop.handler for hop in replay.hops}),
        sum(_refused(hop) for hop in replay.hops),
        -len(lines),
    )


def _refused(hop: Hop) -> bool:
    """Whether a handler raised an error, or answers that the request is wrong."""
    status = hop.result.get("statusCode") if isinstance(hop.result, dict) else None
    return hop.ending != "returned" or (isinstance(status, int) and status >= _ERRORS)
