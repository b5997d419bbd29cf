"""Places, offsets and spans of a text agree, whatever ends its lines and whether or not the last one is ended."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sls_lab.facts import Offsets, Span

TEXTS = st.text(st.sampled_from("ab é𝒳\n\r\x0c\u2028"), max_size=30)


@given(TEXTS, st.integers(0, 30))
@example("a\r\na", 4)
@example("a\n", 2)
@example("", 0)
def test_the_offset_of_the_place_of_an_offset_is_that_offset(text: str, offset: int) -> None:
    offsets = Offsets(text)
    offset = min(offset, len(text))
    line, column = offsets.place(offset)
    assert line >= 1
    assert column >= 0
    assert offsets.offset(line, column) == offset


@pytest.mark.parametrize(
    ("text", "place"),
    [("", (1, 0)), ("a", (1, 1)), ("a\n", (2, 0)), ("a\nb", (2, 1)), ("a\r\nb\r\n", (3, 0)), ("a\rb\r", (3, 0))],
)
def test_the_end_of_a_text_is_a_line_of_its_own_only_after_a_line_end(text: str, place: tuple[int, int]) -> None:
    assert Offsets(text).place(len(text)) == place


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
@example("a\r", 0, 2)
@example("a\nb", 0, 3)
def test_a_span_covers_what_lies_between_its_offsets(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    offsets = Offsets(text)
    assert Span("x.py", *offsets.place(start), *offsets.place(end)).text_in(text) == text[start:end]
