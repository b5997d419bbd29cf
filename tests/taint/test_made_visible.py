"""What Pysa does not follow by itself: `# flow: handler` where a flow from a handler ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.taint.model import Flow

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = (
    "answered",
    "carried",
    "chosen",
    "forms",
    "decorated",
    "machine",
    "named",
    "objects",
    "parsed",
    "raised",
    "shared",
    "stored",
    "typed",
    "wrapped",
)
EXPECTED = re.compile(r"# flow: ([\w, -]+)")
OPEN = re.compile(r"# open: ([\w-]+)")


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
        (handler, file.name, number)
        for file in (FIXTURES / name).glob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
        for handler in match[1].split(", ")
    }
    assert apps[name].flows.analysed == "live"
    found = {(one.source.handler, one.sink.span.file, one.sink.span.line) for one in flows_of(apps[name])}
    assert found == expected
    assert apps[name].flows.unseen == {}


@pytest.mark.live
def test_a_secret_is_in_the_answer_that_decorators_make(apps: dict[str, App]) -> None:
    expected = {
        (handler, file.name, number)
        for file in (FIXTURES / "wrapped").glob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if "# answer: " in line
        for handler in line.partition("# answer: ")[2].split(", ")
    }
    answers = [one for one in apps["wrapped"].flows.flows if one.rule.name == "HttpResponse"]
    assert {(one.source.handler, one.sink.span.file, one.sink.span.line) for one in answers} == expected


@pytest.mark.live
@pytest.mark.parametrize("name", NAMES)
def test_calls_of_what_is_not_known_are_told_where_data_of_an_outsider_gets_there(
    apps: dict[str, App], name: str
) -> None:
    expected = {
        (file.name, number, match[1])
        for file in (FIXTURES / name).glob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in OPEN.finditer(line)
    }
    told = [one for one in apps[name].flows.diagnostics if one.code == "call-not-followed"]
    found = {
        (one.span.file, one.span.line, re.sub(r".* events of `([\w-]+)`, .*", r"\1", one.message))
        for one in told
        if one.span
    }
    assert found == expected


@pytest.mark.live
def test_what_comes_through_a_store_is_of_second_order(apps: dict[str, App]) -> None:
    directly = [flow for flow in flows_of(apps["stored"]) if not flow.second_order]
    assert [(flow.source.handler, flow.sink.handler) for flow in directly] == [("sign", "uploaded")]  # by an event
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
