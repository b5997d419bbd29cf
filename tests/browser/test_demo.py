"""The demonstration panel in JupyterLab: everything by mouse and keys, nothing typed but a folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_one_screen import events, outside, rewriting, taint, template, tree

pytestmark = [pytest.mark.browser, pytest.mark.live]

CELL = "import sls_lab\npanel = sls_lab.demo()\npanel"


def test_all_steps_are_reached_by_arrow_keys(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL, width=1920)
    page = notebook.page
    page.get_by_role("tab", name="1 Template").focus()
    reached = []
    for number in range(6):
        page.locator(f".sls-demo[data-shown='upload-chain/{notebook.ask('panel.tab')}']").wait_for()
        widget = page.locator(".sls-large .sls:not(.sls-demo)")
        widget.wait_for()
        reached.append(notebook.ask("type(panel.children[1].children[0]).__name__"))
        # Large type reaches what is inside the panel as well.
        assert widget.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 20
        if number < 5:
            before = notebook.ask("panel.tab")
            page.keyboard.press("ArrowRight")
            page.locator(f".sls-demo[data-shown='upload-chain/{before}']").wait_for(state="detached")
    assert reached == [
        *("TemplateExplorer", "AstExplorer", "EventGraphExplorer", "RewritingStepper", "TaintStepper", "Editor")
    ]
    control = page.locator(".sls-demo")
    for name, look in {"1 Template": template, "2 Code": tree, "3 Events": events, "4 Rewriting": rewriting}.items():
        page.get_by_role("tab", name=name).click()
        assert outside(page.locator(".sls-large .sls:not(.sls-demo)"), control, [look]) == {}, name
    page.get_by_role("tab", name="5 Taint").click()
    assert outside(page.locator(".sls-large .sls-taint"), control, [taint]) == {}
    page.get_by_role("tab", name="Change it").click()
    page.get_by_label("File", exact=True).wait_for()
    assert page.get_by_label("File", exact=True).input_value() == "handlers/convert.py", "where the flow ends"
    assert notebook.misfits() == []
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_another_application_and_a_folder_that_is_none(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    page.get_by_label("Application", exact=True).select_option("mail-leak")
    page.locator(".sls-demo[data-shown='mail-leak/template']").wait_for()
    folder = page.get_by_label("Folder of another application")
    folder.fill("no/such/folder")
    folder.press("Enter")
    page.locator(".sls-demo .sls-status", has_text="There is no folder").wait_for()
    assert notebook.ask("panel.name") == "mail-leak"


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    for tab in ("2 Code", "3 Events", "4 Rewriting", "5 Taint"):
        notebook.page.get_by_role("tab", name=tab).click()
        notebook.page.locator(".sls-demo[data-shown]").wait_for()
        assert notebook.violations() == []
