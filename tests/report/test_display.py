from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sls_lab.facts import Span
from sls_lab.report.display import cells, one_line, visible
from sls_lab.report.excerpts import SourceLines

BIDI = "\u202e"


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    for character in visible(text):
        assert character == "\u200d" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_is_visible_stays(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[31m", "␛[31m"), (BIDI, "\\u202e"), ("\x7f", "␡"), ("a\nb", "a␊b"), ("\x9b", "\\u009b"), ("é", "é")],
)
def test_controls_are_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_has_one_line() -> None:
    assert one_line(" a\n\tb  c\x0b") == "a b c"


@pytest.mark.parametrize(("text", "taken"), [("abc", 3), ("写真", 4), ("e\u0301", 1), ("", 0), ("🙂", 2)])
def test_cells(text: str, taken: int) -> None:
    assert cells(text) == taken


def shown(text: str, span: Span, limit: int | None = None) -> list[tuple[str, str]]:
    excerpts = SourceLines({"f.py": text}).excerpts(span, limit)
    return [(excerpt.text, excerpt.carets) for excerpt in excerpts]


def test_carets_stand_below_what_is_marked() -> None:
    assert shown("x = 写真(y)\n", Span("f.py", 1, 4, 1, 9)) == [("x = 写真(y)", "    ^^^^^^^")]
    assert shown("\tx = y\n", Span("f.py", 1, 5, 1, 6)) == [("    x = y", "        ^")]
    assert shown("ab\tx\n", Span("f.py", 1, 3, 1, 4)) == [("ab  x", "    ^")]
    assert shown("\x1b = y\n", Span("f.py", 1, 4, 1, 5)) == [("␛ = y", "    ^")]


def test_an_empty_span_marks_nothing() -> None:
    assert shown("x = y\n", Span("f.py", 1, 2, 1, 2)) == [("x = y", "")]


def test_a_span_over_lines_marks_each_of_them() -> None:
    text = "a = f(\n    1,\n)\nb\n"
    assert shown(text, Span("f.py", 1, 4, 3, 1)) == [("a = f(", "    ^^"), ("    1,", "    ^^"), (")", "^")]


def test_a_long_span_shows_its_first_lines() -> None:
    assert len(shown("x\n" * 30, Span("f.py", 1, 0, 30, 1))) == 4


@pytest.mark.parametrize("span", [Span("f.py", 9, 0, 9, 1), Span("gone.py", 1, 0, 1, 1)])
def test_a_place_that_is_not_there_shows_nothing(span: Span) -> None:
    assert shown("x\n", span) == []


def test_a_place_behind_the_line_is_no_error() -> None:
    assert shown("x\n", Span("f.py", 1, 50, 1, 60)) == [("x", "")]


@example(before="写" * 40, marked="ab", behind="写" * 40, limit=40)
@example(before="\u0301" * 50 + "a" * 40, marked="写", behind="", limit=40)
@given(
    before=st.text(st.sampled_from("ab \t写\u0301\x1b"), max_size=300),
    marked=st.text(st.sampled_from("ab写"), min_size=1, max_size=10),
    behind=st.text(st.sampled_from("ab \t写"), max_size=300),
    limit=st.integers(40, 120),
)
def test_a_cut_line_fits_and_keeps_its_mark(before: str, marked: str, behind: str, limit: int) -> None:
    line = before + marked + behind
    span = Span("f.py", 1, len(before), 1, len(before) + len(marked))
    (excerpt,) = SourceLines({"f.py": line}).excerpts(span, limit)
    assert cells(excerpt.text) <= limit
    assert excerpt.text[excerpt.start : excerpt.end] == marked
    assert len(excerpt.carets) == cells(excerpt.text[: excerpt.start]) + cells(marked)
