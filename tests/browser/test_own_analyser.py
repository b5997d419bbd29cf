"""Notebook 09 as a learner works it: a wrong answer, a right one, a stage left out, and the analyser at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from sls_lab.exercises import find
from tests.browser.conftest import Notebook

pytestmark = [pytest.mark.browser, pytest.mark.live]

RUN = """async id => {
    const content = jupyterapp.shell.currentWidget.content;
    content.activeCellIndex = content.widgets.findIndex(cell => cell.model.id === id);
    content.deselectAll();
    await jupyterapp.commands.execute('notebook:run-cell');
}"""


def cell(notebook: Notebook, id: str) -> Locator:
    """A cell by its name."""
    number = notebook.page.evaluate(
        "id => jupyterapp.shell.currentWidget.content.widgets.findIndex(cell => cell.model.id === id)", id
    )
    return notebook.page.locator(".jp-Notebook .jp-Cell").nth(number)


def write(notebook: Notebook, stage: str, function: str) -> None:
    """Write a function into the cell of a stage, as one pastes it, and run the cell."""
    one = cell(notebook, f"exercise-{stage}-cell")
    one.locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    name = find(f"09/{stage}").task.function
    notebook.page.keyboard.insert_text(f'{function.strip()}\n\n\ncheck_exercise("09/{stage}", {name})')
    notebook.page.evaluate(RUN, f"exercise-{stage}-cell")


def test_two_stages_are_written_and_the_analyser_finds_its_flow(
    open_notebook: Callable[..., Notebook], tmp_path: Path
) -> None:
    notebook = open_notebook("notebooks/09-write-your-own-analyser.ipynb", width=1280, height=720)
    page = notebook.page
    notebook.run_all()
    expect(cell(notebook, "stage-1-use")).to_contain_text("You have not written assign yet")
    exercise = cell(notebook, "exercise-assignments").locator(".sls-exercise")
    expect(exercise).to_contain_text("It is also tried on 7 samples that are not shown.")

    task = find("09/assignments").task
    write(notebook, "assignments", task.wrong[4].answer)
    expect(exercise.locator(".sls-badge")).to_have_text("✗ Not yet")
    expect(cell(notebook, "exercise-assignments-cell")).to_contain_text("takes the marks off")
    page.evaluate(RUN, "stage-1-use")
    expect(cell(notebook, "stage-1-use")).to_contain_text("that of the small package is used")
    page.screenshot(path=tmp_path / "wrong-1280-light.png")

    write(notebook, "assignments", task.solution)
    expect(exercise.locator(".sls-badge")).to_have_text("✓ Right")
    page.evaluate(RUN, "stage-1-use")
    expect(cell(notebook, "stage-1-use")).to_contain_text("From here on your own assign is used.")
    write(notebook, "expressions", find("09/expressions").task.solution)
    expect(cell(notebook, "exercise-expressions-cell")).to_contain_text("✓ Right")
    page.evaluate(RUN, "stage-2-use")
    page.evaluate(RUN, "together-run")
    expect(cell(notebook, "together-run")).to_contain_text("submit_handler → os.system in convert_handler, line 16")
    expect(cell(notebook, "together-run")).to_contain_text("safe-wrong-table: no flow")

    for theme in ("light", "dark"):
        if theme == "dark":
            notebook.show_theme("Dark")
        for width, height in ((1280, 720), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            assert notebook.misfits() == [], (theme, width)
            for id in (
                "step-1-source",
                "step-3-run",
                "exercise-assignments",
                "exercise-assignments-cell",
                "stage-1-use",
                "exercise-calls",
                "stage-4-run",
                "kinds-run",
                "exercise-why-is-it-wrong",
            ):
                cell(notebook, id).evaluate("element => element.scrollIntoView({block: 'start'})")
                page.screenshot(path=tmp_path / f"{id}-{width}-{theme}.png")
    assert notebook.violations() == []
    assert notebook.strangers == []
    assert notebook.complaints == []
