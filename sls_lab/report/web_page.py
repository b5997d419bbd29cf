"""The frame of every page that the kit writes: one file that fetches nothing, in the colours of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files

from sls_lab.report import palette, walk
from sls_lab.report.display import visible


def web_page(title: str, body: str, *, style: str = "", head: str = "", policy: str = "") -> str:
    """A whole page; `body`, `style` and `head` are HTML and CSS as they are, `title` is text.

    It may fetch nothing and run nothing but what `policy` allows beside its styles (directives of a content security
    policy).
    """
    rules = f"default-src 'none'; style-src 'unsafe-inline'{policy and f'; {policy}'}"
    page = f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{rules}">
{head}<title>{shown(title)}</title>
<style>
{_style()}{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
    return page.encode("utf-8", "backslashreplace").decode("utf-8")


def shown(text: str) -> str:
    """Text of others as HTML: escaped, with characters that have no shape written out."""
    return escape(visible(text))


def bars(title: str, counted: Mapping[str, int]) -> str:
    """A section with a bar for each count, the longest first; nothing where nothing was counted."""
    if not counted:
        return ""
    greatest = max(1, *counted.values())
    rows = [
        f'<tr><th scope="row">{shown(name)}</th><td class="number">{number}</td>'
        f'<td class="bars"><span class="bar" style="inline-size:{100 * number / greatest:.1f}%" aria-hidden="true">'
        "</span></td></tr>"
        for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f'<section><h2>{escape(title)}</h2><table class="counted">{"".join(rows)}</table></section>'


@cache
def _style() -> str:
    own = files("sls_lab.report").joinpath("html.css").read_text(encoding="utf-8")
    return palette.declared(":root") + palette.token_rules() + palette.meaning_rules() + walk.RULES + own
