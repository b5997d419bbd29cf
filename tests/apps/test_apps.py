"""Every example application, analysed live in one run, against its `expected.yml`."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from sls_lab import App, analyse, load_app
from sls_lab.scoring import read_expectation

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "code-examples" / "apps").glob("*/expected.yml"))
NAMES = [folder.name for folder in FOLDERS]
CANARY = ROOT / "sls_lab" / "taint" / "canary"


def expected(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((folder / "expected.yml").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def apps() -> dict[str, App]:
    """All applications side by side: Pysa starts once."""
    loaded = [load_app(folder) for folder in (*FOLDERS, CANARY)]
    analyse(loaded, use_cache=False)
    return {app.name: app for app in loaded}


@pytest.mark.live
@pytest.mark.parametrize("name", [*NAMES, "canary"])
def test_every_flow_is_found_and_no_other(apps: dict[str, App], name: str) -> None:
    app = apps[name]
    wanted = read_expectation(app.path)
    assert app.flows.analysed == "live"
    missed = [flow for flow in wanted.flows if not any(map(flow.is_met_by, app.flows.flows))]
    allowed = (*wanted.flows, *wanted.optional)
    invented = [flow.sink for flow in app.flows.flows if not any(one.is_met_by(flow) for one in allowed)]
    assert not missed
    assert not invented


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
def test_what_must_be_absent_is_absent(apps: dict[str, App], name: str) -> None:
    app = apps[name]
    for absent in read_expectation(app.path).absent:
        assert not any(map(absent.is_met_by, app.flows.flows)), absent


@pytest.mark.live
@pytest.mark.parametrize("name", [*NAMES, "canary"])
def test_the_steps_lead_from_the_source_to_the_sink(apps: dict[str, App], name: str) -> None:
    app = apps[name]
    for flow in app.flows.flows:
        first, last = flow.steps[0], flow.steps[-1]
        assert (first.role, first.span) == ("source", flow.source.span)
        assert (last.role, last.span) == ("sink", flow.sink.span)
        assert "mypy_boto3" not in last.note and "builtins" not in last.note  # named as its user knows it
        for step in flow.steps:
            assert step.span.text_in(app.code.modules[step.span.file].text) == step.text
        # Each handler hands on to the next by an edge that is linked, or leaves data in a store for it.
        linked = {(edge.source, edge.target) for edge in app.events.edges if edge.linked}
        for step, other in pairwise(flow.steps):
            if step.handler != other.handler:
                assert (step.handler, other.handler) in linked or (step.role, other.role) == ("store", "load")


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_analysed_is_said(apps: dict[str, App], name: str) -> None:
    app = apps[name]
    assert sorted(app.flows.unseen) == sorted(expected(app.path).get("not_analysed", []))


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_linked_edges_are_exactly_those_expected(folder: Path) -> None:
    app = load_app(folder)
    found = {
        (edge.source, edge.target, edge.service, edge.api, edge.span.file if edge.span else None,
         edge.span.line if edge.span else None)
        for edge in app.events.edges
        if edge.linked
    }  # fmt: skip
    wanted = {
        (edge["from"], edge["to"], edge["service"], edge["api"], edge.get("file"), edge.get("line"))
        for edge in expected(folder)["edges"]
    }
    assert found == wanted
