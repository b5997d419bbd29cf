"""What the analysis says of an application beside what attacks do, line by line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sls_lab.app import App
from sls_lab.course.contents import own_applications
from sls_lab.replay import ReplayUnavailable, Simulation, why_unavailable
from sls_lab.replay.confirming import confirm
from sls_lab.replay.own_examples import check_allowed
from sls_lab.replay.request_shapes import shaped_requests
from sls_lab.replay.requests_file import Scenario, read_requests, scenario_of
from sls_lab.replay.tried_flows import TriedApp, TriedFlow, recorded_app, tried_app
from sls_lab.widgets.tables import Table, table

#: The order that notebook 08 sends to `copy-shop` after the learner has written it.
POSTER: Final[Mapping[str, Any]] = {"at": "order", "body": {"name": "Ada", "paper": "poster", "size": "2 * 3"}}
#: Requests beside an application's own that are recorded, each with the application's name.
RECORDED: Final[Sequence[tuple[str, Mapping[str, Any]]]] = (("copy-shop", POSTER),)
_ATTACKS: Final = {"confirmed": "arrive", "not-confirmed": "do not arrive", "not-tried": "were not tried"}
_LIVE: Final = "Attacks were put into each string of the requests, and sent, on this computer."
_OFTEN: Final = "As recorded: trying them all takes minutes. `sls-lab analyse APP --confirm` tries one application."
_RECORDED: Final = "What the attacks do was recorded: {}."


def recording_of(name: str, request: Mapping[str, Any] | None = None) -> str:
    """What a recording is known by: the application's name, and the request that is sent beside its own."""
    return name if request is None else f"{name} {json.dumps(request, sort_keys=True)}"


def tried_flows(app: App, request: Mapping[str, Any] | None = None, *, run_its_code: bool = False) -> TriedApp:
    """What becomes of the flows of an analysed application when attacks take the place of the strings of its requests.

    `request` is one more, in the form of an entry of `requests.yml`. It is recorded for the kit's examples, for where
    none can be sent. Raises NotAllowed, UnreadableRequests, and ReplayUnavailable without replay or recording.
    """
    check_allowed(app.path, own_applications(), run_its_code)
    if why := why_unavailable():
        found = recorded_app(recording_of(app.name, request))
        if found is None:
            raise ReplayUnavailable(f"{why}, and this request is not among the recorded ones")
        return found
    scenarios = read_requests(app.path, app.template) or shaped_requests(app.template, app.code)
    more: tuple[Scenario, ...] = () if request is None else (scenario_of(request, "the request"),)
    with Simulation(app.template) as simulation:
        return tried_app(app.flows, app.events, confirm(simulation, app.flows, (*scenarios, *more), explore=True))


def side_by_side(app: App, found: TriedApp) -> Table:
    """A table with a row for each line that the analysis reports or an attack reaches; `found` is of `tried_flows`."""
    rows = [(flow.sink, "a flow", _ATTACKS[flow.status], _reason(flow)) for flow in found.flows]
    rows += [(place, "nothing", "arrive", "") for place in found.unreported]
    why = why_unavailable()
    below = _RECORDED.format(why) if why else _LIVE
    return table(f"{app.name}, by both", ("line", "the analysis reports", "attacks", "why not"), rows, below)


def _reason(flow: TriedFlow) -> str:
    return "" if flow.status == "confirmed" else flow.why


def show_unconfirmed(apps: Sequence[App]) -> Table:
    """Every reported flow of the kit's examples that no request confirms, with the reason, as recorded."""
    rows = [
        (name, flow.sink, "not tried" if flow.status == "not-tried" else "not confirmed", flow.why)
        for name, one in _recorded(apps).items()
        for flow in one.flows
        if flow.status != "confirmed"
    ]
    return table("Reported, and not confirmed", ("application", "sink", "answer", "why"), rows, _OFTEN)


def show_held_against(apps: Sequence[App]) -> Table:
    """How many reported flows of the kit's examples are confirmed, and how many drawn edges observed, as recorded."""
    every = _recorded(apps).values()
    status = [flow.status for one in every for flow in one.flows]
    predicted = sum(len(one.predicted) for one in every)
    observed = sum(len({*one.predicted} & {*one.observed}) for one in every)
    surprising = sum(len({*one.observed} - {*one.predicted}) for one in every)
    rows = [
        ("flows that are reported", len(status)),
        ("confirmed by an attack", status.count("confirmed")),
        ("not confirmed", status.count("not-confirmed")),
        ("not tried", status.count("not-tried")),
        ("lines that an attack reached and that are not reported", sum(len(one.unreported) for one in every)),
        ("edges that are drawn", predicted),
        ("of these observed", observed),
        ("observed and not drawn", surprising),
    ]
    return table("Held against what happens", ("", "number"), rows, _OFTEN)


def _recorded(apps: Sequence[App]) -> dict[str, TriedApp]:
    found = {app.name: recorded_app(app.name) for app in apps}
    return {name: one for name, one in found.items() if one is not None}
