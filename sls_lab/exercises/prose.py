"""The little Markdown of lesson files: paragraphs, items, blocks of code, `code`, *stressed* and **strong** words."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Final

from sls_lab.report.code_html import coloured_html
from sls_lab.report.syntax import coloured

_SPAN = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*")
# Blocks of code are written between lines of three backticks, and may contain empty lines.
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$\n?", re.MULTILINE | re.DOTALL)
#: A file of the same language as a block of code, for its colours; any other language has none.
_FILES: Final = {"python": "code.py", "yaml": "code.yml", "json": "code.json"}


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
    """A text in blocks: `{"p": pieces}`, `{"li": [pieces, …]}` or `{"pre": text, "file": name}`, in order.

    The name tells the language of a block of code by its end; it is empty for one without colours.
    """
    found: list[dict[str, Any]] = []
    at = 0
    for fence in _FENCE.finditer(text):
        found += _paragraphs(text[at : fence.start()])
        found.append({"pre": fence["code"].rstrip("\n"), "file": _FILES.get(fence["language"], "")})
        at = fence.end()
    return found + _paragraphs(text[at:])


def _paragraphs(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for block in re.split(r"\n\s*\n", text.strip()):
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
        code = block["pre"]
        return f"<pre>{coloured_html(code, 0, len(code), coloured(block['file'], code))}</pre>"
    if "li" in block:
        return "<ul>" + "".join(f"<li>{inline_html(item)}</li>" for item in block["li"]) + "</ul>"
    return f"<p>{inline_html(block['p'])}</p>"


def inline_html(pieces: list[list[str]]) -> str:
    """The pieces of a line as HTML."""
    tags = {"text": "{}", "code": "<code>{}</code>", "em": "<em>{}</em>", "strong": "<strong>{}</strong>"}
    return "".join(tags[kind].format(escape(text)) for kind, text in pieces)
