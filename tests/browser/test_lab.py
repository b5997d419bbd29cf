"""The first notebook in JupyterLab, in a browser, as a learner opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.live]


def test_the_first_notebook_runs_in_jupyterlab(open_page: Callable[[str], Any], tmp_path: Path) -> None:
    notebook = open_page("notebooks/00-start-here.ipynb")
    notebook.run_all()
    assert notebook.ask("[f.sink.handler for f in app.flows.flows]") == ["convert"]
    assert notebook.ask("app.complete") is True
    # What Python holds is also on the page.
    assert notebook.ask("app.flows.analysed") == "live"
    shown = notebook.page.locator(".jp-OutputArea-output")
    shown.filter(has_text="Data of an outsider in a shell command").filter(has_text="reaches os.system").wait_for()
    notebook.page.get_by_role("option", name="register → convert").wait_for()
    picture = tmp_path / "first-notebook.png"
    notebook.page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_first_page_is_the_first_notebook(open_page: Callable[[str], Any]) -> None:
    notebook = open_page("")
    path = notebook.page.evaluate("() => jupyterapp.shell.currentWidget.context.path")
    assert path == "my-course/notebooks/00-start-here.ipynb"  # the learner's own copy
    assert notebook.strangers == []
    assert notebook.complaints == []


def test_the_applications_can_be_opened_beside_the_notebook(open_page: Callable[[str], Any]) -> None:
    notebook = open_page("notebooks/00-start-here.ipynb")
    notebook.page.evaluate(
        "async () => { await jupyterapp.commands.execute('docmanager:open',"
        " {path: 'code-examples/apps/upload-chain/serverless.yml'}); }"
    )
    notebook.page.locator(".cm-content").filter(has_text="service:").first.wait_for()
    assert notebook.strangers == []
    assert notebook.complaints == []
