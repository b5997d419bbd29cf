"""Text as the browser shows it: every offset means the place it was made from."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sls_lab.facts import Reason, Span
from sls_lab.facts.lines import Offsets, split_lines
from sls_lab.widgets import fallback
from sls_lab.widgets.sources import ShownText, SourceMark, source_view

TEXTS = st.text(st.sampled_from("ab é𝒳漢\n\r\t\u202e\x00\x0c\u2028"), max_size=40)


def utf16(text: str, start: int, end: int) -> str:
    """What a browser's `text.slice(start, end)` gives."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@example("a\r\na", 2, 4)
@example("aaaaa\r\na", 0, 6)
def test_a_mark_covers_what_its_span_covers(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    offsets = Offsets(text)
    span = Span("x.py", *offsets.place(start), *offsets.place(end))
    view = source_view("x.py", text, [SourceMark("m", "call", span)])
    ((_, _, first, last, _),) = view["marks"]
    shown = utf16(view["text"], first, last)
    # Line ends are one character on the page; a place between `\r` and `\n` is that of the line's end.
    expected = ShownText(span.text_in(text) + "x").shown[:-1]
    assert shown.rstrip("\n") == expected.rstrip("\n")


@given(TEXTS)
def test_lines_and_characters_keep_their_number(text: str) -> None:
    shown = ShownText(text).shown
    lines = [line.rstrip("\r\n") for line in split_lines(text)]
    if text.endswith(("\n", "\r")):
        lines.append("")
    assert [len(line) for line in shown.split("\n")] == [len(line) for line in lines or [""]]


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\u200b", "\x00", "\x1b", "\u2028", "\ufeff"])
def test_what_has_no_shape_is_made_visible(hidden: str) -> None:
    shown = ShownText(f"a{hidden}b").shown
    assert len(shown) == 3
    assert hidden not in shown


def test_what_has_no_shape_is_seen_in_pages_without_widgets() -> None:
    hidden, shown = "a\u202eb<c>", "a\\u202eb&lt;c&gt;"
    span = Span("f.py", 1, 0, 1, 1)
    parts = [
        fallback.page(hidden),
        fallback.paragraph(hidden),
        fallback.preformatted(hidden),
        fallback.table((hidden,), ()),
        fallback.table((), ((hidden,),)),
        fallback.reasons((Reason(hidden),)),
        fallback.folded(hidden),
        fallback.source(hidden, ""),
        fallback.source("f.py", "x", (SourceMark("", "call", span, hidden),)),
    ]
    for part in parts:
        assert shown in part and "\u202e" not in part


def test_marks_in_other_files_are_left_out() -> None:
    assert source_view("a.py", "x = 1\n", [SourceMark("m", "call", Span("b.py", 1, 0, 1, 1))])["marks"] == []
