"""What is said of an expression that the data passes."""

from __future__ import annotations

import ast

import pytest

from sls_lab.taint.read.notes import note_for


@pytest.mark.parametrize(
    ("expression", "note"),
    [
        ("event['body']", "looked up by the key 'body'"),
        ("x.replace('a', 'b')", "passed on with some of its text replaced"),
        ("f'{x}'", "formatted into a string"),
        ("clean(x)", "passed through clean()"),
    ],
)
def test_a_phrase_for_each_form(expression: str, note: str) -> None:
    assert note_for(ast.parse(expression, mode="eval").body) == note


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("html.escape(x)", "right in the text of a page and nowhere else"),
        ('x.replace("\'", "\'\'")', "right between quotes of this kind alone"),
    ],
)
def test_what_is_right_in_one_place_is_said_to_be(expression: str, words: str) -> None:
    assert note_for(ast.parse(expression, mode="eval").body).endswith(words)
