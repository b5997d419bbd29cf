"""Places as JSON."""

from __future__ import annotations

from sls_lab.facts import Span
from sls_lab.facts.json_places import extent, place


def test_a_place_and_an_extent_have_the_same_keys_whether_or_not_there_is_one() -> None:
    span = Span("a.py", 1, 2, 3, 4)
    assert place(span) == {"file": "a.py", "line": 1}
    assert extent(span) == {"file": "a.py", "line": 1, "column": 2, "end_line": 3, "end_column": 4}
    assert place(None) == dict.fromkeys(place(span))
    assert extent(None) == dict.fromkeys(extent(span))
