"""Predictions as a learner makes them: nothing of the answer is in sight until the learner has given one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

pytestmark = [pytest.mark.browser]

HELD = "what was held back"
CELL = f"""from sls_lab.widgets import predict, progress_bar, table

def shown():
    print("printed")
    return table("{HELD}", ("a", "b"), [(1, 2)])

predict("{{}}", shown)"""


@pytest.fixture
def own_learner(request: pytest.FixtureRequest) -> str:
    """Each test is a learner who has not predicted anything yet."""
    name: str = request.node.name.translate(str.maketrans("[]", "--"))
    return name


def ask(open_cells: Callable[..., Any], id: str, learner: str, *more: str, **size: int) -> tuple[Any, Locator]:
    head = f'import os\nos.environ["SLS_LAB_LEARNER"] = "{learner}"\n'
    notebook = open_cells(head + CELL.format(id), *more, **size)
    widget = notebook.page.locator("section.sls-exercise").first
    widget.get_by_role("button", name="Commit my answer").wait_for()
    return notebook, widget


def test_the_output_opens_only_after_the_learner_has_committed(
    open_cells: Callable[..., Any], own_learner: str
) -> None:
    notebook, widget = ask(open_cells, "00/who-is-woken-from-outside", own_learner, "progress_bar()")
    page = notebook.page
    outputs = page.locator(".jp-OutputArea")
    expect(outputs.first).not_to_contain_text(HELD, use_inner_text=True)
    expect(outputs.first).not_to_contain_text("printed", use_inner_text=True)
    expect(outputs.first).not_to_contain_text("The other three are woken", use_inner_text=True)
    widget.get_by_role("button", name="Commit my answer").click()
    expect(widget.locator(".sls-badge")).to_have_text("○ No answer yet")
    expect(outputs.first).not_to_contain_text(HELD, use_inner_text=True)
    widget.get_by_role("radio", name="All four").check()
    widget.get_by_role("button", name="Commit my answer").click()
    expect(widget.locator(".sls-badge")).to_have_text("● Committed")
    expect(widget.locator(".sls-verdict")).to_contain_text("The other three are woken")
    expect(outputs.first).to_contain_text(HELD, use_inner_text=True)
    expect(outputs.first).to_contain_text("printed")
    expect(widget.get_by_role("radio", name="All four")).to_be_disabled()
    bar = page.locator(".sls-progress")
    expect(bar.get_by_role("row", name="00 Start here")).to_contain_text("1 of ")
    # Run again, it stays open; the answer is kept.
    notebook.run_all()
    expect(page.locator(".sls-exercise").first.locator(".sls-badge")).to_have_text("● Committed")
    expect(outputs.first).to_contain_text(HELD, use_inner_text=True)
    assert notebook.complaints == []


def test_a_few_words_are_committed_by_the_keyboard_alone(open_cells: Callable[..., Any], own_learner: str) -> None:
    notebook, widget = ask(open_cells, "00/how-many-flows", own_learner)
    keys = notebook.page.keyboard
    widget.get_by_role("textbox").focus()
    keys.type("one and two")
    keys.press("Enter")
    expect(widget.locator(".sls-badge")).to_have_text("● Committed")
    verdict = widget.locator(".sls-verdict")
    expect(verdict).to_contain_text("one and two")
    expect(verdict).to_contain_text("None, then one")
    expect(notebook.page.locator(".jp-OutputArea").first).to_contain_text(HELD, use_inner_text=True)
    assert notebook.complaints == []


def test_a_saved_notebook_keeps_the_answer_in_a_fold(
    open_cells: Callable[..., Any], own_learner: str, lab: Any
) -> None:
    notebook, _ = ask(open_cells, "00/how-many-flows", own_learner)
    notebook.do("docmanager:save")
    saved = lab.folder / notebook.page.evaluate("() => jupyterapp.shell.currentWidget.context.path")
    outputs = json.loads(saved.read_text(encoding="utf-8"))["cells"][0]["outputs"]
    html = "".join(outputs[1]["data"]["text/html"])
    question, _, folded = html.rpartition("</style>")[2].partition("<details>")
    assert "How many flows" in question
    assert "None, then one" not in question and HELD not in question
    assert "None, then one" in folded
    assert "".join(outputs[2]["data"]["text/html"]).startswith('<div class="sls-saved"><details>')
    assert HELD in "".join(outputs[2]["data"]["text/html"])


def test_nothing_seriously_hinders_access(open_cells: Callable[..., Any], own_learner: str) -> None:
    more = 'from sls_lab.widgets import recall\nrecall("01")'
    notebook, widget = ask(
        open_cells, "00/how-many-flows", own_learner, more, 'predict("00/who-is-woken-from-outside")'
    )
    widget.get_by_role("textbox").fill("one")
    widget.get_by_role("button", name="Commit my answer").click()
    expect(widget.locator(".sls-badge")).to_have_text("● Committed")
    assert notebook.page.locator("section.sls-exercise").count() == 5
    assert notebook.violations() == []
    assert notebook.misfits() == []
