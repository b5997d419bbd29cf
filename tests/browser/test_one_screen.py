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
# JupyterLab follows the size of its window a frame or two later.
LAID_OUT = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"
)
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
    widget.get_by_role("option", name="register → convert").dispatch_event("click")
    widget.locator(".sls-title", has_text="register → convert").wait_for()
    widget.get_by_role("group", name="Template", exact=True).locator(".sls-chosen").first.wait_for()
    code = widget.get_by_role("group", name="Code", exact=True).locator(".sls-chosen").first
    return [code, widget.get_by_role("group", name="Template", exact=True).locator(".sls-chosen").first]


def whole_graph(widget: Locator) -> list[Locator]:
    widget.get_by_role("button", name="Fit").click()
    return [widget.locator(".sls-graph svg")]


def rewriting(widget: Locator) -> list[Locator]:
    widget.get_by_role("option", name="handler call handlers/store.py:15").dispatch_event("click")
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
    widget.locator(".sls-verdict-word").evaluate_all("earlier => earlier.forEach(word => word.remove())")
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


def outside(widget: Locator, top: Locator, actions: list[Callable[[Locator], list[Locator]]]) -> dict[object, object]:
    """What of the parts that the actions change is outside of what is seen, where `top` begins at the upper edge."""
    found: dict[object, object] = {}
    for width, height in SIZES:
        widget.page.set_viewport_size({"width": width, "height": height})
        widget.page.evaluate(LAID_OUT)
        for action in actions:
            top.evaluate("part => part.scrollIntoView({block: 'start'})")
            for number, part in enumerate(action(widget)):
                out = part.evaluate(OUTSIDE)
                if any(out):
                    found[width, action.__name__, number] = out
    return found


# What tells a mark, a choice, an arrow or the focus, of which a colour alone is not seen in the system's own colours.
PLAIN = """widget => {
    const canvas = document.createElement('span');
    canvas.style.cssText = 'color: Canvas; forced-color-adjust: none';
    document.body.append(canvas);
    const ground = getComputedStyle(canvas).color;
    canvas.remove();
    const lined = part => {
        const look = getComputedStyle(part);
        return look.outlineStyle !== 'none' || look.textDecorationLine !== 'none';
    };
    const wrong = [];
    const say = (what, part) => wrong.push(`${what}: ${part.outerHTML.slice(0, 120)}`);
    const MARKS = 'pre .sls-chosen, pre .sls-related, [role=option][aria-selected=true]';
    for (const part of widget.querySelectorAll(MARKS)) {
        if (!lined(part)) say('a mark is not seen', part);
    }
    for (const line of widget.querySelectorAll('g.edge path:not(.sls-hit), g.node polygon, g.node path')) {
        const look = getComputedStyle(line);
        if (look.stroke === ground || look.stroke === 'none') say('a line is not seen', line);
    }
    for (const words of widget.querySelectorAll('.sls-graph text')) {
        if (getComputedStyle(words).fill === ground) say('a label is not seen', words);
    }
    return wrong;
}"""


def unseen_in_high_contrast(widget: Locator) -> list[str]:
    """What is lost where the reader's system forces its own colours on pages, as high contrast does in Windows."""
    page = widget.page
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(forced_colors="active", color_scheme=scheme)
        found += widget.evaluate(PLAIN)
        widget.locator("button:visible, input:visible").first.focus()
        page.keyboard.press("Tab")
        if page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "none":
            found.append("the focus is not seen")
    page.emulate_media(forced_colors="none", color_scheme="light")
    return found


@pytest.mark.parametrize("name", WIDGETS)
def test_what_a_click_changes_is_on_the_screen(open_cells: Callable[..., Any], name: str) -> None:
    cell, selector, actions = WIDGETS[name]
    notebook = open_cells(LOAD + cell, "print('\\n' * 60)", width=SIZES[0][0], height=SIZES[0][1])
    widget = notebook.page.locator(selector).first
    if name in {"events", "taint", "request"}:
        widget.locator("g.node").first.wait_for()
    assert outside(widget, widget, actions) == {}
    assert notebook.misfits() == []
    if name not in {"request"}:
        assert widget.locator("pre [class$='-token']").count() > 10, "code has its colours"
    assert unseen_in_high_contrast(widget) == []
    assert notebook.complaints == []
