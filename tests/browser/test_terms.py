"""A term says what it means to whoever points at it, and to whoever reaches it by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

MEANING = "A container of the service SQS that keeps messages until a handler has taken them."
CARD = "link => getComputedStyle(link, '::after').content"


def test_a_term_is_explained_by_mouse_and_by_keyboard(open_notebook: Callable[..., Any], lab: Any) -> None:
    source = Path(lab.folder, "notebooks", "00-start-here.ipynb")
    story = next(cell for cell in nbformat.read(source, as_version=4).cells if cell.get("id") == "submit")
    code = nbformat.v4.new_code_cell('from sls_lab.widgets import table\n\ntable("any output", ("a",), [(1,)])')
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(story.source), code])
    content.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(content, source.with_name("test-terms.ipynb"))
    notebook = open_notebook("notebooks/test-terms.ipynb")
    notebook.run_all()
    page = notebook.page
    link = page.get_by_role("link", name="queue")
    expect(link).to_have_attribute("title", MEANING)
    assert MEANING not in link.evaluate(CARD)
    page.locator(".sls-static").wait_for()
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    assert MEANING in link.evaluate(CARD)
    assert notebook.complaints == []
