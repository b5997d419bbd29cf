"""Which characters a regular expression leaves in a string."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.taint.judge.regular_expressions import WORD, characters, matches_in_full

KNOWN = [
    (r"[a-z]+", {WORD}),
    (r"\w{1,20}", {WORD}),
    (r"^[\w.-]+$", {WORD, ".", "-"}),
    (r"\A\d{4}-\d\d\Z", {WORD, "-"}),
    (r"(?:png|gif)", {WORD}),
    (r"(?P<year>\d+)/(\w+)", {WORD, "/"}),
    (r"[A-Za-z0-9_\-]+\.txt", {WORD, "-", "."}),
    (r"[]a]", {"]", WORD}),
    (r"a\$b", {WORD, "$"}),
    (r"a b", {WORD, " "}),
    (r"a\tb\n\r", {WORD, "\t", "\n", "\r"}),
    (r"[\t,]+", {"\t", ","}),
    (r"a\s", {WORD, *" \t\n\r\f\v"}),
    (r"\bword\B", {WORD}),
    (r"\Aword\Z", {WORD}),
    (r"[a-c]", {WORD}),
    (r"[!-/]", set("!\"#$%&'()*+,-./")),
]
UNKNOWN = [r".+", r"[^/]+", r"\W", r"\S+", r"(?!a)b", r"(?i)a", r"(a)\1", r"[a-\w]", r"\x41", r"a\X", "é", "[a"]


@pytest.mark.parametrize(("pattern", "found"), KNOWN)
def test_characters_that_are_left(pattern: str, found: set[str]) -> None:
    assert characters(pattern) == frozenset(found)


@pytest.mark.parametrize("pattern", UNKNOWN)
def test_what_cannot_be_told(pattern: str) -> None:
    found = characters(pattern)
    assert found is None or "\\" in str(found)


@pytest.mark.parametrize(
    ("pattern", "full"),
    [(r"^a+$", True), (r"a+\Z", True), ("a+", False), (r"a\$", False), (r"^a|b$", False), (r"^(a|b)$", True)],
)
def test_what_looks_at_the_whole_string(pattern: str, full: bool) -> None:
    assert matches_in_full(pattern) is full


ALPHABET = "ab0-_.;$ |/\\[](){}?*+^dwsZ"


@given(st.text(ALPHABET, max_size=8), st.text("ab0-_.;$ |/\n", max_size=6))
def test_no_string_that_matches_has_others(pattern: str, value: str) -> None:
    found = characters(pattern)
    if found is None:
        return
    try:
        matched = re.fullmatch(pattern, value)
    except (re.error, FutureWarning):
        return
    if matched:
        assert all(sign in found or (WORD in found and re.fullmatch(r"\w", sign)) for sign in value)
