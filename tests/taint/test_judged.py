"""What becomes of each flow that Pysa finds: comments at the sinks say which handler's, and why it is set aside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.taint.kept.report_json import from_json, to_json
from sls_lab.taint.read import flows

FOLDER = Path(__file__).parent / "fixtures" / "judged"
FLOWS = re.compile(r"# flow: ([\w ]+)")
ASIDE = re.compile(r"# aside: ([\w ]+): (.+?)(?:  #|$)")

Placed = tuple[str, str, int]


def expected(pattern: re.Pattern[str]) -> dict[Placed, str]:
    """The handlers that comments name, with the file and line of each, and the words that follow."""
    found: dict[Placed, str] = {}
    for file in sorted(FOLDER.glob("*.py")):
        above: list[str] = []  # comments above a line that has no room for them
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            above.append(line)
            if line.lstrip().startswith("#"):
                continue
            for match in (match for told in above for match in pattern.finditer(told)):
                why = match[2] if pattern.groups > 1 else ""
                found |= {(handler, file.name, number): why for handler in match[1].split()}
            above.clear()
    return found


@pytest.fixture(scope="module")
def app() -> App:
    found = load_app(FOLDER)
    analyse([found], use_cache=False)
    assert found.flows.analysed == "live"
    assert found.flows.unseen == {}
    return found


@pytest.mark.live
def test_flows_are_found(app: App) -> None:
    found = [(one.source.handler, one.sink.span.file, one.sink.span.line) for one in app.flows.flows]
    assert sorted(found) == sorted(expected(FLOWS))


@pytest.mark.live
def test_what_is_judged_harmless_is_set_aside_with_the_reason(app: App) -> None:
    found = {
        (one.flow.source.handler, one.flow.sink.span.file, one.flow.sink.span.line): one.why.text
        for one in app.flows.set_aside
    }
    assert found == expected(ASIDE)
    assert len(app.flows.set_aside) == len(found)
    assert all(one.why.span is not None for one in app.flows.set_aside)


@pytest.mark.live
def test_a_flow_says_what_it_takes_for_granted(app: App) -> None:
    doubts = {one.source.handler: one.doubts for one in app.flows.flows if one.confidence != "high"}
    assert {name: [doubt.text for doubt in told] for name, told in doubts.items()} == {
        "sweep": ["an outsider chose what this call returns"],
        "copies": ["an outsider chose what this call returns"],
        "sender": ["the quoted data is what the quotes are around"],
        "saver": ["the quoted data is what the quotes are around"],
    }
    assert [one.confidence for one in app.flows.flows if one.source.handler == "sweep"] == ["medium"]


@pytest.mark.live
def test_data_that_is_quoted_in_the_wrong_place_says_so(app: App) -> None:
    notes = {one.sink.span.line: one.steps[-1].note for one in app.flows.flows if one.source.handler == "within"}
    faults = [note.partition("but ")[2] for _, note in sorted(notes.items())]
    assert [fault[:21] for fault in faults] == [
        "there are quotes arou",
        "there are double quot",
        "there are quotes arou",
        "there are quotes arou",
        "it is in a here-docum",
        "a second shell reads ",
        "it is the name of the",
    ]


@pytest.mark.live
def test_flows_are_sorted_by_severity_then_confidence(app: App) -> None:
    levels = ["high", "medium", "low"]
    ranks = [(levels.index(one.rule.severity), levels.index(one.confidence)) for one in app.flows.flows]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) > 2


@pytest.mark.live
def test_a_stored_report_keeps_all_of_it(app: App) -> None:
    assert from_json(to_json(app.flows), "live") == app.flows


@pytest.mark.live
def test_a_flow_of_no_handler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "_source_handlers", lambda *_: ((), ()))
    app = load_app(FOLDER)
    analyse([app], use_cache=False)
    assert not app.flows.flows
    assert not app.flows.set_aside
    told = [one for one in app.flows.diagnostics if one.code == "flow-without-handler"]
    assert ("woken.py", 20) in {(one.span.file, one.span.line) for one in told if one.span}


@pytest.mark.live
def test_a_flow_that_cannot_be_followed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise flows.NoSuchPath

    monkeypatch.setattr(flows.Tracer, "trace", lost)
    app = load_app(FOLDER)
    analyse([app], use_cache=False)
    assert not app.flows.flows
    assert not app.flows.set_aside
    assert {one.level for one in app.flows.diagnostics if one.code == "flow-not-shown"} == {"error"}
    assert not app.complete
