"""The editor: a learner changes a handler, analyses again, and takes the change back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.live]

CELL = """import sls_lab
from sls_lab.widgets import Editor
app = sls_lab.load_app("../code-examples/apps/upload-chain")
editor = Editor(app, "handlers/convert.py")
editor"""


def test_a_change_is_analysed_again_and_taken_back(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-editor")
    text = widget.get_by_label("Text of the file")
    changed = text.input_value().replace("os.system(", "print(")
    assert changed != text.input_value()
    text.fill(changed)
    widget.get_by_role("button", name="Analyse again").click()
    widget.get_by_text("No flow found in the code that was analysed").wait_for()
    page.locator('.sls-editor[data-answer="no-flow"]').wait_for()
    assert notebook.violations() == []
    assert notebook.ask("len(app.flows.flows)") == 0
    widget.get_by_role("button", name="Reset").click()
    widget.get_by_text("The original is back.").wait_for()
    assert "os.system(" in text.input_value()
    assert notebook.ask("len(app.flows.flows)") == 1
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    text = page.locator(".sls-editor").get_by_label("Text of the file")
    original = text.input_value()
    text.focus()
    # In JupyterLab a bare `d d` deletes a cell and Control-Enter runs it: here both belong to the text.
    page.keyboard.press("Control+Home")
    page.keyboard.type("# dd\nif 1:\npass")
    # What is seen is a coloured copy of what was typed.
    comment = page.locator(".sls-editor .sls-is-comment-token", has_text="# dd")
    comment.wait_for()
    assert page.locator(".sls-editor .sls-typed pre").text_content() == f"{text.input_value()}\n"
    # Enter keeps the indentation, and indents after a colon; Shift-Tab and Tab move lines.
    assert text.input_value().startswith("# dd\nif 1:\n    pass")
    page.keyboard.press("Shift+Tab")
    assert text.input_value().startswith("# dd\nif 1:\npass")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert text.input_value().startswith("# dd\nif 1:\n    pass")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not text.evaluate("box => box === document.activeElement")
    text.fill("# dd\n" + original)
    page.keyboard.press("Control+Enter")
    page.locator(".sls-editor").get_by_text("1 flow found").wait_for()
    assert notebook.ask("app.code.modules['handlers/convert.py'].text.splitlines()[0]") == "# dd"


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    notebook.page.locator(".sls-editor textarea").wait_for()
    assert notebook.violations() == []
