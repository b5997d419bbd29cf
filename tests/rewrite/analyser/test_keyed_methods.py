"""Methods of dictionaries name the key under which they put or find something."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.keyed_methods import keyed_edits


def written(text: str) -> str:
    edited = PositionMap("a.py", text, keyed_edits(Draft("a.py", text))).text
    ast.parse(edited)
    return edited


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.update(k=x)", "a['k'] = (x)"),
        ("a.b['c'].update(k=é, m=1)", "a.b['c']['k'] = (é); a.b['c']['m'] = (1)"),
        ("a.update(\n  k=x,\n  m=y,\n)", "a['k'] = (\nx); a['m'] = (\ny\n)"),
        ("a.setdefault('k', x)", "a['k'] = a['k'] or (x)"),
        ("b = a.pop('k')", "b = a.get('k')"),
        ("b = a.pop('k', None)['m'].pop('n')", "b = a.get('k', None)['m'].get('n')"),
        ("dict([('k', x), ('m', y)])", "dict({('k'): (x), ('m'): (y)})"),
        ("a.update(((k, x),))", "a.update({(k): (x)})"),
    ],
)
def test_keys_are_named(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a.update(x)",
        "a.update(x, k=y)",
        "a.update(**x)",
        "f().update(k=x)",
        "b = a.update(k=x)",
        "b = a.setdefault('k', x)",
        "a.setdefault(k, x)",
        "a.pop()",
        "a.pop(0)",
        "a.pop(k)",
        "dict(pairs)",
        "dict([('k', x), pair])",
        "class A:\n    def pop(self, name): pass\na.pop('k')",
        "class A:\n    def update(self, **all): pass\na.update(k=x)",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert written(text) == text
