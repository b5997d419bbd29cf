"""Code blocks and figures as the HTML of a slide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType

from deck.drawing import SMALLEST, WIDTH
from deck.parts import Part

# The few kinds of words that have a colour; a kind covers those below it.
_CLASSES: Mapping[_TokenType, str] = {
    Keyword: "k",
    String: "s",
    Number: "m",
    Comment: "c",
    Name.Function: "f",
    Name.Tag: "f",
    Name.Decorator: "f",
}
_PLAIN = {"text", "console", "diff"}
# Sizes of code, the largest first, and what a block of them may fill: its columns and its height in pixels. The widest
# of the usual fonts takes 0.602 of its size for a letter.
_SIZES = (32, 28, SMALLEST)
_LETTER, _LEADING, _HIGHEST = 0.602, 1.42, 350


def code_html(part: Part) -> str:
    """A block with one element for each line, and no empty line, which would end it in Markdown."""
    rows = _coloured(part) if part.language not in _PLAIN else [escape(text) for _, text in part.lines]
    gutter = " numbered" if part.numbered else ""
    lines = []
    for (number, text), row in zip(part.lines, rows, strict=True):
        classes = ["line"]
        if number in part.marked:
            classes.append("marked")
        if part.language == "diff" and text[:1] in {"+", "-"}:
            classes.append("added" if text.startswith("+") else "removed")
        place = f' data-number="{number}"' if part.numbered else ""
        # A line that is broken goes on a little to the right of where its words begin.
        hang = len(text) - len(text.lstrip("+- ")) + 4
        lines.append(f'<span class="{" ".join(classes)}" style="--hang: {hang}ch"{place}>{row or " "}</span>')
    caption = f"<figcaption>{escape(part.caption)}</figcaption>" if part.caption else ""
    # Each line is a block of its own, so nothing stands between them.
    size = f' style="--size: {_size(part)}px"'
    return f'<figure class="code{gutter}"{size}>{caption}<pre><code>{"".join(lines)}</code></pre></figure>'


def _size(part: Part) -> int:
    """The largest size at which no line is broken; the smallest where there is none."""
    widest = max(len(text) for _, text in part.lines) + (4 if part.numbered else 0)
    for size in _SIZES[:-1]:
        if widest * size * _LETTER < WIDTH - 60 and len(part.lines) * size * _LEADING < _HIGHEST:
            return size
    return _SIZES[-1]


def figure_html(svg: str, alt: str, *, corner: bool = False) -> str:
    """A picture in the page itself: no file has to lie beside the slides, and its words are words.

    In the `corner` it says where the talk is, beside what the page is about.
    """
    start = svg.index("<title>"), svg.index("</title>\n") + len("</title>\n")
    named = svg[: start[0]].replace('role="img"', f'role="img" aria-label="{escape(alt)}"') + svg[start[1] :]
    return f'<figure class="picture{" corner" if corner else ""}">{named.strip()}</figure>'


def _coloured(part: Part) -> Iterator[str]:
    """The lines with their words in colour. The lexer sees them together, so that long strings are strings."""
    row = ""
    lexer = get_lexer_by_name(part.language, stripnl=False, ensurenl=True)
    for kind, text in lexer.get_tokens(part.text):
        first, *more = text.split("\n")
        row += _word(kind, first)
        for piece in more:
            yield row
            row = _word(kind, piece)


def _word(kind: _TokenType, text: str) -> str:
    name = next((_CLASSES[above] for above in reversed(kind.split()) if above in _CLASSES), None)
    return f'<span class="{name}">{escape(text)}</span>' if name and text else escape(text)
