"""Which parameters are declared as events."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.dict_parameters import mapping_edits
from sls_lab.rewrite.analyser.draft import Draft


def declared(text: str, *handlers: str) -> set[str]:
    edited = PositionMap("a.py", text, mapping_edits(Draft("a.py", text), frozenset(handlers))).text
    assert edited.split("\n")[: text.count("\n")] != [] or not text
    arguments = [node for node in ast.walk(ast.parse(edited)) if isinstance(node, ast.arg)]
    found = {arg.arg for arg in arguments if arg.annotation and "sls_lab_event" in ast.unparse(arg.annotation)}
    assert bool(found) == ("import sls_lab_event" in edited)
    return found


@pytest.mark.parametrize(
    "body",
    [
        "r.get('a')",
        "r['a'].get('b')",
        "for x in r['a']: x.get('b')",
        "for k, v in r.items(): pass",
        "[x.get('a') for x in r]",
        "y = (r['a'] or {}); y.get('b')",
        "for i, x in enumerate(r['a']): x.pop('b')",
        "if (y := r['a']): y.values()",
    ],
)
def test_a_dictionary_is_declared(body: str) -> None:
    assert declared(f"def f(r, s):\n    {body}") == {"r"}


@pytest.mark.parametrize("body", ["r['a']", "r.upper()", "g(r).get('a')", "t = r.x; t.get('a')"])
def test_nothing_else_is(body: str) -> None:
    assert declared(f"def f(r, s):\n    {body}") == set()


def test_a_handler_has_an_event_whatever_it_does() -> None:
    assert declared("def f(e, context):\n    pass\ndef g(e, c):\n    pass\n", "f") == {"e"}


def test_types_that_say_more_stay() -> None:
    assert declared("def f(r: Order, self):\n    r.get('a')") == set()
    assert declared("def f(r: dict[str, int], self):\n    r.get('a')") == set()
    assert declared("class C:\n    def f(self, r):\n        self.get('a'); r.get('b')") == {"r"}


def test_columns_count_characters_and_lines_do_not_move() -> None:
    text = "def f(é, r='ü'):\n    r.get('ä')\nx = 1"
    edited = PositionMap("a.py", text, mapping_edits(Draft("a.py", text))).text
    assert edited.splitlines()[0] == "def f(é, r: \"sls_lab_event.Event\"='ü'):"
    assert edited.splitlines()[:3][2] == "x = 1"
