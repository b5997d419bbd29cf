"""What every widget has: a text twin, and links into the kit's source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_text_twin_follows_the_widget(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(
        "import sls_lab\nfrom sls_lab.widgets import Editor\n"
        'editor = Editor(sls_lab.load_app("../code-examples/apps/upload-chain"))\neditor'
    )
    widget = notebook.page.locator(".sls-editor")
    widget.locator("summary").click()
    twin = widget.locator(".sls-as-text pre")
    twin.filter(has_text="service: choir-recordings").wait_for()
    widget.get_by_label("File", exact=True).select_option("handlers/convert.py")
    twin.filter(has_text="os.system").wait_for()
    assert notebook.complaints == []


def test_the_kits_source_opens_at_its_line(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells("import sls_lab\nfrom sls_lab.widgets import look_into\nlook_into(sls_lab.load_app)")
    line = notebook.ask("look_into(sls_lab.load_app).line")
    notebook.page.get_by_role("link", name="sls_lab/app.py").click()
    notebook.page.wait_for_function(
        "line => jupyterapp.shell.currentWidget.content.editor?.getCursorPosition().line === line - 1", arg=line
    )
    assert notebook.complaints == []
