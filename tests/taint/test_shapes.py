"""Handlers of every shape, and routes of frameworks, live in one run: `# flow: handler` stands where a flow ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import App, load_app

SHAPES = Path(__file__).parent / "fixtures" / "shapes"
EXPECTED = re.compile(r"# flow: (\w+)")


@pytest.fixture(scope="module")
def shapes() -> App:
    return load_app(SHAPES)


@pytest.mark.live
def test_flows_start_in_handlers_of_every_shape(shapes: App) -> None:
    expected = {
        (match[1], file.relative_to(SHAPES).as_posix(), number)
        for file in SHAPES.rglob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }
    report = shapes.flows
    assert report.analysed == "live"
    assert {(flow.source.handler, flow.sink.span.file, flow.sink.span.line) for flow in report.flows} == expected
    assert report.unseen == {}


@pytest.mark.live
def test_a_source_is_a_parameter_or_what_is_read_of_the_request(shapes: App) -> None:
    found = {(flow.source.handler, flow.source.text) for flow in shapes.flows.flows}
    assert ("short", "event") in found
    assert ("fastapi", "name: str") in found
    assert ("fastapi", "item: Item") in found
    assert ("flask", "request.json") in found
    assert ("powertools", "app.current_event") in found
    assert ("chalice", "app.current_request") in found


def test_an_event_for_routes_is_said_not_to_be_followed(shapes: App) -> None:
    said = [one for one in shapes.rewriting.diagnostics if one.code == "event-not-followed"]
    assert [(one.span.file, one.span.line) for one in said if one.span] == [("caller.py", 17)]
    assert "woken_routes" in said[0].message
