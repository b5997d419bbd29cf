"""The template explorer with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CELL = """import sls_lab
from sls_lab.widgets import TemplateExplorer
app = sls_lab.load_app("../code-examples/apps/{name}")
explorer = TemplateExplorer(app)
explorer"""


def test_a_variable_is_clicked_and_followed(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL.format(name="upload-chain"))
    widget = notebook.page.locator(".sls-template")
    widget.locator(".sls-mark-value[data-segment]", has_text="${self:custom.bucket}").first.click()
    widget.get_by_text("step 1 of 7").wait_for()
    widget.get_by_role("button", name="Next", exact=True).click()
    widget.get_by_text("step 2 of 7").wait_for()
    assert widget.locator(".sls-now .sls-value").text_content() == "${self:custom.prefix}-audio"
    assert "".join(widget.locator(".sls-source .sls-chosen[data-segment]").all_text_contents()) == (
        "${self:custom.prefix}-audio"
    )
    widget.get_by_role("button", name="Last", exact=True).click()
    widget.get_by_text("step 7 of 7").wait_for()
    assert widget.locator(".sls-now .sls-value").text_content() == "choir-recordings-dev-audio"
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_a_function_leads_to_its_trigger_and_the_legend_filters(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL.format(name="sam-notes"))
    widget = notebook.page.locator(".sls-template")
    widget.get_by_role("option", name="PreviewLink").click()
    widget.get_by_text("internal: woken from within").wait_for()
    widget.locator(".sls-things").get_by_role("button", name="stream reading-notes-test").click()
    widget.locator(".sls-heading", has_text="wakes PreviewLink").wait_for()
    assert widget.locator(".sls-mark-trigger[data-segment]").count() == 4
    widget.get_by_role("checkbox", name="triggers").click()
    widget.locator(".sls-mark-trigger[data-segment]").first.wait_for(state="detached")
    assert notebook.ask("explorer.state['hidden']") == ["trigger"]
    # The marks of the other kinds are still there, and numbers stand beside their lines.
    assert widget.locator(".sls-mark-function[data-segment]").count() == 4
    heights = [widget.locator(f".sls-scroll > {part}").bounding_box()["height"] for part in (".sls-gutter", "pre")]
    assert abs(heights[0] - heights[1]) < 2


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL.format(name="upload-chain"))
    page = notebook.page
    widget = page.locator(".sls-template")
    widget.get_by_role("group", name="Template").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    widget.locator(".sls-heading", has_text="${opt:stage, 'dev'}").wait_for()
    widget.get_by_role("listbox", name="Functions").focus()
    page.keyboard.press("End")
    widget.locator(".sls-heading", has_text="function convert").wait_for()
    page.keyboard.press("ArrowUp")
    widget.locator(".sls-heading", has_text="function register").wait_for()
    widget.locator(".sls-things").get_by_role("button", name="BUCKET").focus()
    page.keyboard.press("Enter")
    widget.get_by_text("step 1 of 8").wait_for()
    widget.get_by_role("button", name="Next", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    widget.get_by_text("step 3 of 8").wait_for()
    assert notebook.ask("[explorer.file, explorer.step]") == ["serverless.yml", 2]


def test_what_is_chosen_before_it_is_drawn_is_in_sight(open_cells: Callable[..., Any]) -> None:
    cell = CELL.format(name="upload-chain").removesuffix("explorer")
    notebook = open_cells(f"{cell}explorer.act('pick', id='resource:1')\nexplorer")
    notebook.page.wait_for_function("() => document.querySelector('.sls-template .sls-scroll').scrollTop > 300")
    chosen = notebook.page.locator(".sls-template .sls-source .sls-chosen[data-segment]").first
    assert chosen.text_content() == "CatalogueTable"


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL.format(name="mixed-languages"))
    widget = notebook.page.locator(".sls-template")
    widget.get_by_role("option", name="announce").click()
    widget.locator(".sls-heading", has_text="function announce").wait_for()
    assert notebook.violations() == []
    widget.locator(".sls-mark-value[data-segment]").first.click()
    widget.get_by_text("step 1 of").wait_for()
    assert notebook.violations() == []


HOSTILE = """import tempfile
from pathlib import Path
import sls_lab
from sls_lab.widgets import AstExplorer, TemplateExplorer
folder = Path(tempfile.mkdtemp())
head = "service: 部署\\nprovider:\\n  name: aws\\n  runtime: python3.12\\n  environment:\\n    LONG: " + "x" * 5000
names = "".join(f"\\n  '<img src=x onerror=boom()>{n}\\"]; x [':\\n    handler: h.f{n}" for n in range(100))
(folder / "serverless.yml").write_text(f"{head}\\nfunctions:{names}\\n")
handler = "def f{}(event, context): return '<script>boom()</script>'\\n"
(folder / "h.py").write_text("".join(handler.format(n) for n in range(100)))
app = sls_lab.load_app(folder)
template = TemplateExplorer(app)
tree = AstExplorer(app)
display(template)
display(tree)"""


def test_hostile_names_are_shown_as_text_and_two_widgets_follow_each_other(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(HOSTILE)
    template, tree = notebook.page.locator(".sls-template"), notebook.page.locator(".sls-ast")
    template.get_by_role("option").nth(99).wait_for()
    template.get_by_role("option").nth(99).click()
    template.locator(".sls-heading", has_text='<img src=x onerror=boom()>99"]; x [').wait_for()
    template.get_by_role("button", name="h.py:100").click()
    tree.locator("[aria-selected=true]", has_text="f99").wait_for()
    tree.get_by_role("tab", name="As code").click()
    tree.locator("pre.sls-code", has_text="return '<script>boom()</script>'").first.wait_for()
    assert notebook.page.locator(".sls img, .sls script").count() == 0
    # Long lines are scrolled, not clipped, and nothing grows out of the widget.
    for widget in (template, tree):
        assert widget.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
    assert notebook.complaints == []
