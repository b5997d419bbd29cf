"""Functions and attributes are written by the names that Pysa knows them by."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from sls_lab.rewrite import Edit, PositionMap
from sls_lab.rewrite.analyser.attribute_calls import attribute_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.enumerations import member_edits
from sls_lab.rewrite.analyser.named_lambdas import named_lambda_edits, own_functions


def edited(text: str, edits: Callable[[Draft], list[Edit]]) -> str:
    written = PositionMap("a.py", text, edits(Draft("a.py", text))).text
    ast.parse(written)
    return written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("setattr(a.b, 'c', (x, y))", "a.b.c = ((x, y))"),
        ("setattr(\n  a, 'c', x)", "a.c = (x)"),
        ("f(getattr(a, 'c'))", "f(((a).c))"),
        ("getattr(a, 'é', f(\n1))", "((a).é or (f(\n1)))"),
        ("getattr(getattr(a, 'b'), 'c')", "((((a).b)).c)"),
        ("getattr(a, 'b')(x)", "getattr(a, 'b')(x)"),
        ("setattr(a, name, x)", "a[int(0)] = (x)"),
        ("a.b.__dict__.update(f(x))", "dict.update(a.b, (f(x)))"),
    ],
)
def test_attributes(text: str, expected: str) -> None:
    assert edited(text, attribute_edits) == expected


@pytest.mark.parametrize(
    "text",
    ["getattr(a, name)", "getattr(a, 'no name')", "x = setattr(a, 'b', c)", "setattr(*a, name, x)", "getattr(*a)"],
)
def test_other_attributes_stay(text: str) -> None:
    assert edited(text, attribute_edits) == text


def named(text: str) -> str:
    return edited(text, lambda draft: named_lambda_edits(draft, own_functions(draft.tree), ()))


def test_a_lambda_that_is_handed_over_gets_a_name() -> None:
    text = "def g(h, x): return h(x)\ndef f(x):\n    return g(lambda y, z=1: y + z, x)\n"
    assert named(text).splitlines()[2:] == [
        "    def sls_lab_lambda_1(y, z=1): return (y + z)",
        "    return g(sls_lab_lambda_1, x)",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def f(g):\n    return lambda y: g(y)\n",
        "def f(g, x):\n    x = functools.reduce(lambda y: g(y), x)\n",
        "def f(g, p):\n    p.submit(lambda y: g(y), p)\n",
    ],
)
def test_a_lambda_that_is_returned_or_reduced_with_gets_a_name(text: str) -> None:
    _, second, third = named(text).splitlines()
    assert second == "    def sls_lab_lambda_1(y): return (g(y))"
    assert third == text.splitlines()[1].replace("lambda y: g(y)", "sls_lab_lambda_1")


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    return sorted(x, key=lambda y: y)\n",
        "def g(h): pass\ndef f(x):\n    if g(lambda y: y): pass\n",
        "def g(h): pass\ng(lambda y: y)\n",
    ],
)
def test_other_lambdas_stay(text: str) -> None:
    assert named(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f(Tool(x).value)", "f((x, [*Tool][0])[1].value)"),
        ("Tool(x, y)", "Tool(x, y)"),
    ],
)
def test_choices_among_constants(text: str, expected: str) -> None:
    assert edited(text, lambda draft: member_edits(draft, frozenset({"Tool"}))) == expected
