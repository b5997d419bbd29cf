"""What is said of an expression that the data passes."""

from __future__ import annotations

import ast

import pytest

from sls_lab.taint.read.notes import note_for, sink_name
from sls_lab.taint.read.pysa_output import Position, PysaFrame


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


@pytest.mark.parametrize(
    ("leaf", "name"),
    [
        ("builtins.eval", "eval"),
        ("builtins.__import__", "__import__"),
        ("_pickle.loads", "pickle.loads"),
        ("subprocess.Popen.__init__", "subprocess.Popen"),
        ("mypy_boto3_sns.client.SNSClient.publish", "sns.publish"),
    ],
)
def test_a_sink_has_the_name_that_its_users_know(leaf: str, name: str) -> None:
    place = Position(1, 0, 1)
    assert sink_name(PysaFrame("Sink", place, place, (), "", (), (leaf,), 0, frozenset())) == name
