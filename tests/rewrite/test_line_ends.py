"""An edit ends its lines as the file does, and its origins move along."""

from __future__ import annotations

import pytest

from sls_lab.facts import Span
from sls_lab.facts.lines import line_end
from sls_lab.rewrite.line_ends import with_line_ends
from sls_lab.rewrite.model import Edit, Origin

PLACE = Span("a.py", 1, 0, 1, 0)


@pytest.mark.parametrize(
    ("text", "end"), [("", "\n"), ("a", "\n"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("a\rb", "\r")]
)
def test_the_first_line_decides(text: str, end: str) -> None:
    assert line_end(text) == end


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_what_is_repeated_from_the_original_is_found_after_longer_line_ends(end: str) -> None:
    text = "first\n  call(\n    event)\r\nlast"
    repeated = [(text.index(word), text.index(word) + len(word)) for word in ("first", "event", "last")]
    edit = Edit("handler-call", PLACE, text, PLACE, (), origins=tuple(Origin(*one, PLACE) for one in repeated))
    done = with_line_ends(edit, end)
    assert [done.text[one.start : one.end] for one in done.origins] == ["first", "event", "last"]
    assert done.text == f"first{end}  call({end}    event)\r\nlast"
