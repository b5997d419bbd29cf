"""The AST explorer with mouse and keyboard, and on a long file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CELL = """import sls_lab
from sls_lab.widgets import AstExplorer
app = sls_lab.load_app("../code-examples/apps/upload-chain")
explorer = AstExplorer(app, "handlers/submit.py")
explorer"""
# The kit's own modules behind each other: 2,000 lines as people write them.
LONG = """from pathlib import Path
import sls_lab
from sls_lab.widgets import AstExplorer
modules = sorted(Path(sls_lab.__file__).parent.glob("template/**/*.py"))
lines = "".join(module.read_text() for module in modules).splitlines(keepends=True)
explorer = AstExplorer("".join(lines[: max(at for at in range(2000, 2300) if lines[at].startswith("def "))]))
explorer"""
# Click a place, and see at once whether it is highlighted.
CLICK = """number => {
    const segment = document.querySelectorAll('.sls-ast .sls-source [data-segment]')[number];
    segment.click();
    return segment.classList.contains('sls-chosen');
}"""


def chosen(widget: Any) -> str:
    """The text that is highlighted."""
    return "".join(widget.locator(".sls-source .sls-chosen[data-segment]").all_text_contents())


def heading(widget: Any, name: str) -> Any:
    """The details of a node of this class."""
    return widget.get_by_role("link", name=f"ast.{name} in Python's documentation")


def test_a_click_chooses_the_innermost_node_and_each_further_one_the_node_around(
    open_cells: Callable[..., Any],
) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-ast")
    place = widget.locator(".sls-source [data-segment]", has_text="recording").nth(2)
    place.click()
    heading(widget, "Name").wait_for()
    assert chosen(widget) == "recording"
    place.click()
    heading(widget, "Subscript").wait_for()
    assert chosen(widget) == 'recording["audio"]'
    place.click()
    heading(widget, "Call").wait_for()
    assert chosen(widget) == 'len(recording["audio"])'
    widget.get_by_role("button", name="Parent").click()
    heading(widget, "Compare").wait_for()
    assert widget.locator("[role=treeitem][aria-selected=true]").get_attribute("aria-label") == "test Compare Gt"
    assert notebook.ask("explorer.model.rows[explorer.node].name") == "Compare"
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_tree_is_walked_by_keys(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-ast")
    focused = widget.locator("[role=treeitem]:focus")
    widget.get_by_role("treeitem", name="Module").first.focus()
    page.keyboard.press("End")
    assert focused.get_attribute("aria-label") == "body[5] FunctionDef handler"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert focused.get_attribute("aria-label") == "args arguments"
    page.keyboard.press("ArrowDown")
    assert focused.get_attribute("aria-label") == "body[0] Assign"
    heading(widget, "Assign").wait_for()
    assert chosen(widget) == 'recording = json.loads(event["body"])'
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    assert focused.get_attribute("aria-label") == "body[5] FunctionDef handler"
    page.keyboard.press("ArrowLeft")
    assert focused.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Home")
    assert focused.get_attribute("aria-label") == "Module"
    widget.get_by_role("group", name="Python source").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    heading(widget, "Constant").wait_for()
    page.keyboard.press("Alt+ArrowUp")
    heading(widget, "Expr").wait_for()


def test_a_search_highlights_all_and_is_stepped_through(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-ast")
    widget.get_by_label("Node class to search for").fill("ast.Call")
    page.keyboard.press("Enter")
    widget.get_by_text("1 of 5 found").wait_for()
    assert chosen(widget) == 'boto3.client("sqs")'
    page.keyboard.press("Enter")
    widget.get_by_text("2 of 5 found").wait_for()
    widget.get_by_role("button", name="Previous").click()
    widget.get_by_text("1 of 5 found").wait_for()
    assert widget.locator(".sls-source .sls-related").count() > 5
    widget.get_by_label("Node class to search for").fill("Cal")
    page.keyboard.press("Enter")
    widget.get_by_text("Syntax trees have no class Cal; did you mean Call?").wait_for()


def test_the_tree_follows_what_is_typed(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-ast")
    widget.get_by_role("button", name="Edit").click()
    text = widget.get_by_label("Python source, to change")
    text.fill("print(1 + 2)\n")
    widget.get_by_role("treeitem", name="body[0] Expr").wait_for()
    text.fill("print(1 + \n")
    widget.get_by_text("Line 1, column 5").wait_for()
    widget.get_by_text("Syntax tree of the last text that parses").wait_for()
    assert widget.get_by_role("treeitem", name="body[0] Expr").count() == 1
    assert notebook.violations() == []
    text.fill("wait()\n")
    widget.get_by_text("Line 1, column 5").wait_for(state="hidden")
    widget.get_by_role("button", name="Edit").click()
    assert widget.locator(".sls-source pre").text_content() == "wait()\n"
    widget.get_by_role("tab", name="As dump").click()
    widget.get_by_text("Module(").wait_for()
    widget.get_by_role("button", name="Reset").click()
    widget.get_by_text("The original is back.").wait_for()
    assert "def handler" in widget.locator(".sls-source pre").text_content()
    assert notebook.complaints == []


def test_a_long_file_answers_a_click_without_waiting_for_python(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(LONG)
    widget = notebook.page.locator(".sls-ast")
    widget.locator(".sls-source [data-segment]").first.wait_for()
    assert notebook.ask("len(explorer.raw.splitlines())") > 2000
    names = notebook.ask("[n for n, row in enumerate(explorer.model.rows) if row.name == 'Name' and row.span]")
    assert len(names) > 2000
    for number in (3000, 9000, 6000):
        assert notebook.page.evaluate(CLICK, number)
    selected = "document.querySelector('.sls-ast [aria-selected=true]').dataset.node"
    notebook.page.wait_for_function(f"() => {selected} !== '0'")
    wanted = notebook.page.evaluate(selected)
    name = notebook.ask(f"explorer.model.rows[{wanted}].name")
    heading(widget, name).wait_for()
    # What spans most of the file gets one band, not a look for each of its pieces.
    widget.get_by_role("treeitem", name="Module").first.focus()
    notebook.page.keyboard.press("Enter")
    heading(widget, "Module").wait_for()
    assert notebook.complaints == []


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-ast")
    widget.get_by_label("Node class to search for").fill("Call")
    notebook.page.keyboard.press("Enter")
    widget.get_by_text("1 of 5 found").wait_for()
    assert notebook.violations() == []
