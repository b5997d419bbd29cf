"""Every notebook in JupyterLab, as a learner sees it: it runs, and its widgets fit, narrow and wide, and when dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
VIEWS = (("light", 1280), ("light", 1920), ("dark", 1920))
# Widgets whose script still works: nothing drawn yet, or waiting for Python.
UNDRAWN = """() => [...document.querySelectorAll('.jp-OutputArea-output .sls')]
    .filter(widget => !widget.innerText.trim() || widget.matches('[data-busy]')).length"""
# What is wider than its place: a widget that scrolls sideways as a whole, a button or heading whose text is cut, two
# controls one above the other. Code, graphs and tables scroll in boxes of their own, which is as it should be.
MISFITS = """() => {
    const wrong = [];
    const CONTROLS = 'button, select, label, input, textarea, h4, summary, .sls-status';
    const say = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
    const seen = element => element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    const place = element => {
        let {left, top, right, bottom} = element.getBoundingClientRect();
        for (let box = element.parentElement; box && !box.matches('.sls'); box = box.parentElement) {
            if (getComputedStyle(box).overflow === 'visible') continue;
            const its = box.getBoundingClientRect();
            [left, top] = [Math.max(left, its.left), Math.max(top, its.top)];
            [right, bottom] = [Math.min(right, its.right), Math.min(bottom, its.bottom)];
        }
        return {element, left, top, right, bottom};
    };
    for (const widget of [...document.querySelectorAll('.sls')].filter(seen)) {
        if (widget.scrollWidth > widget.clientWidth + 1) say('a widget is wider than its place', widget);
        const controls = [...widget.querySelectorAll(CONTROLS)]
            .filter(element => seen(element) && element.closest('.sls') === widget && !element.closest('.sls-hidden'));
        for (const control of controls.filter(element => element.matches('button, label, h4, summary'))) {
            if (control.clientWidth && control.scrollWidth > control.clientWidth + 1) say('a text is cut', control);
        }
        const places = controls.map(place).filter(({left, top, right, bottom}) => right > left + 2 && bottom > top + 2);
        places.forEach((one, number) => {
            for (const other of places.slice(number + 1)) {
                if (one.element.contains(other.element)) continue;
                const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
                const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
                if (across > 2 && down > 2) say(`it covers ${one.element.outerHTML.slice(0, 160)}`, other.element);
            }
        });
    }
    return wrong;
}"""
# A notebook as long as a page, so that a picture shows all of it.
WHOLE = "() => Math.ceil(document.querySelector('.jp-WindowedPanel-inner, .jp-Notebook').scrollHeight) + 200"


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
            notebook.dark()
        page.set_viewport_size({"width": width, "height": 1300})
        wrong += [f"{theme}, {width} wide, {misfit}" for misfit in page.evaluate(MISFITS)]
        page.set_viewport_size({"width": width, "height": min(page.evaluate(WHOLE), 16_000)})
        page.screenshot(path=tmp_path / f"{path.stem}-{theme}-{width}.png")
    assert wrong == []
    if page.locator(".sls").count():
        assert notebook.violations() == []
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
def test_a_misfit_is_noticed(browser: Browser, style: str, complaint: str | None) -> None:
    page = browser.new_page()
    page.set_content(
        f"<style>.sls {{ width: 500px }} {style}</style><div class=sls><label>Choose a file</label>"
        "<button>Analyse again</button><p>text</p><div><textarea></textarea></div><h4>below</h4></div>"
    )
    found = page.evaluate(MISFITS)
    page.close()
    assert len(found) == (complaint is not None)
    assert complaint is None or found[0].startswith(complaint)
