"""What travels of an event to a listener, and whether the filters on its way let it pass."""

from __future__ import annotations

from collections.abc import Sequence

from sls_lab.code import BotoCall
from sls_lab.events.compared_fields import chosen
from sls_lab.events.listeners import Listener
from sls_lab.events.model import Knowledge
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import passage, payload_of
from sls_lab.services.call_values import View
from sls_lab.services.model import Passage, Payload, Raised
from sls_lab.template.model import Relay


class Journey:
    """What travels of one event, worked out once for each station that it may reach."""

    def __init__(self, call: BotoCall, raised: Raised, view: View) -> None:
        self.view = view
        self._call = call
        self._raised = raised
        self._payloads: dict[tuple[int, ...], Payload] = {}

    def payload(self, relays: Sequence[Relay]) -> Payload:
        """The event after `relays`."""
        key = tuple(map(id, relays))
        if key not in self._payloads:
            self._payloads[key] = payload_of(self._raised, self._call, self.view, relays)
        return self._payloads[key]


def passed(listener: Listener, journey: Journey, ignore: frozenset[Knowledge]) -> tuple[Verdict, tuple[Reason, ...]]:
    """The filters of every station on the way: of each relay, then of the trigger."""
    if "filters" in ignore:
        return Verdict.YES, (Reason("filters are left out of account"),)
    told: list[Passage] = []
    reasons: list[Reason] = []
    for number, relay in enumerate(listener.relays):
        one = passage(journey.payload(listener.relays[:number]), relay.settings, journey.view)
        reasons += relay.because
        told.append(one)
    if listener.trigger is not None:
        arriving = journey.payload(listener.relays)
        if arriving.service == listener.trigger.service:
            told.append(passage(arriving, listener.trigger.settings, journey.view))
    # The reason that stops the event comes last, where reports look for it.
    told.sort(key=lambda one: one.verdict is Verdict.NO)
    reasons += [reason for one in told for reason in one.because]
    verdicts = [one.verdict for one in told]
    started = journey.payload(listener.relays).parts.get("input") if listener.states else None
    if started is not None:
        verdict, choosing = chosen(listener.states, started, journey.view)
        verdicts.append(verdict)
        reasons += choosing
    return Verdict.all(verdicts), tuple(reasons)


def matching(listener: Listener, name: Pattern, same: Verdict) -> Reason:
    """Why a resource that may be called `name` leads to a listener."""
    where = listener.trigger.span if listener.trigger else listener.machine.span if listener.machine else None
    if listener.trigger is not None and listener.machine is None:
        way = f" by way of {', '.join(listener.via)}" if listener.relays else ""
        what = f"the {listener.trigger.type} trigger of `{listener.function}` listens{way} to `{listener.resource}`"
    elif listener.machine is not None:
        started = f" and is started by `{listener.resource}`" if listener.resource != listener.machine.name else ""
        what = f"the state machine `{listener.machine.name}` runs `{listener.function}`{started}"
    else:
        what = f"`{listener.function}` is deployed as `{listener.resource}`"
    if same is Verdict.YES:
        return Reason(what, where)
    return Reason(f"{what}, which `{name}` may be", where, "doubt")
