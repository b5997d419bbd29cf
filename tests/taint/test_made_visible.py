"""What Pysa does not follow by itself: `# flow: handler` where a flow from a handler ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.taint.model import Flow

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = ("answered", "decorated", "machine", "named", "objects", "parsed", "raised", "shared", "stored")
EXPECTED = re.compile(r"# flow: ([\w-]+)")


@pytest.fixture(scope="module")
def apps() -> dict[str, App]:
    loaded = {name: load_app(FIXTURES / name) for name in NAMES}
    analyse(list(loaded.values()))
    return loaded


def flows_of(app: App) -> list[Flow]:
    """The flows of what outsiders send; what is told of secrets is another matter."""
    return [flow for flow in app.flows.flows if flow.rule.category != "secret-exposure"]


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
def test_flows_end_where_the_fixtures_say(apps: dict[str, App], name: str) -> None:
    expected = {
        (match[1], file.name, number)
        for file in (FIXTURES / name).glob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }
    assert apps[name].flows.analysed == "live"
    found = {(one.source.handler, one.sink.span.file, one.sink.span.line) for one in flows_of(apps[name])}
    assert found == expected
    assert apps[name].flows.unseen == {}


@pytest.mark.live
def test_what_comes_through_a_store_is_of_second_order(apps: dict[str, App]) -> None:
    assert all(flow.second_order for flow in flows_of(apps["stored"]))
    assert not any(flow.second_order for flow in flows_of(apps["shared"]))
    (flow,) = (flow for flow in flows_of(apps["stored"]) if flow.source.handler == "update")
    told = [step for step in flow.steps if step.role not in ("propagation", "call")]
    assert [(step.role, step.handler, step.text.partition("(")[0]) for step in told] == [
        ("source", "update", "event"),
        ("store", "update", "notes.update_item"),
        ("load", "tables", "client.get_paginator"),
        ("sink", "tables", "os.system"),
    ]
    assert [step.note for step in flow.steps if step.role in ("store", "load")] == [
        "kept in the attribute `updated` of the table `{Notes}`",
        "leads to the attribute `updated` of the table `{Notes}`, which holds the data",
    ]


@pytest.mark.live
def test_a_connection_that_an_object_keeps_does_not_hold_its_password(apps: dict[str, App]) -> None:
    assert not [flow for flow in apps["objects"].flows.flows if flow.rule.category == "secret-exposure"]
    aside = [one for one in apps["objects"].flows.set_aside if one.flow.rule.category == "secret-exposure"]
    assert {one.flow.source.handler for one in aside} == {"listed"}
    assert all("`pymysql.connect` is given the secret" in one.why.text for one in aside)
