"""The browser edition as a learner has it: `make lite`, a plain file server, Chromium, and no other host."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import NOTEBOOK_READY, ROOT, Notebook, free_port

pytestmark = [pytest.mark.browser]

BUILT = ROOT / "build" / "lite"
LARGEST = 45.0  # megabytes
#: Beside the first, those that follow the five steps, and one that shows recorded replays; the others run as
#: these do, 06 and 07 for a minute each.
REST = [file for file in sorted((ROOT / "notebooks").glob("[01]*.ipynb")) if file.name[:2] in "01 02 03 04 05 08"]
ANSWERED = "00/which-line"
WALK = "notebooks/walk.ipynb"
PROGRESS = "sls-lab/progress.json"
# Put a notebook among the learner's files, and open it.
OPEN = """async ([path, content]) => {
    await jupyterapp.serviceManager.contents.save(path, {type: 'notebook', format: 'json', content});
    await jupyterapp.commands.execute('docmanager:open', {path, factory: 'Notebook'});
}"""
# What is in the file that a learner takes along.
ATTEMPTS = """async id => {
    const file = await jupyterapp.serviceManager.contents.get('sls-lab/progress.json', {content: true});
    const text = file.format === 'base64' ? atob(file.content) : file.content;
    return JSON.parse(text).exercises[id].attempts;
}"""
SHOWN = "path => jupyterapp.shell.currentWidget?.context?.path === path"


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of the edition, built where it is not up to date, as Python's own server gives it out."""
    subprocess.run([sys.executable, str(ROOT / "scripts" / "lite.py")], check=True)
    port = free_port()
    command = [sys.executable, "-u", "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(BUILT)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert server.stdout is not None
    assert b"Serving HTTP" in server.stdout.readline()  # said when it listens
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture(scope="module")
def edition(site: str, browser: Browser) -> Iterator[Notebook]:
    """The edition's first page, with its first notebook."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(120_000)
    notebook = Notebook(page, site)
    notebook.load("", "")
    yield notebook
    page.close()


@pytest.fixture(scope="module")
def walked(edition: Notebook) -> Notebook:
    """The cells of the other notebooks in one, run: each kernel is a Python of its own, and takes seconds."""
    notebooks = [nbformat.read(file, as_version=4) for file in REST]
    cells = [{**cell, "id": f"walk-{at}"} for at, cell in enumerate(cell for one in notebooks for cell in one.cells)]
    edition.page.evaluate(OPEN, [WALK, {**notebooks[0], "cells": cells}])
    edition.page.wait_for_function(SHOWN, arg=WALK)
    edition.page.evaluate(NOTEBOOK_READY)
    edition.run_all()
    return edition


# Whether no cell waits and each that has code has been run.
ALL_RUN = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource())
    .every(({model}) => model.executionCount !== null
        && !model.outputs.toJSON().some(output => output.output_type === 'error'))"""


def walk_by_keys(notebook: Notebook) -> None:
    """Run the notebook as a learner without a mouse does: Shift+Enter, cell by cell."""
    for _ in range(notebook.page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length")):
        notebook.page.keyboard.press("Shift+Enter")
    notebook.page.wait_for_function(ALL_RUN)


def shown(notebook: Notebook) -> Locator:
    """The notebook at the front."""
    return notebook.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")


def test_an_answer_is_kept_when_the_page_is_loaded_again(edition: Notebook) -> None:
    edition.run_all()
    expect(shown(edition)).to_contain_text("steps 1 to 4 run here")
    exercise = shown(edition).locator(".sls-exercise").first
    exercise.get_by_role("radio", name="convert").check()
    exercise.get_by_role("button", name="Commit my answer").click()
    expect(exercise.locator(".sls-verdict-word")).to_have_text("✓ Right")
    bar = shown(edition).locator(".sls-progress .sls-total")
    edition.page.reload()
    edition.wait_until_ready()
    walk_by_keys(edition)
    expect(bar).to_contain_text("1 of ")
    assert edition.page.evaluate(ATTEMPTS, ANSWERED) == 1
    progress = shown(edition).locator(".sls-progress")
    with edition.page.expect_download() as saving:
        progress.get_by_role("button", name="Take everything along").press("Enter")
    taken = saving.value.path()
    expect(progress).to_contain_text("sls-lab-work.zip has your progress")
    edition.page.evaluate("async path => { await jupyterapp.serviceManager.contents.delete(path); }", PROGRESS)
    progress.get_by_role("button", name="Read again").press("Enter")
    expect(bar).to_contain_text("0 of ")
    progress.get_by_label("A file that was taken along").set_input_files(taken)
    expect(progress).to_contain_text("Brought: 1 exercise is passed now")
    expect(bar).to_contain_text("1 of ")


def test_the_other_notebooks_run_and_three_widgets_are_worked(walked: Notebook) -> None:
    tree = shown(walked).locator(".sls-ast").first
    tree.locator(".sls-source [data-segment]", has_text="put_object").first.click()
    expect(tree.get_by_role("link", name="ast.Attribute in Python's documentation")).to_be_visible()
    graph = shown(walked).locator(".sls-events").first
    graph.locator("g.handler").first.click()
    expect(graph.locator(".sls-title")).to_have_text("handler submit")
    trace = shown(walked).locator(".sls-taint").first
    trace.get_by_text("recorded, not run now").wait_for()
    for _ in range(3):
        trace.get_by_role("button", name="Next", exact=True).click()
    trace.get_by_text("submit → store, handlers/submit.py:15").wait_for()


def test_nothing_is_asked_of_another_host_and_nothing_complains(walked: Notebook) -> None:
    assert walked.strangers == []
    assert walked.complaints == []


@pytest.mark.usefixtures("site")
def test_every_package_in_it_has_its_licence() -> None:
    lock = json.loads((BUILT / "static" / "pyodide" / "pyodide-lock.json").read_text())
    kernel = {"ipykernel", "piplite", "pyodide-kernel", "sls-lab-browser"}  # of jupyterlite and of sls-lab
    there = {file.parent.name for file in (BUILT / "licences").rglob("*") if file.is_file()}
    assert lock["packages"].keys() - kernel <= there
    assert {"jupyterlite", "pyodide", "python", "emscripten"} <= there


@pytest.mark.usefixtures("site")
def test_the_edition_is_small() -> None:
    size = sum(file.stat().st_size for file in BUILT.rglob("*") if file.is_file()) / 1e6
    assert size <= LARGEST
