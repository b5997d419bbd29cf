"""Local files that one function leaves to another: each handler of the fixture is a case, and its name says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app

FIXTURE = Path(__file__).parent / "fixtures" / "kept"


@pytest.fixture(scope="module")
def app() -> App:
    loaded = load_app(FIXTURE)
    analyse([loaded], raw=True)
    return loaded


@pytest.mark.live
def test_exactly_the_handlers_named_so_have_a_flow(app: App) -> None:
    names = [function.name for function in app.template.functions]
    assert app.complete
    assert sorted(flow.source.handler for flow in app.flows.flows) == sorted(
        name for name in names if name.startswith("flow-")
    )


@pytest.mark.live
def test_without_the_rewriting_none_of_them_is_found(app: App) -> None:
    assert app.raw_flows.analysed == "live"
    assert not app.raw_flows.flows


@pytest.mark.live
def test_the_steps_lead_through_the_file(app: App) -> None:
    (flow,) = (flow for flow in app.flows.flows if flow.source.handler == "flow-constant-and-literal")
    assert [(step.role, step.text) for step in flow.steps] == [
        ("source", "event"),
        ("propagation", 'event["body"]'),
        ("call", 'files.save(event["body"])'),
        ("store", "file.write(text)"),
        ("load", '"/tmp/report.txt"'),
        ("propagation", 'open("/tmp/report.txt")'),
        ("propagation", "file.read()"),
        ("call", "files.load()"),
        ("propagation", '"cat " + files.load()'),
        ("sink", 'os.system("cat " + files.load())'),
    ]
    assert [step.note for step in flow.steps if step.role in ("store", "load")] == [
        "kept in the local file /tmp/report.txt",
        "leads to the local file /tmp/report.txt, which holds the data",
    ]


@pytest.mark.live
def test_a_file_may_be_left_on_to_another_file(app: App) -> None:
    (flow,) = (flow for flow in app.flows.flows if flow.source.handler == "flow-copied")
    places = [step.text for step in flow.steps if step.role in ("store", "load")]
    assert places[0].startswith('open("/tmp/first.txt", "w")')
    assert places[-1] == '"/tmp/second.txt"'
