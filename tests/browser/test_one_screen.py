"""What a click changes is seen without scrolling the page, on the screens that learners have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

SIZES = [(1280, 720), (1440, 900)]
LOAD = """import sls_lab
from sls_lab.app import analyse
from sls_lab.widgets import *
app = sls_lab.load_app("../code-examples/apps/upload-chain")
"""
# How far the part sticks out of what is seen of the notebook: above, below.
OUTSIDE = """part => {
    const seen = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
    const {top, bottom} = part.getBoundingClientRect();
    return [Math.max(0, seen.top - top), Math.max(0, bottom - seen.bottom)].map(Math.round);
}"""


def template(widget: Locator) -> list[Locator]:
    widget.get_by_role("option", name="convert").click()
    return [widget.locator("pre .sls-chosen, pre .sls-related").first, widget.locator(".sls-heading").first]


def tree(widget: Locator) -> list[Locator]:
    widget.get_by_role("group", name="Python source", exact=True).press("ArrowRight")
    widget.get_by_role("group", name="Python source", exact=True).press("Enter")
    return [widget.locator("[aria-selected=true] > .sls-tree-line"), widget.locator("pre .sls-chosen").first]


def events(widget: Locator) -> list[Locator]:
    widget.get_by_role("option", name="register → convert").click()
    widget.get_by_role("group", name="Template", exact=True).locator(".sls-chosen").first.wait_for()
    code = widget.get_by_role("group", name="Code", exact=True).locator(".sls-chosen").first
    return [code, widget.get_by_role("group", name="Template", exact=True).locator(".sls-chosen").first]


def whole_graph(widget: Locator) -> list[Locator]:
    widget.get_by_role("button", name="Fit").click()
    return [widget.locator(".sls-graph svg")]


def rewriting(widget: Locator) -> list[Locator]:
    widget.get_by_role("option", name="handler call handlers/store.py:15").click()
    widget.get_by_text("change 10 of 16").wait_for()
    return [
        widget.get_by_role("group", name="After").locator(".sls-chosen").first,
        widget.locator(".sls-because li").first,
    ]


def taint(widget: Locator) -> list[Locator]:
    widget.get_by_role("button", name="Last", exact=True).dispatch_event("click")
    widget.get_by_text("step 19 of 19").wait_for()
    code = widget.get_by_role("group", name="Code", exact=True)
    return [code.locator(".sls-chosen").first, widget.locator("g.sls-chosen").first, widget.locator(".sls-what")]


def request(widget: Locator) -> list[Locator]:
    widget.get_by_role("button", name="Send", exact=True).click()
    widget.get_by_text("4 handlers ran").wait_for()
    return [widget.locator(".sls-happens h4"), widget.locator("g.node.sls-chosen").first]


def editor(widget: Locator) -> list[Locator]:
    widget.get_by_label("Text of the file").press("Control+End")
    return [widget.locator(".sls-status")]


def exercise(widget: Locator) -> list[Locator]:
    widget.get_by_role("button", name="Check").click()
    widget.locator(".sls-verdict-word").wait_for()
    return [widget.locator(".sls-verdict-word")]


WIDGETS: dict[str, tuple[str, str, list[Callable[[Locator], list[Locator]]]]] = {
    "template": ("TemplateExplorer(app)", ".sls-template", [template]),
    "tree": ('AstExplorer(app, "handlers/convert.py")', ".sls-ast", [tree]),
    "events": ("EventGraphExplorer(app)", ".sls-events", [events, whole_graph]),
    "rewriting": ("RewritingStepper(app)", ".sls-rewriting", [rewriting]),
    "taint": ("analyse([app], use_recording=True, raw=True)\nTaintStepper(app)", ".sls-taint", [taint]),
    "request": ('SendRequest(app, "title", ["x\'; env; \'"])', ".sls-send", [request]),
    "editor": ('Editor(app, "handlers/convert.py")', ".sls-editor", [editor]),
    "exercise": ('exercise("03/make-a-path")', ".sls-exercise", [exercise]),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_what_a_click_changes_is_on_the_screen(open_cells: Callable[..., Any], name: str) -> None:
    cell, selector, actions = WIDGETS[name]
    notebook = open_cells(LOAD + cell, "print('\\n' * 60)", width=SIZES[0][0], height=SIZES[0][1])
    widget = notebook.page.locator(selector).first
    if name in {"events", "taint", "request"}:
        widget.locator("g.node").first.wait_for()
    outside = {}
    for width, height in SIZES:
        notebook.page.set_viewport_size({"width": width, "height": height})
        for action in actions:
            widget.evaluate("part => part.scrollIntoView({block: 'start'})")
            for number, part in enumerate(action(widget)):
                out = part.evaluate(OUTSIDE)
                if any(out):
                    outside[width, action.__name__, number] = out
    assert outside == {}
    assert notebook.misfits() == []
    assert notebook.complaints == []
