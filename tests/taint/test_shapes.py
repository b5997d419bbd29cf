"""Handlers of every shape, routes of frameworks, and data classes: `# flow: handler` stands where a flow ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app

SHAPES = Path(__file__).parent / "fixtures" / "shapes"
DATA_CLASSES = Path(__file__).parent / "fixtures" / "data_classes"
EXPECTED = re.compile(r"# flow: (\w+)")


@pytest.fixture(scope="module")
def both() -> tuple[App, App]:
    apps = load_app(SHAPES), load_app(DATA_CLASSES)
    analyse(apps)
    return apps


@pytest.fixture(scope="module")
def shapes(both: tuple[App, App]) -> App:
    return both[0]


@pytest.fixture(scope="module")
def data_classes(both: tuple[App, App]) -> App:
    return both[1]


def expected(folder: Path) -> set[tuple[str, str, int]]:
    return {
        (match[1], file.relative_to(folder).as_posix(), number)
        for file in folder.rglob("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        for match in EXPECTED.finditer(line)
    }


def found(app: App) -> set[tuple[str, str, int]]:
    assert app.flows.analysed == "live"
    return {(flow.source.handler, flow.sink.span.file, flow.sink.span.line) for flow in app.flows.flows}


@pytest.mark.live
def test_flows_start_in_handlers_of_every_shape(shapes: App) -> None:
    assert found(shapes) == expected(SHAPES)
    assert shapes.flows.unseen == {}


@pytest.mark.live
def test_data_classes_read_what_the_event_says(data_classes: App) -> None:
    assert found(data_classes) == expected(DATA_CLASSES)
    assert data_classes.flows.unseen == {}


@pytest.mark.live
def test_a_library_that_calls_back_is_one_step(data_classes: App) -> None:
    flow = next(one for one in data_classes.flows.flows if one.sink.handler == "batch")
    assert [(step.span.file, step.role) for step in flow.steps][-3:] == [
        ("take.py", "call"),
        ("take.py", "propagation"),
        ("take.py", "sink"),
    ]
    assert flow.steps[-3].note == "passed to `process_partial_response` as `event`"


@pytest.mark.live
def test_steps_are_on_the_way_of_the_data_and_no_others(shapes: App) -> None:
    (flow,) = (one for one in shapes.flows.flows if one.sink.handler == "walked")
    assert [(step.role, step.text.partition("\n")[0]) for step in flow.steps] == [
        ("source", "event"),
        ("propagation", 'json.loads(event["body"])'),
        ("propagation", 'json.loads(event["known"])'),
        ("propagation", 'Order(number=known, file=wish["file"])'),
        ("propagation", "Order("),
        ("call", "make("),
        ("propagation", '"/tmp/" + order.file'),
        ("call", "store(path, document)"),
        ("propagation", '"touch " + path'),
        ("sink", 'os.system("touch " + path)'),
    ]


@pytest.mark.live
def test_a_source_is_a_parameter_or_what_is_read_of_the_request(shapes: App) -> None:
    sources = {(flow.source.handler, flow.source.text) for flow in shapes.flows.flows}
    assert ("short", "event") in sources
    assert ("fastapi", "name: str") in sources
    assert ("fastapi", "item: Item") in sources
    assert ("flask", "request.json") in sources
    assert ("powertools", "app.current_event") in sources
    assert ("chalice", "app.current_request") in sources


@pytest.mark.live
def test_an_event_that_cannot_be_followed_is_an_error(shapes: App) -> None:
    said = [one for one in shapes.rewriting.diagnostics if one.code == "event-not-followed"]
    assert [(one.level, one.span.file, one.span.line) for one in said if one.span] == [
        ("error", "caller.py", 17),
        ("error", "caller.py", 18),
    ]
    assert "`woken_routes` hands" in said[0].message
    assert "`woken_either` may be `loud` as well as `quiet`" in said[1].message
    assert not shapes.complete
