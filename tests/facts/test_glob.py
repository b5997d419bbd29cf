"""Known text against known globs, as IAM has them: `*` for any text, `?` for one character, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sls_lab.facts import Pattern, Verdict


@given(st.text("ab*?[", max_size=8), st.text("ab[.", max_size=8))
def test_it_is_what_an_expression_says(glob: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in glob)
    expected = re.fullmatch(expression, text, re.DOTALL) is not None
    assert Pattern.of(text).matches_glob(glob) is (Verdict.YES if expected else Verdict.NO)


@pytest.mark.parametrize(
    ("text", "glob", "ignore_case", "matches"),
    [
        ("s3:PutObject", "s3:put*", True, True),
        ("s3:PutObject", "s3:put*", False, False),
        ("s3:PutObject", "s3:*Object", False, True),
        ("s3:PutObject", "s3:Put", False, False),
        ("a\nb", "a*b", False, True),
        ("a.b", "a?b", False, True),
        ("", "", False, True),
        ("", "*", False, True),
        ("a", "", False, False),
        ("a" * 300, "*a" * 100 + "b", False, False),
    ],
)
def test_a_glob_covers_a_name(text: str, glob: str, ignore_case: bool, matches: bool) -> None:
    verdict = Pattern.of(text).matches_glob(glob, ignore_case=ignore_case)
    assert verdict is (Verdict.YES if matches else Verdict.NO)
