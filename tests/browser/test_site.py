"""A page of the site in a window as wide as a phone's: all of it is in reach, and nothing is asked for."""

from __future__ import annotations

from pathlib import Path

import nbformat
import publish
import pytest
from playwright.sync_api import Browser

import sls_lab
from sls_lab.widgets import EventGraphExplorer, listing

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
# What reaches beyond the right edge of the window and stands in no box that scrolls.
OUT_OF_REACH = """() => [...document.querySelectorAll('main *')].filter(element => {
    if (element.getBoundingClientRect().right <= innerWidth + 1) return false;
    for (let box = element.parentElement; box; box = box.parentElement) {
        if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return false;
    }
    return true;
}).map(element => element.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_fits_its_window(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr(publish, "BUILT", tmp_path)
    app = sls_lab.load_app(ROOT / "code-examples" / "apps" / "upload-chain")
    shown = (EventGraphExplorer(app).as_html(), listing(app, "handlers/submit.py")._repr_html_())
    outputs = [nbformat.v4.new_output("display_data", data={"text/html": html}) for html in shown]
    text = (
        "# Sample\n\n| one | two |\n|---|---|\n| `"
        + "a_long_name" * 20
        + "` | b |\n\n```python\n"
        + "x = 1; " * 90
        + "\n```"
    )
    cells = [
        nbformat.v4.new_markdown_cell(text),
        nbformat.v4.new_code_cell("call(" + "1, " * 90 + ")", outputs=outputs),
    ]
    publish.write(nbformat.v4.new_notebook(cells=cells), ROOT / "notebooks" / "sample.ipynb")
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: complaints.append(line.text))
    address = (tmp_path / "sample.html").as_uri()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OUT_OF_REACH) == []
    assert [url for url in asked if not url.startswith("data:")] == [address]
    assert complaints == []
    page.close()
