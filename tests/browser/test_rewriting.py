"""The rewriting stepper: a learner walks through the changes by mouse and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CELL = """import sls_lab
from sls_lab.widgets import RewritingStepper
app = sls_lab.load_app("../code-examples/apps/upload-chain")
stepper = RewritingStepper(app)
stepper"""


def test_the_mouse_steps_jumps_and_shows_reasons(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-rewriting")
    for _ in range(3):
        widget.get_by_role("button", name="Next", exact=True).click()
    widget.get_by_text("change 4 of 16").wait_for()
    after = widget.get_by_role("group", name="After")
    assert after.locator(".sls-chosen").inner_text() == "store_handler(sqs_event, None)"
    parts = "parts => new Set(parts.map(part => part.dataset.segment)).size"
    assert after.locator("[data-segment].sls-related").evaluate_all(parts) == 3
    widget.get_by_title("line 17 here is line 16 in your file").wait_for()
    widget.get_by_text("handlers/submit.py → wakes store").wait_for()
    widget.get_by_role("button", name="this statement allows sqs:SendMessage").click()
    place = widget.get_by_role("group", name="The place that the reason speaks of")
    place.locator(".sls-chosen", has_text="Action: sqs:SendMessage").wait_for()
    widget.get_by_role("button", name="Back to the file").click()
    place.wait_for(state="hidden")
    widget.get_by_role("option", name="handler call handlers/store.py:15").click()
    widget.get_by_text("change 10 of 16").wait_for()
    widget.get_by_role("tab", name="Difference").click()
    difference = widget.get_by_role("group", name="Difference")
    assert "+        register_handler(s3_event, None)\n" in difference.inner_text()
    assert '-s3 = boto3.client("s3")\n' in difference.inner_text()
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-rewriting")
    widget.get_by_role("button", name="First", exact=True).focus()
    page.keyboard.press("ArrowRight")
    widget.get_by_text("change 2 of 16").wait_for()
    page.keyboard.press("End")
    widget.get_by_text("change 16 of 16").wait_for()
    widget.get_by_role("listbox", name="All changes").focus()
    page.keyboard.press("ArrowDown")
    widget.get_by_text("Nothing is rewritten in this file").wait_for()
    page.keyboard.press("ArrowUp")
    widget.get_by_text("change 16 of 16").wait_for()
    widget.get_by_role("tab", name="Before and after").focus()
    page.keyboard.press("ArrowRight")
    widget.get_by_role("group", name="Difference").wait_for()
    widget.get_by_role("button", name="First", exact=True).focus()
    page.keyboard.press("Home")
    widget.get_by_text("change 1 of 16").wait_for()
    assert notebook.ask("stepper.at") == 0


def test_lines_and_their_numbers_stand_beside_each_other(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    before = notebook.page.locator(".sls-rewriting .sls-source").first
    gutter = before.locator(".sls-gutter span").last.bounding_box()
    code = before.locator("pre").bounding_box()
    assert abs(gutter["y"] + gutter["height"] - code["y"] - code["height"]) < 8


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-rewriting")
    widget.get_by_role("option", name="3. event object").click()
    widget.get_by_text("change 3 of 16").wait_for()
    assert notebook.violations() == []
    widget.get_by_role("tab", name="Difference").click()
    assert notebook.violations() == []


def test_fast_clicks_are_all_counted(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-rewriting")
    widget.get_by_role("button", name="Next", exact=True).evaluate(
        "next => { for (const _ of Array(7)) next.click(); }"
    )
    widget.get_by_text("change 8 of 16").wait_for()
    widget.get_by_role("button", name="Previous", exact=True).evaluate("back => { back.click(); back.click(); }")
    widget.get_by_text("change 6 of 16").wait_for()
