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
# A class of 2,000 lines, as hard a case as a file gives: all of it lies within one node.
LONG = """from sls_lab.widgets import AstExplorer
method = '''    def method_{0}(self, event):
        key = f"incoming/{{event['title']}}-{0}.wav"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=event["body"])
        return [part for part in key.split("/") if part and part != "{0}"]
'''
explorer = AstExplorer("class Long:\\n" + "".join(method.format(number) for number in range(500)))
explorer"""
# Click each of these places, and wait until the node is highlighted and then until all about it is shown.
CLICKS = """async places => {
    const root = document.querySelector('.sls-ast');
    const times = [];
    for (const place of places) {
        const segment = root.querySelectorAll('.sls-source [data-segment]')[place];
        const before = performance.now();
        const said = new Promise(done => {
            const about = [...root.querySelectorAll('.sls-pane')].at(-2);
            const watch = new MutationObserver(() => { watch.disconnect(); done(); });
            watch.observe(about, {childList: true});
        });
        segment.click();
        const shown = segment.classList.contains('sls-chosen') ? performance.now() - before : Infinity;
        await said;
        await new Promise(requestAnimationFrame);
        times.push([shown, performance.now() - before]);
    }
    return times;
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
    place = widget.locator(".sls-source [data-segment]", has_text="recording").nth(1)
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


def test_a_long_file_answers_a_click_at_once(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(LONG)
    notebook.page.locator(".sls-ast .sls-source [data-segment]").first.wait_for()
    assert notebook.ask("len(explorer.raw.splitlines())") == 2001
    times = notebook.page.evaluate(CLICKS, list(range(100, 9000, 700)))
    shown, complete = (sorted(column) for column in zip(*times, strict=True))
    # The quickest of many: how long the widget takes when the machine does nothing else.
    assert shown[0] < 100
    assert complete[0] < 100
    assert notebook.complaints == []


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any], dark: bool) -> None:
    notebook = open_cells(CELL)
    if dark:
        notebook.dark()
    widget = notebook.page.locator(".sls-ast")
    widget.get_by_label("Node class to search for").fill("Call")
    notebook.page.keyboard.press("Enter")
    widget.get_by_text("1 of 5 found").wait_for()
    assert notebook.violations() == []
