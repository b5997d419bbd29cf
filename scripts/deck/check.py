"""Look at every slide in a browser: nothing may stick out, overlap, be too small for the last row, or be fetched.

The foot of a slide is the page number's alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from deck.drawing import SMALLEST

# What Chromium must not do by itself; root in a container cannot have the sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# Every text of the slide that is shown: where it stands and how tall its letters are, in pixels of 1280 by 720.
_TEXTS = """async number => {
    await document.fonts.ready;
    const section = document.querySelectorAll('svg[data-marpit-svg]')[number].querySelector('section');
    const frame = section.getBoundingClientRect();
    const scale = frame.width / 1280;
    const texts = [];
    const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const holder = node.parentElement;
        if (!node.data.trim() || holder.closest('title, style, script')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const drawing = holder.closest('svg svg');
        const zoom = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width / scale : 1;
        for (const box of range.getClientRects()) {
            if (box.width < 1) continue;
            texts.push({
                text: node.data.trim().slice(0, 40), size: parseFloat(getComputedStyle(holder).fontSize) * zoom,
                left: (box.left - frame.left) / scale, top: (box.top - frame.top) / scale,
                right: (box.right - frame.left) / scale, bottom: (box.bottom - frame.top) / scale,
                drawing: Boolean(drawing), aside: holder === section,
            });
        }
    }
    const figures = [...section.querySelectorAll('figure, pre, table, ul, ol, p, h1, h2')].map(one => {
        const box = one.getBoundingClientRect();
        return {
            text: one.tagName.toLowerCase() + ' ' + one.textContent.trim().slice(0, 30), size: Infinity,
            left: (box.left - frame.left) / scale, top: (box.top - frame.top) / scale,
            right: (box.right - frame.left) / scale, bottom: (box.bottom - frame.top) / scale,
            wide: one.scrollWidth > one.clientWidth + 1, high: one.scrollHeight > one.clientHeight + 1,
        };
    });
    return {texts, figures};
}"""
_MARGIN, _FOOT = 24, 60


def complaints(html: Path, program: str) -> list[str]:
    """What is wrong with a built deck, a sentence each; `program` is Chromium's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(html.as_uri())
        count = page.locator("svg[data-marpit-svg]").count()
        found = [f"slide {number + 1}: {text}" for number in range(count) for text in _on(page, html, number)]
        browser.close()
    found += [f"asks for {url[:80]}" for url in asked if not url.startswith((html.as_uri(), "data:"))]
    return found


def _on(page: Page, html: Path, number: int) -> Iterator[str]:
    page.goto(f"{html.as_uri()}#{number + 1}")
    page.locator("svg[data-marpit-svg]").nth(number).wait_for()
    seen: dict[str, list[dict[str, Any]]] = page.evaluate(_TEXTS, number)
    texts, figures = seen["texts"], seen["figures"]
    if not texts:
        yield "shows no text"
    for one in [*texts, *figures]:
        if one["size"] < SMALLEST - 0.01:
            yield f"{one['text']!r} is {one['size'] * 0.75:.0f} points high"
        if one["left"] < _MARGIN or one["top"] < _MARGIN:
            yield f"{one['text']!r} begins outside the margin"
        if one["right"] > 1280 - _MARGIN or one["bottom"] > 720 - _FOOT:
            yield f"{one['text']!r} sticks out"
    yield from (f"{one['text']!r} is cut off" for one in figures if one["wide"] or one["high"])
    for index, one in enumerate(texts):
        for other in texts[index + 1 :]:
            if _overlap(one, other):
                yield f"{one['text']!r} and {other['text']!r} overlap"


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two texts cover each other by more than the air above and below their letters."""
    wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(wide > 2 and high > 8)
