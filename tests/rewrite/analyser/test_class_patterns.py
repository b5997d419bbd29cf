"""Patterns of dataclasses name the fields that they take out; functions registered for types have their own names."""

from __future__ import annotations

import ast
from collections.abc import Iterable

import pytest
from asttokens import ASTText

from sls_lab.python.module import Module
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.class_inits import ClassInits
from sls_lab.rewrite.analyser.class_patterns import pattern_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.registered_names import registered_edits
from sls_lab.rewrite.model import Edit

HEAD = "@dataclass\nclass A:\n a: str\n b: str = ''\n c: int = field(kw_only=True)\nclass N: pass\n"


def edited(text: str, edits: Iterable[Edit]) -> str:
    found = PositionMap("a.py", text, list(edits)).text
    ast.parse(found)
    return found


def patterns(case: str) -> str:
    text = f"{HEAD}match x:\n case {case}: pass"
    tree = ast.parse(text)
    classes = ClassInits({"a.py": Module("a.py", text, tree, ASTText(text, tree=tree), ("a",))})
    return edited(text, pattern_edits(Draft("a.py", text), classes)).splitlines()[-1].removesuffix(": pass")


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("A(é, 'x')", " case A(a=é, b='x')"),
        ("A(a, c=1) | A(1)", " case A(a=a, c=1) | A(a=1)"),
        ("[A(A(y))]", " case [A(a=A(a=y))]"),
    ],
)
def test_fields_are_named(case: str, expected: str) -> None:
    assert patterns(case) == expected


@pytest.mark.parametrize("case", ["A()", "A(a=x)", "A(x, y, z)", "N(x)", "str(x)"])
def test_other_patterns_stay(case: str) -> None:
    assert patterns(case) == f" case {case}"


def test_functions_that_are_registered_have_names_of_their_own() -> None:
    one = "@f.register\ndef _(x: str): pass\n"
    two = "@f.register(list)\nasync  def _(x): pass\n"
    found = edited(one + two, registered_edits(Draft("a.py", one + two)))
    assert [line for line in found.splitlines() if "def" in line] == [
        "def sls_lab_registered_0(x: str): pass",
        "async  def sls_lab_registered_1(x): pass",
    ]


@pytest.mark.parametrize("text", ["@f.register\ndef _(x: str): pass\n", "def _(): pass\ndef _(x): pass\n"])
def test_other_functions_keep_theirs(text: str) -> None:
    assert edited(text, registered_edits(Draft("a.py", text))) == text
