"""What fills a container of unknown type is written as an assignment."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.container_fills import fill_edits
from sls_lab.rewrite.analyser.draft import Draft


def filled(body: str) -> str:
    text = f"def f(a, x):\n    {body}"
    edited = PositionMap("a.py", text, fill_edits(Draft("a.py", text))).text
    ast.parse(edited)
    assert edited.count("\n") == text.count("\n")
    return edited.partition("\n    ")[2]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a.append(x)", "a[int(0)] = (x)"),
        ("a.append((é, x))", "a[int(0)] = ((é, x))"),
        ("a.insert(0, x)", "a[int(0)] = (x)"),
        ("a.add(\n  x,\n)", "a[int(0)] = (\nx)\n"),
        ("a.extend(x.split())", "a[int(0)] = (x.split())[int(0)]"),
        ("a.update({'k': x})", "dict.update(a, ({'k': x}))"),
        ("b = g([]); b.append(x)", "b = g([]); b[int(0)] = (x)"),
        ("def append(y): pass\n    a.append(x)", "def append(y): pass\n    a[int(0)] = (x)"),
    ],
)
def test_a_container_of_unknown_type(body: str, expected: str) -> None:
    assert filled(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "a.append(x, y)",
        "a.append(*x)",
        "a.update(**x)",
        "a.update(k=x, m=1)",
        "y = a.pop(x)",
        "return a.append(x)",
        "b = []; b.append(x)",
        "a.add(x); a.commit()",
        "a.b.append(x)",
        "OUTER.append(x)",
        "class Own:\n        def append(self, y): pass\n    a.append(x)",
    ],
)
def test_everything_else_stays(body: str) -> None:
    assert filled(body) == body


def test_a_parameter_with_a_type_stays() -> None:
    text = "def f(a: list, x):\n    a.append(x)"
    assert fill_edits(Draft("a.py", text)) == []
