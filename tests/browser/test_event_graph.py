"""The event graph explorer in JupyterLab: with the mouse, with the keyboard alone, and on hostile and big input."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser]

CELL = """import sls_lab
from sls_lab.widgets import EventGraphExplorer
app = sls_lab.load_app("../{}")
explorer = EventGraphExplorer(app)
explorer"""
CHAIN = CELL.format("code-examples/apps/upload-chain")
WRONG_PREFIX = CELL.format("code-examples/apps/safe-wrong-prefix")
SVG = "{http://www.w3.org/2000/svg}"
NAMES = ['"]; x [<script>alert(1)</script>', "&lt;b&gt; & \\N 'x'", "写真", "\u202etxt.exe"]


def drawn(notebook: Any) -> Locator:
    """The widget, once its graph is drawn."""
    widget: Locator = notebook.page.locator(".sls-events").first
    widget.locator("g.node").first.wait_for()
    return widget


def chosen_text(widget: Locator, label: str) -> str:
    """What is highlighted in the source view with this label."""
    source = widget.get_by_role("group", name=label, exact=True)
    return "".join(source.locator(".sls-chosen").all_text_contents())


def test_an_edge_is_picked_and_explained_with_the_mouse(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    widget = drawn(notebook)
    widget.get_by_role("button", name="submit → store by sqs.send_message").first.click(force=True)
    expect(widget.locator(".sls-title")).to_have_text(
        "submit → store by sqs.send_message on choir-recordings-dev-submissions"
    )
    assert chosen_text(widget, "Code").startswith("sqs.send_message(")
    assert chosen_text(widget, "Template").startswith("sqs:")
    assert widget.locator("g.sls-chosen").count() == 3
    expect(widget.locator(".sls-list [aria-selected=true]")).to_contain_text("submit → store")
    reasons = widget.get_by_role("list", name="Reasons")
    reasons.get_by_role("button", name=re.compile("^environment variable QUEUE_URL")).click()
    expect(widget.get_by_role("button", name="Show call and trigger")).to_be_visible()
    assert "QUEUE_URL" in chosen_text(widget, "Template")
    widget.get_by_role("button", name="Show call and trigger").click()
    expect(widget.get_by_role("button", name="Show call and trigger")).to_be_hidden()
    widget.locator("g.handler").first.click()
    expect(widget.locator(".sls-title")).to_have_text("handler submit")
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    widget = drawn(notebook)
    keyboard = notebook.page.keyboard
    graph = widget.get_by_role("group", name="Graph of the events")
    graph.locator("g[tabindex='0']").focus()
    keyboard.press("End")
    expect(graph.locator("g:focus")).to_have_attribute("aria-label", "httpApi POST /recordings wakes submit")
    keyboard.press("Home")
    keyboard.press("Enter")
    expect(widget.locator(".sls-title")).not_to_be_empty()
    width = "e => e.querySelector('svg').getBoundingClientRect().width"
    fitting = graph.evaluate(width)
    keyboard.press("+")
    assert graph.evaluate(width) == pytest.approx(fitting * 1.25, rel=0.01)
    keyboard.press("-")
    keyboard.press("-")
    assert graph.evaluate(width) == pytest.approx(fitting * 0.8, rel=0.01)
    keyboard.press("0")
    assert graph.evaluate(width) == pytest.approx(fitting, rel=0.01)
    # In a pane that becomes wide and low the drawing turns, and is seen whole.
    resize = "(graph, size) => { graph.style.cssText = size; }"
    size = "const {width, height} = graph.querySelector('svg').getBoundingClientRect()"
    turned = f"graph => {{ {size}; return width > height; }}"
    assert not graph.evaluate(turned)
    graph.evaluate(resize, "flex: none; width: 1200px; height: 220px; max-height: none")
    notebook.page.wait_for_function(f"() => ({turned})(document.querySelector('.sls-events .sls-graph'))")
    seen = graph.evaluate("graph => graph.scrollWidth <= graph.clientWidth && graph.scrollHeight <= graph.clientHeight")
    assert seen, "Fit was asked for, and the drawing fits"
    graph.evaluate(resize, "")
    notebook.page.wait_for_function(f"() => !({turned})(document.querySelector('.sls-events .sls-graph'))")
    widget.get_by_role("listbox", name="All edges").focus()
    keyboard.press("End")
    expect(widget.locator(".sls-title")).to_contain_text("register → convert")
    widget.get_by_role("list", name="Reasons").get_by_role("button").first.focus()
    keyboard.press("Enter")
    expect(widget.get_by_role("list", name="Reasons").get_by_role("button", pressed=True)).to_be_focused()
    widget.get_by_label("permissions", exact=True).focus()
    keyboard.press("Space")
    expect(widget.locator(".sls-notice")).to_contain_text("no edge appears that your application cannot have")
    assert notebook.complaints == []


def test_ignored_knowledge_brings_false_edges(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(WRONG_PREFIX)
    widget = drawn(notebook)
    widget.get_by_label("events that wake no handler (2)").check()
    expect(widget.locator("g.failing")).to_have_count(2)
    expect(widget.locator("g.failing").first).to_contain_text("filtered out")
    widget.get_by_label("filters", exact=True).check()
    expect(widget.locator("g.edge.new")).to_have_count(2)
    expect(widget.locator("g.edge.new").first).to_contain_text("+ s3.upload_file")
    expect(widget.locator(".sls-notice")).to_contain_text("2 edges appear that your application cannot have")
    widget.locator(".sls-notice").get_by_role("button").first.click()
    expect(widget.locator(".sls-facts")).to_contain_text("holds only while filters are ignored")
    assert notebook.ask("[edge.status for edge in app.events.edges]") == ["filtered", "filtered", "linked"]
    widget.get_by_label("filters", exact=True).uncheck()
    expect(widget.locator("g.edge.new")).to_have_count(0)
    expect(widget.locator(".sls-notice")).to_be_hidden()


def test_two_widgets_follow_each_other(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN, "EventGraphExplorer(app)")
    first, second = drawn(notebook), notebook.page.locator(".sls-events").nth(1)
    second.locator("g.node").first.wait_for()
    first.get_by_role("option", name="store → register").click()
    expect(second.locator(".sls-title")).to_contain_text("store → register")
    expect(second.locator("g.sls-chosen")).to_have_count(3)


@pytest.mark.parametrize("dark", [False, True])
def test_the_drawing_is_stored_with_its_looks(open_cells: Callable[..., Any], tmp_path: Path, dark: bool) -> None:
    notebook = open_cells(WRONG_PREFIX)
    if dark:
        notebook.show_theme("Dark")
    widget = drawn(notebook)
    with notebook.page.expect_download() as svg:
        widget.get_by_role("button", name="SVG").click()
    assert svg.value.suggested_filename == "safe-wrong-prefix-events.svg"
    svg.value.save_as(tmp_path / "x.svg")
    picture = ElementTree.parse(tmp_path / "x.svg").getroot()
    page = picture.find(f"{SVG}rect")
    assert page is not None
    assert page.get("fill") == ("rgb(22, 24, 28)" if dark else "rgb(255, 255, 255)")
    texts = list(picture.iter(f"{SVG}text"))
    assert {"reset", "meter-readings-dev-reports", "s3.put_object"} <= {text.text for text in texts}
    assert {text.get("fill") for text in texts} == {"rgb(236, 238, 241)" if dark else "rgb(27, 29, 33)"}
    assert all(float(text.get("textLength", "0")) > 0 for text in texts if text.text)
    assert all(shape.get("stroke-width") for shape in picture.iter(f"{SVG}path"))
    assert not any(shape.get("stroke") == "rgba(0, 0, 0, 0)" for shape in picture.iter(f"{SVG}path"))
    with notebook.page.expect_download() as png:
        widget.get_by_role("button", name="PNG").click()
    png.value.save_as(tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")
    assert notebook.strangers == []
    assert notebook.complaints == []


def write_application(folder: Path, names: list[str]) -> None:
    """Functions with these names, each of which sends a message to the next one's queue."""
    folder.mkdir()
    functions = []
    for number, name in enumerate(names):
        quoted = "'" + name.replace("'", "''") + "'"
        events = "httpApi: POST /start" if number == 0 else f"sqs: 'arn:aws:sqs:eu-west-1:123456789012:q{number}'"
        functions.append(f"  {quoted}: {{handler: f{number}.handler, events: [{events}]}}\n")
        url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/q{number + 1}"
        (folder / f"f{number}.py").write_text(
            "import boto3\n\n\ndef handler(event, context):\n"
            f'    boto3.client("sqs").send_message(QueueUrl="{url}", MessageBody=event["body"])\n'
        )
    statements = "[{Effect: Allow, Action: '*', Resource: '*'}]"
    (folder / "serverless.yml").write_text(
        "service: written\nprovider:\n  name: aws\n  runtime: python3.12\n"
        f"  iam: {{role: {{statements: {statements}}}}}\nfunctions:\n" + "".join(functions),
        encoding="utf-8",
    )


def test_hostile_names_are_drawn_as_text(open_cells: Callable[..., Any], lab: Any) -> None:
    write_application(lab.folder / "hostile", NAMES)
    notebook = open_cells(CELL.format("hostile"))
    widget = drawn(notebook)
    labels = [part.locator("text").first.text_content() for part in widget.locator("g.handler").all()]
    assert labels == [*NAMES[:3], "\\u202etxt.exe"]
    assert widget.locator("script").count() == 0
    edges = widget.get_by_role("listbox", name="All edges").get_by_role("option")
    assert edges.count() == 3
    for number in range(3):
        edges.nth(number).click()
        expect(widget.locator(".sls-title")).to_contain_text(f"on q{number + 1}")
        assert chosen_text(widget, "Template").startswith("sqs:")
    assert notebook.violations() == []
    assert notebook.complaints == []


def test_a_hundred_functions_are_drawn_and_narrowed(open_cells: Callable[..., Any], lab: Any) -> None:
    write_application(lab.folder / "hundred", [f"step{number:03}" for number in range(100)])
    notebook = open_cells(CELL.format("hundred"))
    widget = drawn(notebook)
    expect(widget.locator("g.handler")).to_have_count(100)
    expect(widget.locator("g.handler").first).to_be_in_viewport()
    widget.get_by_label("Which handlers").select_option(label="only around step050")
    expect(widget.locator("g.handler")).to_have_count(3)
    widget.get_by_label("How far").select_option("far")
    expect(widget.locator("g.handler")).to_have_count(100)
    assert notebook.complaints == []


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(WRONG_PREFIX)
    widget = drawn(notebook)
    widget.get_by_label("events that wake no handler (2)").check()
    expect(widget.locator("g.failing")).to_have_count(2)
    widget.get_by_role("option", name="reset → typeset").click()
    expect(widget.locator(".sls-title")).not_to_be_empty()
    assert notebook.violations() == []
