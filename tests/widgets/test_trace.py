"""What a taint stepper says of flows, and the comparison with the files as they are written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.app import App, analyse, load_app
from sls_lab.facts import Diagnostic
from sls_lab.taint import TaintReport
from sls_lab.widgets.comparison import compare, raw_words, remark
from sls_lab.widgets.trace import (
    evidence_of,
    evidence_of_pysa,
    flow_graph,
    gone,
    highlighted,
    route,
    sentence,
    shortened,
    woken_at,
)

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ROOT / "tests" / "taint" / "fixtures" / "foreign"
NOT_RUN = TaintReport((), "not-run", {}, (), (), (Diagnostic("pysa-missing", "Pysa is not there"),), {})


def recorded(name: str) -> App:
    """An example with both its reports, as recorded."""
    app = load_app(ROOT / "code-examples" / "apps" / name)
    analyse([app], use_recording=True, raw=True)
    assert app.flows.analysed == "recorded"
    return app


@pytest.fixture(scope="module")
def chain() -> App:
    return recorded("upload-chain")


def test_the_way_leads_from_handler_to_handler(chain: App) -> None:
    (flow,) = chain.flows.flows
    assert [stop.handler for stop in route(flow)] == ["submit", "store", "register", "convert"]
    for stop in route(flow):
        assert flow.steps[stop.step].handler == stop.handler
        assert stop.step == 0 or flow.steps[stop.step - 1].role == "event"
    woken = [handler for number in range(len(flow.steps)) if (handler := woken_at(flow.steps, number))]
    assert woken == ["store", "register", "convert"]


def test_every_step_has_its_sentence(chain: App) -> None:
    (flow,) = chain.flows.flows
    told = [sentence(flow, number) for number in range(len(flow.steps))]
    assert told[0] == "The data comes in here: the event object of `submit`, which the outside world sends."
    assert told[1] == "The data is parsed from JSON text."
    assert told[3].startswith("The data leaves the handler with an event: sqs.send_message wakes `store`")
    assert told[-1] == "The data reaches `os.system`: it arrives where it must not."


def test_what_a_listing_gives_was_not_sent_by_who_wakes_the_handler() -> None:
    (flow,) = recorded("thumbnail-shell").flows.flows
    assert sentence(flow, 0) == "The data comes in here: what this call returns was chosen by an outsider."


def test_the_graph_shows_where_the_data_is(chain: App) -> None:
    (flow,) = chain.flows.flows
    graph = flow_graph(chain, flow)
    assert "rankdir=TB" in graph["dot"]
    for number, step in enumerate(flow.steps):
        parts = highlighted(graph, flow, number)
        handlers = [graph["nodes"][part]["handler"] for part in parts if part in graph["nodes"]]
        if step.role == "event":
            assert handlers == [None]  # the resource; the arrows lead from handler to handler
            assert sum(part in graph["arrows"] for part in parts) == 2
        else:
            assert handlers == [step.handler]


def test_a_large_application_is_drawn_around_the_flow(tmp_path: Path, chain: App) -> None:
    template = chain.template.texts["serverless.yml"]
    more = "".join(
        f"  clock-{number}: {{handler: handlers/convert.handler, events: [{{schedule: rate(1 hour)}}]}}\n"
        for number in range(9)
    )
    folder = tmp_path / "upload-chain"
    (folder / "handlers").mkdir(parents=True)
    (folder / "serverless.yml").write_text(template.replace("functions:\n", "functions:\n" + more))
    for file, module in chain.code.modules.items():
        (folder / file).write_text(module.text)
    (flow,) = chain.flows.flows
    graph = flow_graph(load_app(folder), flow)
    handlers = {node["handler"] for node in graph["nodes"].values() if node["handler"]}
    assert handlers == {"submit", "store", "register", "convert"}
    assert len([node for node in graph["nodes"].values() if not node["handler"]]) == 4


def test_the_raw_application_loses_the_flow_at_the_event(chain: App) -> None:
    (pair,) = compare(chain.flows, chain.raw_flows, chain.events)
    assert not pair.found
    assert pair.end is not None
    assert (pair.end.span.place, pair.woken) == ("handlers/submit.py:15", "store")
    assert raw_words(pair, chain.raw_flows).startswith("Not found: the trace ends at handlers/submit.py:15.")
    assert raw_words(pair, NOT_RUN).startswith("Not analysed")
    assert remark(chain.raw_flows).startswith("No flow found")
    assert remark(chain.flows) == ""
    assert remark(NOT_RUN).startswith("Not analysed")


def test_what_stays_in_one_handler_is_found_without_the_rewriting() -> None:
    app = recorded("thumbnail-shell")
    (pair,) = compare(app.flows, app.raw_flows, app.events)
    assert (pair.found, pair.end) == (True, None)
    assert raw_words(pair, app.raw_flows).startswith("Found as well")


def test_a_call_whose_answer_is_waited_for_ends_the_trace_too() -> None:
    app = recorded("payment-return")
    (pair,) = compare(app.flows, app.raw_flows, app.events)
    assert pair.end is not None
    assert (pair.end.text[:17], pair.woken) == ("functions.invoke(", "quote")


def test_a_flow_that_needs_more_than_events_is_not_blamed_on_one() -> None:
    app = recorded("payment-return")
    (pair,) = compare(app.flows, app.raw_flows, replace(app.events, edges=()))
    assert (pair.found, pair.end) == (False, None)
    assert "no event is on its way" in raw_words(pair, app.raw_flows)


def test_three_answers_are_told_apart() -> None:
    assert evidence_of(recorded("upload-chain")).answer == "flows"
    clean = evidence_of(recorded("safe-missing-permission"))
    assert clean.answer == "no-flow"
    assert [(row.name, row.source, row.unseen) for row in clean.handlers] == [
        ("collect", "yes", ""),
        ("notify", "left out", ""),
        ("audit", "no: it is woken from within", ""),
    ]
    broken = evidence_of(recorded("half-broken"))
    assert broken.answer == "no-flow-in-part"
    assert [bool(row.unseen) for row in broken.handlers] == [False, True, True, True]
    assert broken.handlers[1].place == "stations/forecast.py:8"
    assert "recorded on" in clean.run


def test_a_flow_is_gone_only_where_everything_was_seen(chain: App) -> None:
    before = evidence_of(chain)
    assert gone(before, before) == ""
    clean = replace(before, report=replace(before.report, flows=()), answer="no-flow")
    assert gone(before, clean) == "The flow is gone: Data of an outsider in a shell command (submit → convert)."
    assert gone(clean, before) == ""
    assert gone(before, replace(clean, answer="no-flow-in-part")).startswith("Not found again, but not everything")
    assert gone(before, replace(clean, answer="not-analysed")).startswith("This does not say that the flow is gone")


def test_results_of_others_are_shown_with_their_files() -> None:
    evidence = evidence_of_pysa(FOREIGN / "results" / "taint-output.json", FOREIGN / "sources")
    assert (evidence.answer, len(evidence.report.flows)) == ("flows", 3)
    assert sorted(evidence.texts) == ["main.py", "shell.py"]
    assert evidence.run.startswith("recorded: the results of Pysa ")


def test_results_that_cannot_be_read_are_no_clean_result(tmp_path: Path) -> None:
    evidence = evidence_of_pysa(tmp_path / "taint-output.json", tmp_path)
    assert evidence.answer == "not-analysed"
    assert evidence.sentence.startswith("Nothing can be shown: ")
    assert "taint-output.json" in evidence.sentence


def test_long_code_is_shortened() -> None:
    assert shortened("a\n  b") == "a b"
    assert shortened("x" * 100) == "x" * 69 + "…"
