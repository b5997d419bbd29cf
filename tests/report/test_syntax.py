"""The colours of code: where they begin and end."""

from __future__ import annotations

import pytest

from sls_lab.facts import Span
from sls_lab.report.syntax import coloured
from sls_lab.widgets import fallback
from sls_lab.widgets.sources import SourceMark


@pytest.mark.parametrize(
    ("file", "text", "kinds"),
    [
        (
            "a.py",
            "\n\ndef f(): return 1  # é\n",
            ["keyword:def", "name:f", "keyword:return", "number:1", "comment:# é"],
        ),
        ("a.py", "not x", ["keyword:not"]),
        ("a.yml", "a: 'b' # c\n", ["name:a", "string:'b'", "comment:# c"]),
        ("a.json", '{"a": "b"}', ['name:"a"', 'string:"b"']),
        ("a.txt", "def f(): return 1", []),
        ("a.py", "", []),
    ],
)
def test_tokens_have_their_places(file: str, text: str, kinds: list[str]) -> None:
    assert [f"{kind}:{text[start:end]}" for start, end, kind in coloured(file, text)] == kinds


def test_a_mark_cuts_a_colour_and_hostile_text_stays_text() -> None:
    text = 'x = "<b>&amp;"\n'
    html = fallback.source("a.py", text, [SourceMark("", "call", Span("a.py", 1, 0, 1, 7))])
    assert "<b>" not in html
    assert '>x = &quot;&lt;b</mark><span class="sls-is-string-token">&gt;&amp;amp;&quot;</span>' in html
    assert html.count("<span") == html.count("</span>")
