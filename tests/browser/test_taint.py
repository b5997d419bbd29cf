"""The taint stepper: from source to sink by mouse and by keyboard, compared, and after an edit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FOREIGN = Path(__file__).resolve().parents[1] / "taint" / "fixtures" / "foreign"
START = """import sls_lab
from sls_lab.app import analyse
from sls_lab.widgets import Editor, TaintStepper, analysed
app = sls_lab.load_app("../code-examples/apps/{}")
"""
RECORDED = START + "analyse([app], use_recording=True, raw=True)\nstepper = TaintStepper(app)\nstepper"
CHAIN = RECORDED.format("upload-chain")


def test_the_mouse_leads_from_source_to_sink(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    widget = notebook.page.locator(".sls-taint")
    widget.get_by_text("recorded, not run now").wait_for()
    code = widget.get_by_role("group", name="Code", exact=True)
    assert code.locator(".sls-chosen").inner_text() == "event"
    for _ in range(3):
        widget.get_by_role("button", name="Next", exact=True).click()
    widget.get_by_text("step 4 of 19").wait_for()
    widget.get_by_text("submit → store, handlers/submit.py:15").wait_for()
    graph = widget.get_by_role("group", name="Event graph")
    graph.locator("g.node.sls-chosen").wait_for()
    assert graph.locator(".sls-chosen").count() == 3  # the call's arrow, the queue, and the arrow to the handler
    widget.get_by_role("button", name="register", exact=True).click()
    widget.get_by_text("step 9 of 19").wait_for()
    assert graph.locator("g.node.sls-chosen").get_attribute("aria-label").startswith("handler, register")
    graph.get_by_role("button", name="handler, convert").click()
    widget.get_by_text("step 13 of 19").wait_for()
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("it arrives where it must not").wait_for()
    assert code.locator(".sls-related").count() >= 5
    widget.get_by_role("option", name="json.loads(record").click()
    widget.get_by_text("step 6 of 19").wait_for()
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    page = notebook.page
    widget = page.locator(".sls-taint")
    widget.get_by_role("button", name="First", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    widget.get_by_text("step 3 of 19").wait_for()
    page.keyboard.press("End")
    widget.get_by_text("step 19 of 19").wait_for()
    widget.get_by_role("listbox", name="All steps").focus()
    page.keyboard.press("ArrowUp")
    widget.get_by_text("step 18 of 19").wait_for()
    widget.get_by_role("tab", name="Step by step").focus()
    page.keyboard.press("ArrowRight")
    widget.get_by_role("button", name="Show where it ends").focus()
    page.keyboard.press("Enter")
    widget.get_by_text("step 4 of 19").wait_for()
    assert notebook.ask("stepper.at") == 3


def test_it_plays_to_the_end(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(RECORDED.format("thumbnail-shell"))
    widget = notebook.page.locator(".sls-taint")
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("step 6 of 6").wait_for()
    widget.get_by_role("button", name="Previous", exact=True).click()
    widget.get_by_text("step 5 of 6").wait_for()
    widget.get_by_role("button", name="Play").click()
    widget.get_by_text("step 6 of 6").wait_for()
    widget.get_by_role("button", name="Play").wait_for()


def test_both_runs_stand_beside_each_other(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(RECORDED.format("sam-notes"))
    widget = notebook.page.locator(".sls-taint")
    widget.get_by_label("Flow", exact=True).select_option("1")
    widget.get_by_role("tab", name="Before and after the rewriting").click()
    before = widget.get_by_role("region", name="Before: the files as they are written")
    assert "1 flow" in before.inner_text()
    assert "3 flows" in widget.get_by_role("region", name="After: with the rewriting").inner_text()
    assert widget.get_by_text("Not found: the trace ends at api/save.py:14").count() == 1
    assert notebook.violations() == []


@pytest.mark.live
def test_a_repaired_handler_has_no_flow_any_more(open_cells: Callable[..., Any]) -> None:
    app = START.format("upload-chain")
    notebook = open_cells(
        app + "stepper = TaintStepper(app)\nstepper", 'editor = Editor(app, "handlers/convert.py")\neditor'
    )
    page = notebook.page
    page.get_by_text("upload-chain: analysed live in").or_(page.get_by_text("upload-chain: unchanged since")).wait_for()
    widget = page.locator(".sls-taint")
    text = page.locator(".sls-editor").get_by_label("Text of the file")
    text.fill(text.input_value().replace("os.system(", "print("))
    page.locator(".sls-editor").get_by_role("button", name="Analyse again").click()
    widget.get_by_text("The flow is gone: Data of an outsider in a shell command (submit → convert).").wait_for()
    widget.get_by_text("There is no flow to step through.").wait_for()
    page.locator(".sls-editor").get_by_role("button", name="Reset").click()
    widget.get_by_text("step 1 of 19").wait_for()
    widget.get_by_role("tab", name="Before and after the rewriting").click()
    widget.get_by_role("button", name="Show where it ends").wait_for()
    assert notebook.complaints == []


def test_results_of_others_are_stepped_through(open_cells: Callable[..., Any]) -> None:
    results, sources = FOREIGN / "results" / "taint-output.json", FOREIGN / "sources"
    notebook = open_cells(
        f"from sls_lab.widgets import TaintStepper\nTaintStepper.from_pysa({str(results)!r}, {str(sources)!r})"
    )
    widget = notebook.page.locator(".sls-taint")
    widget.get_by_text("3 flows in taint-output.json.").wait_for()
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("main.greet, shell.py:6").first.wait_for()
    code = widget.get_by_role("group", name="Code", exact=True)
    code.locator(".sls-chosen").filter(has_text=re.compile("^subprocess")).first.wait_for()
    assert widget.get_by_role("tab").count() == 0
    assert notebook.violations() == []
    assert notebook.complaints == []


def test_no_flow_and_not_analysed_look_different(open_cells: Callable[..., Any]) -> None:
    clean = RECORDED.format("safe-missing-permission")
    broken = RECORDED.format("half-broken")
    notebook = open_cells(clean, broken)
    one, other = notebook.page.locator(".sls-taint").all()
    assert one.locator(".sls-answer .sls-headline").inner_text() == "No flow"
    assert other.locator(".sls-answer .sls-headline").inner_text() == "No flow in the part that was analysed"
    shape = "part => getComputedStyle(part, '::before').content"
    shapes = [widget.locator(".sls-answer .sls-headline").evaluate(shape) for widget in (one, other)]
    assert [found[1:2] for found in shapes] == ["✓", "◐"]
    assert one.get_by_role("row").nth(2).inner_text().split("\t")[:3:2] == ["notify", "left out"]
    assert other.get_by_role("cell", name="NO: stations/forecast.py does not parse").count() == 1
    assert notebook.violations() == []


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    widget = notebook.page.locator(".sls-taint")
    widget.locator(".sls-graph[aria-busy=false] svg").wait_for()
    assert notebook.violations() == []
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("step 19 of 19").wait_for()
    assert notebook.violations() == []


def test_the_values_of_an_attack_are_shown_beside_the_steps(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CHAIN)
    widget = notebook.page.locator(".sls-taint")
    widget.get_by_role("button", name="Show the values", exact=True).click()
    widget.get_by_text("the value seen here: event.body").wait_for()
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("the value seen here: aws s3 cp").wait_for()
    assert notebook.misfits() == []
    assert notebook.complaints == []
