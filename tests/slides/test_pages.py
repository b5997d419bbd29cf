"""Every page of the decks fits, laid out in Chromium with their theme; `make slides` looks at Marp's own pages too."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import mistune
import pytest
from deck.source import DECKS, FOLDER, Slide, assembled, slides

# What Marp adds to a theme.
FRAME = "body { margin: 0 } svg[data-marpit-svg] { display: block; width: 1280px; height: 720px }"
CLASS = re.compile(r"<!-- _class: (\w+) -->")


def laid_out(page: Slide) -> str:
    """One page as Marp nests it."""
    chosen = CLASS.search(page.text)
    body = mistune.create_markdown(escape=False, plugins=["table"])(page.shown)
    return (
        '<svg data-marpit-svg viewBox="0 0 1280 720"><foreignObject width="1280" height="720">'
        f'<section class="{chosen[1] if chosen else ""}">{body}</section></foreignObject></svg>'
    )


@pytest.mark.browser
@pytest.mark.parametrize("deck", DECKS)
def test_every_page_of_a_deck_fits(deck: str, tmp_path: Path, look: Callable[[Path], list[str]]) -> None:
    pages = slides(assembled((FOLDER / deck).read_text(encoding="utf-8")))
    theme = (FOLDER / "theme.css").read_text(encoding="utf-8")
    file = tmp_path / "deck.html"
    body = "".join(map(laid_out, pages))
    file.write_text(f"<!doctype html><meta charset='utf-8'><style>{FRAME}{theme}</style>{body}", encoding="utf-8")
    assert look(file) == []
