"""What `sls-lab watch` says: the answer now, and what came or went since the answer before."""

from __future__ import annotations

from dataclasses import replace

from sls_lab.report.change import as_change, known_flows
from tests.report.sample import Sample, sample


def whole() -> Sample:
    done = sample()
    template = replace(done.template, functions=done.template.functions[:3])
    return replace(done, template=template, code=replace(done.code, unseen={}), diagnostics=(), complete=True)


def without() -> Sample:
    return replace(whole(), flows=replace(whole().flows, flows=()))


def moved(lines: int) -> Sample:
    (flow,) = whole().flows.flows
    span = replace(flow.sink.span, line=flow.sink.span.line + lines, end_line=flow.sink.span.end_line + lines)
    return replace(whole(), flows=replace(whole().flows, flows=(replace(flow, sink=replace(flow.sink, span=span)),)))


def test_the_first_answer_compares_with_nothing() -> None:
    said = as_change(whole(), None)
    assert said.startswith("1 flow found")
    assert "src/resize.py:8" in said
    assert "new" not in said.split()
    assert "no flow came or went" not in said


def test_a_flow_that_went() -> None:
    said = as_change(without(), known_flows(whole()))
    assert said.startswith("No flow found in the code that was analysed")
    assert "no longer found: 1 flow\n" in said
    assert "upload → resize" in said


def test_a_flow_that_came() -> None:
    lines = as_change(whole(), known_flows(without())).splitlines()
    assert lines[-1].strip() == "new"


def test_a_flow_that_moved_is_the_same() -> None:
    said = as_change(moved(3), known_flows(whole()))
    assert "src/resize.py:11" in said
    assert said.endswith("no flow came or went\n")


def test_what_cannot_be_analysed_any_more_is_not_called_gone() -> None:
    done = whole()
    unseen = {function.name: sample().code.unseen["thumbnails"] for function in done.template.functions}
    broken = replace(without(), code=replace(done.code, unseen=unseen), complete=False)
    said = as_change(broken, known_flows(whole()))
    assert said.startswith("Not analysed")
    assert "1 flow of the last analysis cannot be looked for now" in said
    assert "no longer found" not in said
