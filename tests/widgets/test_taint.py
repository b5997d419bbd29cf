"""The taint stepper without a browser."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from sls_lab.app import App, analyse, load_app
from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.taint import SetAside, TaintReport
from sls_lab.widgets import Editor, TaintStepper
from sls_lab.widgets.session import Focus, session_of

ROOT = Path(__file__).resolve().parents[2]
FOREIGN = ROOT / "tests" / "taint" / "fixtures" / "foreign"


def recorded(name: str, *, raw: bool = False) -> App:
    """An example with its recorded report."""
    app = load_app(ROOT / "code-examples" / "apps" / name)
    analyse([app], use_recording=True, raw=raw)
    return app


@pytest.fixture
def stepper() -> TaintStepper:
    return TaintStepper(recorded("upload-chain"))


def test_each_step_stands_in_its_file_with_the_earlier_ones(stepper: TaintStepper) -> None:
    steps = stepper.view["flows"][0]["steps"]
    assert len(steps) == 19
    for at, step in enumerate(steps):
        stepper.act("go", to=at)
        state, source = stepper.state, stepper.parts["source"]
        assert source["file"] == step["place"].rpartition(":")[0]
        marks = {mark[0]: source["text"][mark[2] : mark[3]] for mark in source["marks"]}
        assert stepper.flows[0].steps[at].text == marks[state["chosen"]]
        assert set(state["earlier"]) == {mark for mark in marks if int(mark[5:]) < at}
        assert state["parts"]
    stepper.act("go", to=19)
    assert stepper.state["at"] == 18
    stepper.act("go", to=-1)
    assert stepper.state["at"] == 18


def test_the_flow_is_told_with_all_that_is_known_of_it(stepper: TaintStepper) -> None:
    (flow,) = stepper.view["flows"]
    assert flow["title"] == "Data of an outsider in a shell command"
    assert (flow["source"], flow["sink"], flow["facts"]) == ("submit", "convert", ["severity high", "code-injection"])
    assert flow["link"] == "https://cwe.mitre.org/data/definitions/78.html"
    assert "shlex.quote" in flow["remedy"]
    assert stepper.view["run"].startswith("recorded, not run now: the flows were recorded on ")


def test_alternatives_and_second_order_are_said(stepper: TaintStepper) -> None:
    app = stepper.session.app
    (flow,) = app.flows.flows
    app.flows = replace(app.flows, flows=(replace(flow, alternatives=2, second_order=True),))
    stepper.reread()
    assert stepper.view["flows"][0]["facts"][2:] == [
        "second order: the data comes back through a store",
        "2 other paths between the same two places",
    ]


def test_what_is_set_aside_can_be_stepped_through_and_says_why(stepper: TaintStepper) -> None:
    app = stepper.session.app
    (flow,) = app.flows.flows
    why = Reason("the host is fixed", flow.sink.span)
    app.flows = replace(app.flows, flows=(), set_aside=(SetAside(replace(flow, doubts=(why,)), why),))
    stepper.reread()
    assert (stepper.view["answer"], len(stepper.view["flows"])) == ("no-flow", 1)
    assert "1 flow set aside as harmless" in stepper.view["sentence"]
    (shown,) = stepper.view["flows"]
    assert (shown["aside"], shown["remedy"]) == (f"the host is fixed ({flow.sink.span.place})", "")
    assert f"confidence medium, taken for granted: {shown['aside']}" in shown["facts"]
    assert shown["steps"][-1]["words"].endswith("this is harmless, since the host is fixed.")
    stepper.act("go", to=18)
    assert stepper.state["at"] == 18
    for words in (stepper.as_text(), stepper.as_html()):
        assert "Set aside: the host is fixed" in words
        assert "Remedy" not in words


def test_flows_are_chosen_by_number() -> None:
    stepper = TaintStepper(recorded("sam-notes"), flow=1)
    assert stepper.state["flow"] == 1
    stepper.act("go", to=1)
    stepper.act("flow", number=2)
    assert (stepper.state["flow"], stepper.state["at"]) == (2, 0)
    stepper.act("flow", number=9)
    assert stepper.state["flow"] == 2
    assert TaintStepper(recorded("sam-notes"), flow=9).state["flow"] == 2


def test_a_handler_in_the_graph_leads_to_its_first_step(stepper: TaintStepper) -> None:
    nodes = stepper.graphs[0]["nodes"]
    part = next(part for part, node in nodes.items() if node["handler"] == "register")
    stepper.act("part", part=part)
    assert stepper.view["flows"][0]["steps"][stepper.at]["handler"] == "register"
    at = stepper.at
    stepper.act("part", part="a0")
    stepper.act("part", part="nothing")
    assert stepper.at == at


def test_the_comparison_says_where_the_trace_ends() -> None:
    stepper = TaintStepper(recorded("upload-chain", raw=True))
    assert stepper.parts["comparison"] is None
    stepper.act("tab", to="compare")
    comparison = stepper.parts["comparison"]
    assert (comparison["without"]["count"], comparison["with"]["count"]) == (0, 1)
    (pair,) = comparison["pairs"]
    assert pair["call"].startswith("sqs.send_message(")
    assert pair["with"] == "Found: 19 steps through 4 handlers: submit → store → register → convert."
    stepper.act("end", flow=pair["flow"], step=pair["end"])
    assert (stepper.state["tab"], stepper.state["at"]) == ("steps", 3)
    assert json.loads(json.dumps([stepper.view, stepper.state])) == [stepper.view, stepper.state]


def test_a_run_that_did_not_happen_is_not_counted_as_none() -> None:
    app = recorded("upload-chain", raw=True)
    app.raw_flows = TaintReport((), "not-run", {}, (), (), (Diagnostic("pysa-failed", "it failed"),), {})
    stepper = TaintStepper(app)
    stepper.act("tab", to="compare")
    assert stepper.parts["comparison"]["without"]["count"] is None
    assert stepper.parts["comparison"]["pairs"][0]["without"].startswith("Not analysed")


def test_others_follow_each_step_and_it_follows_them(stepper: TaintStepper) -> None:
    app = stepper.session.app
    editor = Editor(app)
    stepper.act("go", to=7)
    assert editor.state["file"] == "handlers/store.py"
    session = session_of(app)
    session.choose(Focus(Span("handlers/convert.py", 16, 8, 16, 17), "convert"), editor)
    assert stepper.state["at"] == 18
    session.choose(Focus(handler="store"), editor)
    assert stepper.view["flows"][0]["steps"][stepper.at]["handler"] == "store"
    stepper.act("go", to=6)
    session.choose(Focus(Span("serverless.yml", 1, 0, 1, 1), "store"), editor)
    assert stepper.state["at"] == 6
    session.choose(Focus(handler="nobody"), editor)
    assert stepper.state["at"] == 6


def test_after_another_analysis_it_keeps_its_step_or_says_that_the_flow_is_gone(stepper: TaintStepper) -> None:
    app = stepper.session.app
    whole = app.flows
    stepper.act("go", to=5)
    stepper.reread()
    assert (stepper.state["at"], stepper.view["gone"]) == (5, "")
    app.flows = replace(whole, flows=())
    stepper.reread()
    assert stepper.view["answer"] == "no-flow"
    assert stepper.view["gone"].startswith("The flow is gone: ")
    assert stepper.parts["source"] is None
    stepper.act("go", to=1)
    stepper.act("part", part="n0")
    assert "The flow is gone" in stepper.as_text()
    app.flows = replace(whole, flows=tuple(replace(flow, steps=flow.steps[:3]) for flow in whole.flows))
    stepper.reread()
    stepper.act("go", to=2)
    assert stepper.view["gone"] == ""
    app.flows = replace(whole, analysed="not-run", flows=())
    stepper.reread()
    assert stepper.view["answer"] == "not-analysed"
    assert stepper.view["gone"].startswith("This does not say that the flow is gone")


@pytest.mark.parametrize("name", ["half-broken", "odd-names", "two-stacks", "step-approval", "payment-return"])
def test_odd_applications_are_shown(name: str) -> None:
    stepper = TaintStepper(recorded(name))
    for number, flow in enumerate(stepper.flows):
        stepper.act("flow", number=number)
        for at in range(len(flow.steps)):
            stepper.act("go", to=at)
            assert stepper.state["parts"]
    data, _ = stepper._repr_mimebundle_()
    assert stepper.view["words"] in data["text/plain"]


def test_what_was_not_analysed_is_told_with_its_reason() -> None:
    stepper = TaintStepper(recorded("half-broken"))
    assert stepper.view["words"] == "No flow in the part that was analysed"
    assert stepper.view["handlers"][1][3].startswith("NO: stations/forecast.py does not parse")
    assert "Not analysed: forecast: stations/forecast.py does not parse" in stepper.as_text()


def test_saved_pages_show_every_step_and_no_foreign_html(tmp_path: Path) -> None:
    sources, results = tmp_path / "sources", tmp_path / "results"
    shutil.copytree(FOREIGN / "sources", sources)
    shutil.copytree(FOREIGN / "results", results)
    main = sources / "main.py"
    main.write_text(main.read_text() + "# <script>alert(1)</script> \u202e\n")
    stepper = TaintStepper.from_pysa(results, sources)
    data, _ = stepper._repr_mimebundle_()
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"]
    assert "\u202e" not in data["text/html"]
    assert " 1 source      main.py:9  ask()" in data["text/plain"]


def test_results_of_others_are_stepped_through_without_a_graph() -> None:
    stepper = TaintStepper.from_pysa(FOREIGN / "results" / "taint-output.json", str(FOREIGN / "sources"))
    assert not stepper.view["comparable"]
    assert [len(flow["steps"]) for flow in stepper.view["flows"]] == [6, 3, 3]
    stepper.act("go", to=5)
    assert stepper.parts["source"]["file"] == "shell.py"
    assert stepper.parts["graph"] is None
    stepper.act("tab", to="compare")
    assert (stepper.state["tab"], stepper.parts["comparison"]) == ("steps", None)


def test_results_that_are_not_there_are_told_in_one_sentence(tmp_path: Path) -> None:
    stepper = TaintStepper.from_pysa(tmp_path / "taint-output.json", tmp_path)
    assert stepper.view["words"] == "Not analysed"
    assert stepper.view["sentence"].startswith("Nothing can be shown: ")
    assert stepper.view["flows"] == []


@pytest.mark.posix
def test_the_value_seen_at_each_step_is_shown_where_the_code_may_be_run(stepper: TaintStepper) -> None:
    assert stepper.view["seeable"]
    assert stepper.state["seen"] == ""
    stepper.act("values")
    assert stepper.status == ""
    assert "arrives in os.system at handlers/convert.py:16" in stepper.state["seen"]
    values = []
    for at in range(19):
        stepper.act("go", to=at)
        values.append(stepper.state["value"])
    assert all(values)
    assert values[0] == 'event.body = {"title": "a\'; slslab7; \'", "audio": "UklGRg=="}'
    assert values[10] == "uploaded.key = incoming/a'%3B+slslab7%3B+'.wav"
    assert values[16].startswith(
        "target = aws s3 cp - 's3://choir-recordings-dev-audio/normalised/a'; slslab7; '.flac'"
    )
    assert "seen here: Key = incoming/a'; slslab7; '.wav" in stepper.as_text()


def test_values_are_not_offered_for_the_code_of_others(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "code-examples" / "apps" / "upload-chain", tmp_path / "other")
    (tmp_path / "other" / "README.md").write_text("another one")
    app = load_app(tmp_path / "other")
    analyse([app], use_recording=True)
    stepper = TaintStepper(app)
    assert not stepper.view["seeable"]
    stepper.act("values")
    assert stepper.state["seen"] == ""


def test_a_step_in_the_same_file_sends_no_text_again(stepper: TaintStepper) -> None:
    changed: list[str] = []
    stepper.observe(lambda change: changed.append(change["name"]), ["parts", "state"])
    files = [step.span.file for step in stepper.flows[0].steps]
    for at in range(1, len(files)):
        changed.clear()
        stepper.act("go", to=at)
        assert changed == (["state"] if files[at] == files[at - 1] else ["parts", "state"])
