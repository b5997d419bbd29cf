from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from sls_lab.facts import Span
from sls_lab.report.sarif import as_sarif
from sls_lab.taint.model import Flow
from tests.report.sample import Sample, sample

OFFICIAL = json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))


def log(*analyses: Sample) -> Any:
    return json.loads(as_sarif(analyses, version="1.2.3"))


def with_flows(*flows: Flow) -> Sample:
    done = sample()
    return replace(done, flows=replace(done.flows, flows=flows, set_aside=()))


def moved(flow: Flow, down: int) -> Flow:
    span = flow.sink.span
    span = replace(span, line=span.line + down, end_line=span.end_line + down)
    return replace(flow, sink=replace(flow.sink, span=span))


def all_seen() -> Sample:
    done = sample()
    template = replace(done.template, functions=done.template.functions[:3])
    return replace(done, template=template, code=replace(done.code, unseen={}), diagnostics=(), complete=True)


@pytest.mark.parametrize(
    "analyses", [(), (sample(),), (sample(), all_seen()), (with_flows(),)], ids=["none", "one", "two", "no-flow"]
)
def test_the_official_schema_accepts_it(analyses: tuple[Sample, ...]) -> None:
    Draft7Validator(OFFICIAL).validate(log(*analyses))


def test_the_official_schema_refuses_nonsense() -> None:
    broken = log(sample())
    del broken["runs"][0]["invocations"][0]["executionSuccessful"]
    assert not Draft7Validator(OFFICIAL).is_valid(broken)


def test_a_run_that_did_not_see_everything_is_not_successful() -> None:
    (invocation,) = log(sample())["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    first = invocation["toolExecutionNotifications"][0]
    assert first["descriptor"]["id"] == "not-python"
    assert first["level"] == "error"
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "serverless.yml"


def test_a_run_that_saw_everything_is_successful() -> None:
    (invocation,) = log(all_seen())["runs"][0]["invocations"]
    assert invocation == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_the_code_flow_goes_from_the_source_to_the_sink() -> None:
    result = log(sample())["runs"][0]["results"][0]
    (code_flow,) = result["codeFlows"]
    (thread,) = code_flow["threadFlows"]
    places = [step["location"]["physicalLocation"] for step in thread["locations"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["src/upload.py"] * 3 + ["src/resize.py"] * 2
    # SARIF counts columns from 1; `handler(event, …` has its parameter behind 12 characters.
    assert places[0]["region"] == {"startLine": 6, "startColumn": 13, "endLine": 6, "endColumn": 18}
    assert [step["executionOrder"] for step in thread["locations"]] == [1, 2, 3, 4, 5]


def test_what_is_set_aside_is_a_suppressed_result() -> None:
    shown, aside = log(sample())["runs"][0]["results"]
    assert "suppressions" not in shown
    assert aside["ruleId"] == "RequestUrl"
    assert (aside["properties"]["confidence"], len(aside["properties"]["doubts"])) == ("medium", 1)
    (suppression,) = aside["suppressions"]
    assert (suppression["kind"], suppression["justification"]) == ("external", "the host is fixed")
    place = suppression["location"]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("src/resize.py", 8)


def test_rules_are_listed_once_and_referred_to() -> None:
    (flow,) = sample().flows.flows
    other = replace(flow, rule=replace(flow.rule, name="Other", cwe="CWE-1336", severity="low"))
    run = log(with_flows(flow, other, moved(flow, 1)))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ShellInjection", "Other"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 0]
    assert [result["level"] for result in run["results"]] == ["error", "note", "error"]
    assert "external/cwe/cwe-078" in rules[0]["properties"]["tags"]
    assert "external/cwe/cwe-1336" in rules[1]["properties"]["tags"]
    assert rules[0]["help"]["text"] == flow.rule.remedy


def fingerprints(*flows: Flow) -> list[str]:
    return [result["partialFingerprints"]["slsLabFlow/v1"] for result in log(with_flows(*flows))["runs"][0]["results"]]


def test_a_fingerprint_stays_when_lines_move_and_differs_otherwise() -> None:
    (flow,) = sample().flows.flows
    assert fingerprints(flow) == fingerprints(moved(flow, 7))
    assert len(set(fingerprints(flow, moved(flow, 7)))) == 2
    elsewhere = replace(flow, sink=replace(flow.sink, text="other"))
    assert fingerprints(flow) != fingerprints(elsewhere)


def test_addresses_are_quoted_and_relative() -> None:
    (flow,) = sample().flows.flows
    span = Span("ä b/50%#?.py", 1, 0, 1, 1)
    (result,) = log(with_flows(replace(flow, sink=replace(flow.sink, span=span))))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "%C3%A4%20b/50%25%23%3F.py", "uriBaseId": "%SRCROOT%"}


def test_the_folder_on_this_machine_is_named_only_where_it_is_asked_for() -> None:
    assert str(sample().path.absolute()) not in as_sarif([sample()], version="1")
    assert "file://" not in as_sarif([sample()], version="1")
    run = json.loads(as_sarif([sample()], version="1", absolute=True))["runs"][0]
    assert run["originalUriBaseIds"]["%SRCROOT%"]["uri"].endswith("/photo-pipeline/")


def messages(value: Any) -> list[str]:
    """Every text of a log that a viewer shows as a message."""
    if isinstance(value, dict):
        own = [value["message"]["text"]] if "message" in value else []
        return [*own, *(text for inner in value.values() for text in messages(inner))]
    return [text for inner in value for text in messages(inner)] if isinstance(value, list) else []


def test_nothing_of_the_application_is_a_link_or_a_control_character_in_a_message() -> None:
    (flow,) = sample().flows.flows
    name = "[l](javascript:alert(1))\x1b[31m\u202e"
    source, sink = replace(flow.source, handler=name, text=name), replace(flow.sink, handler=name, text=name)
    steps = tuple(replace(step, text=name, note=name) for step in flow.steps)
    done = with_flows(replace(flow, source=source, sink=sink, steps=steps))
    done = replace(done, diagnostics=(replace(done.diagnostics[0], message=name),))
    found = [text for text in messages(log(done)) if "javascript" in text]
    assert len(found) > 4
    for text in found:
        assert "](" not in text.replace("\\](", "")
        assert "\x1b" not in text
        assert "\u202e" not in text
