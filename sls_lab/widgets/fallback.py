"""What replaces a widget where none runs: plain HTML in a saved page, plain text in a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from sls_lab.facts import Reason
from sls_lab.report.code_html import coloured_html
from sls_lab.report.display import visible
from sls_lab.report.syntax import coloured
from sls_lab.report.walk import walk_html
from sls_lab.widgets.assets import styles
from sls_lab.widgets.sources import ShownText, SourceMark


def text_html(text: str) -> str:
    """Text as HTML, for elements and attributes; what has no shape of its own, such as a turned direction, is seen."""
    return escape(visible(text, keep="\n\t"))


def page(title: str, *parts: str, step: int = 0) -> str:
    """One self-contained piece of HTML: a heading, then `parts`, which are HTML already.

    `step` is that of the five steps which it shows, from 1.
    """
    name = f'<p class="sls-name">{text_html(title)}{walk_html(step) if step else ""}</p>'
    body = "\n".join(parts)
    return f'<style>{styles()}</style>\n<div class="sls sls-static">\n{name}\n{body}\n</div>'


def paragraph(text: str, *, code: bool = False) -> str:
    """A paragraph of text; with `code`, what is between backticks is code."""
    return f"<p>{_with_code(text) if code else text_html(text)}</p>"


def preformatted(text: str) -> str:
    """Text whose line breaks and indentation count."""
    return f'<pre tabindex="0">{text_html(text)}</pre>'


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of text, in which backticks mark code; without titles it has no head."""
    cells = "".join(f'<th scope="col">{text_html(title)}</th>' for title in titles)
    head = f"<thead><tr>{cells}</tr></thead>\n" if any(titles) else ""
    body = "\n".join(f"<tr>{''.join(f'<td>{_with_code(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>\n{head}<tbody>\n{body}\n</tbody>\n</table>"


def _with_code(text: str) -> str:
    return re.sub("`([^`]+)`", r"<code>\1</code>", text_html(text))


def numbered(items: Iterable[str]) -> str:
    """A numbered list of text."""
    return "<ol>\n" + "\n".join(f"<li>{text_html(item)}</li>" for item in items) + "\n</ol>"


def reasons(because: Iterable[Reason]) -> str:
    """A `because` chain as a numbered list, each reason with its place."""
    return numbered(reason_text(reason) for reason in because)


def reason_text(reason: Reason) -> str:
    """One reason in words, with its place."""
    return f"{reason.text} ({reason.span.place})" if reason.span else reason.text


def folded(summary: str, *parts: str) -> str:
    """HTML that a reader unfolds."""
    body = "\n".join(parts)
    return f"<details>\n<summary>{text_html(summary)}</summary>\n{body}\n</details>"


def source(file: str, text: str, marks: Iterable[SourceMark] = (), *, first: int = 1) -> str:
    """A file with lines numbered from `first`; marked ranges are in `<mark>`; of nested marks the outer one counts.

    What is not marked has the colours of code.
    """
    shown = ShownText(text)
    colours = coloured(file, shown.shown)
    stretches = sorted(
        (
            (shown.point(mark.span.line, mark.span.column), shown.point(mark.span.end_line, mark.span.end_column), mark)
            for mark in marks
            if mark.span.file == file
        ),
        key=lambda stretch: (stretch[0], -stretch[1]),
    )
    pieces: list[str] = []
    at = 0
    for start, end, mark in stretches:
        if start < at or end <= start:
            continue
        title = f' title="{text_html(mark.title)}"' if mark.title else ""
        pieces.append(coloured_html(shown.shown, at, start, colours))
        pieces.append(f'<mark class="sls-mark-{escape(mark.kind)}"{title}>{escape(shown.shown[start:end])}</mark>')
        at = end
    pieces.append(coloured_html(shown.shown, at, len(shown.shown), colours))
    lines = "".join(pieces).split("\n")
    digits = len(str(first + len(lines) - 1))
    numbers = (f'<span class="sls-number">{number:>{digits}} </span>{line}' for number, line in enumerate(lines, first))
    return f'<p class="sls-file">{text_html(file)}</p>\n<pre tabindex="0">' + "\n".join(numbers) + "</pre>"
