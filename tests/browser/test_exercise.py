"""Exercises as a learner works them: with the mouse, with the keyboard, in both themes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser]

CELL = 'from sls_lab.widgets import check_exercise, exercise, progress_bar\nshown = exercise("{}")\nshown'


def show(open_cells: Callable[..., Any], id: str, *more: str, **size: int) -> tuple[Any, Locator]:
    notebook = open_cells(CELL.format(id), *more, **size)
    widget = notebook.page.locator(".sls-exercise").first
    widget.get_by_role("button", name="Show the solution").wait_for()
    return notebook, widget


def told(widget: Locator, word: str) -> None:
    expect(widget.locator(".sls-verdict-word")).to_have_text(word, timeout=60_000)  # Pysa may run meanwhile
    expect(widget.locator(".sls-badge")).to_have_text(word)


def test_a_prediction_is_committed_explained_and_tried_again(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "01/how-many-public", "bar = progress_bar()\nbar")
    bar = notebook.page.locator(".sls-progress")
    before = bar.locator(".sls-total").inner_text()
    widget.get_by_role("button", name="Commit my answer").click()
    told(widget, "○ No answer yet")
    widget.get_by_role("radio", name="submit and store").check()
    widget.get_by_role("button", name="Commit my answer").click()
    told(widget, "✗ Not yet")
    expect(widget.locator(".sls-verdict")).to_contain_text("A queue does not open a door to the outside.")
    # Another option can be chosen at once; what was told of the first is marked as old until it is checked.
    widget.get_by_role("radio", name="All four").check()
    expect(widget.locator(".sls-badge")).to_have_text("○ changed since")
    expect(widget.locator(".sls-verdict")).to_have_class("sls-verdict sls-is-wrong sls-is-old")
    widget.get_by_role("button", name="Commit my answer").click()
    told(widget, "✗ Not yet")
    widget.get_by_role("button", name="Hint").click()
    expect(widget.locator(".sls-hint-box")).to_contain_text("Look for the one trigger")
    expect(widget.get_by_role("button", name="Hint (1 of 2 used)")).to_be_visible()
    widget.get_by_role("radio", name="submit alone").check()
    widget.get_by_role("button", name="Commit my answer").click()
    told(widget, "✓ Right")
    expect(widget.get_by_role("radio", name="All four")).to_be_disabled()
    expect(bar.locator(".sls-total")).not_to_have_text(before)
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_a_prediction_needs_no_mouse(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "01/how-many-public")
    keys = notebook.page.keyboard
    right = widget.get_by_role("radio", name="submit alone")
    right.focus()
    keys.press("Space")
    keys.press("ArrowDown")
    expect(right).not_to_be_checked()
    expect(widget.get_by_role("radio", checked=True)).to_be_focused()
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.press("Enter")
    told(widget, "✓ Right")
    # The button that was pressed is gone; the focus has not left the exercise.
    expect(widget.get_by_role("button", name="Try again")).to_be_focused()


def test_lines_are_put_in_order_by_buttons_and_keys(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "03/order-the-reasons")
    lines = [line.replace("`", "") for line in notebook.ask("list(shown.exercise.task.lines)")]
    for line in (lines[1], lines[0], *lines[2:6]):
        widget.get_by_role("button", name=f"Use: {line}", exact=True).click()
    keys = notebook.page.keyboard
    expect(widget.locator(".sls-program li").first.locator(".sls-line")).to_have_text(lines[1])
    widget.get_by_role("group", name=lines[0], exact=True).focus()
    keys.press("Alt+ArrowUp")
    expect(widget.locator(".sls-program li").first.locator(".sls-line")).to_have_text(lines[0])
    expect(widget.get_by_role("group", name=lines[0], exact=True)).to_be_focused()
    widget.get_by_role("button", name="Check my answer").click()
    told(widget, "✓ Right")
    assert widget.locator(".sls-program li").count() == 6


def test_lines_are_put_in_order_by_dragging(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "03/order-the-reasons")
    lines = [line.replace("`", "") for line in notebook.ask("list(shown.exercise.task.lines)")]
    program = widget.locator(".sls-program")
    widget.locator("li", has_text=lines[1]).drag_to(program)
    widget.locator("li", has_text=lines[0]).drag_to(program.locator("li").first)
    expect(program.locator(".sls-line")).to_have_text([lines[0], lines[1]])


def test_blanks_are_filled_by_typing(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "01/resolve-the-variable")
    keys = notebook.page.keyboard
    widget.get_by_label("Gap stage").focus()
    for text in ("DEV", "choir-recordings-dev", "choir-recordings-dev-audio"):
        keys.type(text)
        keys.press("Tab")
    widget.get_by_label("Gap bucket").press("Enter")
    told(widget, "✓ Right")


def test_a_line_is_picked_by_mouse_number_and_arrow_keys(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "02/click-the-call")
    widget.get_by_text("recording = json.loads").click()
    expect(widget.locator(".sls-picked")).to_have_text("picked: handlers/store.py:14")
    widget.get_by_role("button", name="Check my answer").click()
    told(widget, "✗ Not yet")
    widget.get_by_label("Line number").fill("11")
    widget.get_by_label("Line number").press("Enter")
    expect(widget.locator(".sls-picked")).to_have_text("picked: handlers/store.py:11")
    widget.get_by_role("group", name="Pick a line").locator("visible=true").last.focus()
    for _ in range(20):
        notebook.page.keyboard.press("ArrowRight")
        if "s3.put_object(" in widget.locator(".sls-cursor").inner_text():
            break
    notebook.page.keyboard.press("Enter")
    expect(widget.locator(".sls-picked")).to_have_text("picked: handlers/store.py:15")
    widget.get_by_role("button", name="Check my answer").click()
    told(widget, "✓ Right")


def test_a_function_is_checked_in_its_cell_and_shown_in_the_exercise(open_cells: Callable[..., Any]) -> None:
    cell = "import ast\ndef function_names(text):\n    return [node.name for node in ast.walk(ast.parse(text))]\n"
    notebook, widget = show(
        open_cells, "02/function-names", f'{cell}check_exercise("02/function-names", function_names)'
    )
    told(widget, "✗ Not yet")
    expect(widget.locator(".sls-verdict")).to_contain_text("in line 3 of your function's cell")
    expect(notebook.page.locator(".jp-OutputArea .sls-static").last).to_contain_text("Not every node has a name")


def test_a_template_is_changed_and_judged(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "01/tighten-the-permission")
    text = widget.get_by_label("Text of the file")
    task = "shown.exercise.task"
    wrong = notebook.ask(f"{task}.resolve({task}.wrong[0].answer, shown._setting)")
    text.fill(wrong["serverless.yml"])
    text.press("Control+Enter")
    told(widget, "✗ Not yet")
    explanation = notebook.ask(f"{task}.wrong[0].explanation").partition("`")[0].strip()
    expect(widget.locator(".sls-verdict")).to_contain_text(explanation)
    widget.get_by_role("button", name="Show the solution").click()
    widget.get_by_role("button", name="Put the solution in").click()
    expect(widget.get_by_role("button", name="Check my answer")).to_be_visible()
    widget.get_by_role("button", name="Check my answer").click()
    told(widget, "✓ Right")
    assert notebook.complaints == []


@pytest.mark.live
def test_a_path_is_opened_and_found_by_pysa(open_cells: Callable[..., Any]) -> None:
    notebook, widget = show(open_cells, "03/make-a-path")
    text = widget.get_by_label("Text of the file")
    text.fill(text.input_value().replace("- prefix: reports/", "- prefix: archive/latest"))
    widget.get_by_role("button", name="Check my answer").click()
    told(widget, "✓ Right")
    assert notebook.ask("shown.status") == ""


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    ids = json.dumps(["01/how-many-public", "03/order-the-reasons", "01/resolve-the-variable", "02/click-the-call"])
    cells = [
        f"from sls_lab.widgets import exercise, progress_bar\nids = {ids}",
        *(f"exercise(ids[{number}])" for number in range(4)),
        'one = exercise("01/tighten-the-permission")\none.act("commit", answer={"serverless.yml": "- 1"})\n'
        'one.act("hint")\none.act("solution")\none',
        'right = exercise("01/how-many-public")\nright.act("commit", answer=["a"])\nright',
        'exercise("02/function-names")',
        "progress_bar()",
    ]
    notebook = open_cells(*cells)
    expect(notebook.page.locator(".sls-exercise")).to_have_count(7)
    assert notebook.violations() == []
