"""The little Markdown of lesson files: paragraphs, items, blocks of code, `code`, *stressed* and **strong** words."""

from __future__ import annotations

import re
from html import escape
from typing import Any

_SPAN = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*")


def segments(text: str) -> list[list[str]]:
    """A line of prose as `[kind, text]` pieces; the kinds are `text`, `code`, `em` and `strong`."""
    pieces: list[list[str]] = []
    at = 0
    for match in _SPAN.finditer(text):
        if match.start() > at:
            pieces.append(["text", text[at : match.start()]])
        kind = match.lastgroup or "text"
        pieces.append([kind, match[kind]])
        at = match.end()
    if at < len(text):
        pieces.append(["text", text[at:]])
    return pieces


def blocks(text: str) -> list[dict[str, Any]]:
    """A text in blocks: `{"p": pieces}`, `{"li": [pieces, …]}` or `{"pre": text}`, in order."""
    found: list[dict[str, Any]] = []
    # Blocks of code are written between lines of three backticks, and may contain empty lines.
    for number, part in enumerate(re.split(r"^```\w*\n|^```$\n?", text, flags=re.MULTILINE)):
        if number % 2:
            found.append({"pre": part.rstrip("\n")})
            continue
        for block in re.split(r"\n\s*\n", part.strip()):
            if block.startswith("- "):
                items = re.split(r"\n- ", block[2:])
                found.append({"li": [segments(" ".join(item.split())) for item in items]})
            elif block:
                found.append({"p": segments(" ".join(block.split()))})
    return found


def plain(text: str) -> str:
    """The same for a terminal: one line for each paragraph and item, `code` in its backticks."""
    lines: list[str] = []
    for block in blocks(text):
        if "pre" in block:
            lines += block["pre"].split("\n")
        elif "li" in block:
            lines += [f"- {flat(item)}" for item in block["li"]]
        else:
            lines.append(flat(block["p"]))
    return "\n".join(lines)


def flat(pieces: list[list[str]]) -> str:
    """The pieces of a line as text."""
    return "".join(f"`{text}`" if kind == "code" else text for kind, text in pieces)


def as_html(text: str) -> str:
    """The same for a page without widgets; everything is escaped."""
    return "\n".join(map(_html, blocks(text)))


def _html(block: dict[str, Any]) -> str:
    if "pre" in block:
        return f"<pre>{escape(block['pre'])}</pre>"
    if "li" in block:
        return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in block["li"]) + "</ul>"
    return f"<p>{_inline(block['p'])}</p>"


def _inline(pieces: list[list[str]]) -> str:
    tags = {"text": "{}", "code": "<code>{}</code>", "em": "<em>{}</em>", "strong": "<strong>{}</strong>"}
    return "".join(tags[kind].format(escape(text)) for kind, text in pieces)
