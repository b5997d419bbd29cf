"""Annotations that say less of a returned function than the code does are taken away."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.returned_functions import returned_edits


def written(text: str) -> str:
    edited = PositionMap("a.py", text, list(returned_edits(Draft("a.py", text)))).text
    ast.parse(edited)
    return edited


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f() -> C[[], None]:\n def g(): pass\n return g", "def f() :\n def g(): pass\n return g"),
        ("def f(a) -> \\\n 'Step': return lambda: a", "def f(a) \\\n: return lambda: a"),
    ],
)
def test_the_annotation_is_taken_away(text: str, expected: str) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "def f() -> C:\n def g(): pass\n return g()",
        "def f() -> C: return h",
        "def f() -> None:\n def g(): pass\n g()",
        "def f() -> C:\n def g(): pass\n if g: return g\n return None",
        "def f():\n def g(): pass\n return g",
    ],
)
def test_other_annotations_stay(text: str) -> None:
    assert written(text) == text
