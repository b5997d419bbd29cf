"""The look at every page sees what is too small, sticks out, overlaps, is cut off or is fetched."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

STYLE = """<!doctype html><style>
body { margin: 0 } svg[data-marpit-svg] { display: block; width: 1280px; height: 720px }
section { position: relative; width: 1280px; height: 720px; font: 30px/1.3 sans-serif }
p { position: absolute; margin: 0; left: 100px; top: 100px }
</style>"""
PAGE = """<svg data-marpit-svg viewBox="0 0 1280 720"><foreignObject width="1280" height="720"><section>{}</section>
</foreignObject></svg>"""
DRAWING = '<p><svg width="{}" height="100" viewBox="0 0 400 100"><text x="50" y="50" font-size="30">word</text></svg>'
FETCHED = "http://127.0.0.1:9/x.png"
GOOD = ["<p>A few words", DRAWING.format(400), "<p style='font-size: 24px'>small"]
BAD = {
    "<p style='font-size: 23px'>small": "points high",
    DRAWING.format(300): "points high",
    "<p style='left: 1200px; white-space: nowrap'>too far to the right": "sticks out",
    "<p style='top: 650px'>where the page number is": "sticks out",
    "<p style='left: 5px'>in the margin": "begins outside the margin",
    "<p style='width: 60px; overflow: hidden; white-space: nowrap'>more than there is room for": "is cut off",
    "<p>one line of words</p><p style='top: 110px'>another line": "overlap",
    "": "shows no text",
}
PAGES = [*GOOD, *BAD, f"<p>words<img src='{FETCHED}'>"]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, look: Callable[[Path], list[str]]) -> list[str]:
    """What is said of a deck of all these pages."""
    file = tmp_path_factory.mktemp("deck") / "all pages.html"
    file.write_text(STYLE + "".join(map(PAGE.format, PAGES)), encoding="utf-8")
    return look(file)


def of_page(found: list[str], body: str) -> list[str]:
    number = PAGES.index(body) + 1
    return [one for one in found if re.match(rf"slide {number}:", one)]


@pytest.mark.browser
@pytest.mark.parametrize("body", GOOD)
def test_a_page_that_is_well_has_no_complaint(found: list[str], body: str) -> None:
    assert of_page(found, body) == []


@pytest.mark.browser
@pytest.mark.parametrize(("body", "complaint"), BAD.items())
def test_what_is_wrong_is_said_of_its_page(found: list[str], body: str, complaint: str) -> None:
    assert any(complaint in one for one in of_page(found, body)), found


@pytest.mark.browser
def test_what_is_fetched_is_said_of_the_deck(found: list[str]) -> None:
    assert [one for one in found if not one.startswith("slide ")] == [f"asks for {FETCHED}"]
