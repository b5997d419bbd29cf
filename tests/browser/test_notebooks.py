"""Every notebook in JupyterLab, as a learner sees it: it runs, and its widgets fit, narrow and wide, and when dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
VIEWS = (("light", 1280), ("light", 1920), ("dark", 1920))
# Widgets whose script still works: nothing drawn yet, or waiting for Python.
UNDRAWN = """() => [...document.querySelectorAll('.jp-OutputArea-output .sls')]
    .filter(widget => !widget.innerText.trim() || widget.matches('[data-busy]')).length"""
# A notebook as long as a page, so that a picture shows all of it.
WHOLE = """() => 200 + Math.max(...[...document.querySelectorAll('.jp-WindowedPanel-outer, .jp-Notebook')]
    .map(box => box.scrollHeight))"""

TOP = """async () => {
    document.querySelectorAll('.jp-WindowedPanel-outer').forEach(box => { box.scrollTop = 0; });
    await new Promise(requestAnimationFrame);
}"""


@pytest.mark.live
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_runs_and_fits(path: Path, open_notebook: Callable[..., Any], tmp_path: Path) -> None:
    notebook = open_notebook(f"notebooks/{path.name}", width=VIEWS[0][1])
    page = notebook.page
    notebook.run_all()
    page.wait_for_function(f"() => ({UNDRAWN})() === 0")
    wrong: list[str] = []
    for theme, width in VIEWS:
        if theme == "dark":
            notebook.show_theme("Dark")
        page.set_viewport_size({"width": width, "height": 1300})
        wrong += [f"{theme}, {width} wide, {misfit}" for misfit in notebook.misfits()]
        page.set_viewport_size({"width": width, "height": min(page.evaluate(WHOLE), 12_000)})
        page.evaluate(TOP)
        page.screenshot(path=tmp_path / f"{path.stem}-{theme}-{width}.png")
    assert wrong == []
    if page.locator(".sls").count():
        assert notebook.violations(themes=["Dark"]) == []
    assert notebook.ask("1 + 1") == 2  # the kernel is alive, also where no cell ran
    assert notebook.strangers == []
    assert notebook.complaints == []


@pytest.mark.parametrize(
    ("style", "complaint"),
    [
        ("", None),
        ("button { width: 3em; white-space: nowrap }", "a text is cut"),
        ("p { width: 900px }", "a widget is wider"),
        ("button { margin-left: -2em }", "it covers <label>"),
        ("div div { height: 1em; overflow: auto } textarea { height: 20em }", None),
    ],
)
def test_a_misfit_is_noticed(blank: Any, style: str, complaint: str | None) -> None:
    blank.page.set_content(
        f"<style>.sls {{ width: 500px }} {style}</style><div class=sls><label>Choose a file</label>"
        "<button>Analyse again</button><p>text</p><div><textarea></textarea></div><h4>below</h4></div>"
    )
    found = blank.misfits()
    assert len(found) == (complaint is not None)
    assert complaint is None or found[0].startswith(complaint)
