"""The replay as oracle: every example's requests and attacks are replayed, and held against the static analysis.

What arrives must be reported, each observed edge must be drawn, each flow of a vulnerable application is confirmed, and
nothing arrives in a safe one. The analyses are the recorded ones, so that this needs no Pysa.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sls_lab.app import App, analyse, load_app
from sls_lab.replay import Child, Simulation
from sls_lab.replay.confirmation import Confirmed
from sls_lab.replay.confirming import confirm
from sls_lab.replay.requests_file import read_requests
from sls_lab.replay.tried_flows import recorded_app, tried_app
from sls_lab.taint.model import Flow

pytestmark = pytest.mark.posix

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
NAMES = sorted(path.name for path in APPS.iterdir())
EXPECTED = {name: yaml.safe_load((APPS / name / "expected.yml").read_text()) for name in NAMES}
KINDS = {name: expected["kind"] for name, expected in EXPECTED.items()}
#: Flows that no replay can confirm here, with the reason.
NOT_TRIED = {"radio-playlist": "the module radio_formats is not installed here"}
#: Edges that no request of the example takes.
NOT_SEEN = {
    ("mixed-languages", "announce", "notice"),  # JavaScript
    ("safe-missing-permission", "notify", "audit"),  # nothing wakes notify, which is the point of the example
}


def analysed(name: str) -> App:
    app = load_app(APPS / name)
    analyse([app], use_recording=True)
    return app


def confirmed(app: App, child: Child, *, explore: bool) -> Confirmed:
    scenarios = read_requests(app.path, app.template)
    return confirm(Simulation(app.template, child), app.flows, scenarios, explore=explore)


def ends(name: str, kind: str) -> set[tuple[str, str, int]]:
    """The flows that `expected.yml` lists as `flows` or `optional_flows`: source handler, sink file and line."""
    listed = EXPECTED[name].get(kind) or []
    return {(one["source"]["handler"], one["sink"]["file"], one["sink"]["line"]) for one in listed}


def end(flow: Flow) -> tuple[str, str, int]:
    return flow.source.handler, flow.sink.span.file, flow.sink.span.line


def check_recorded(app: App, found: Confirmed) -> None:
    recorded, now = recorded_app(app.name), tried_app(app.flows, app.events, found)
    assert recorded is not None, "run python -m tools.record_flows"
    assert [(one.sink, one.status) for one in recorded.flows] == [(one.sink, one.status) for one in now.flows]
    assert (recorded.predicted, recorded.observed) == (now.predicted, now.observed)


def check_edges(app: App, found: Confirmed) -> None:
    linked = {(edge.source, edge.target) for edge in app.events.edges if edge.linked}
    seen = {(edge.source, edge.target) for edge in found.observed}
    assert seen <= linked
    assert {(app.name, *edge) for edge in linked - seen} <= NOT_SEEN


@pytest.mark.parametrize("name", [name for name in NAMES if KINDS[name] == "vulnerable"])
def test_each_flow_of_a_vulnerable_application_is_confirmed(name: str, child: Child) -> None:
    app = analysed(name)
    found = confirmed(app, child, explore=False)
    tried = dict(zip(map(end, app.flows.flows), found.flows, strict=True))
    # That all that is expected is found, tests/apps holds, live; a recording may be older.
    expected = ends(name, "flows") & set(tried)
    assert expected
    for place in expected:
        confirmation = tried[place]
        if name in NOT_TRIED:
            assert (confirmation.status, confirmation.why) == ("not-tried", NOT_TRIED[name])
        else:
            assert confirmation.status == "confirmed", confirmation.why
    assert found.unreported == ()
    check_recorded(app, found)
    if name not in NOT_TRIED:
        check_edges(app, found)


@pytest.mark.parametrize("name", [name for name in NAMES if KINDS[name] == "safe"])
def test_nothing_arrives_in_a_safe_application(name: str, child: Child) -> None:
    app = analysed(name)
    found = confirmed(app, child, explore=True)
    assert not found.missing
    tried = zip(app.flows.flows, found.flows, strict=True)
    assert {end(flow) for flow, one in tried if one.confirmed} <= ends(name, "optional_flows")
    assert not any(one.confirmed for one in found.set_aside)
    assert found.unreported == ()
    check_recorded(app, found)
    check_edges(app, found)


def test_what_is_set_aside_is_told_where_it_ended(child: Child) -> None:
    app = analysed("safe-quoted")
    found = confirmed(app, child, explore=True)
    reached = [one for one in found.set_aside if one.arrived is not None and one.arrived.reached]
    assert all("as data, without its power" in one.why for one in reached)
