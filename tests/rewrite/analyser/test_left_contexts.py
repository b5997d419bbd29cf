"""Context managers of the application are left at the end of their `with` statements."""

from __future__ import annotations

import ast

import pytest
from asttokens import ASTText

from sls_lab.python.module import Module
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.left_contexts import LeftContexts

ITSELF = "class A:\n    def __enter__(self): return self\n    def __exit__(self, *all): pass\n"
ANOTHER = "class A:\n    def __enter__(self): return 1\n    def __exit__(self, *all): pass\n"


def written(text: str, classes: str = ITSELF) -> str:
    tree = ast.parse(classes)
    known = {"b.py": Module("b.py", classes, tree, ASTText(classes, tree=tree), ("b",))}
    edited = PositionMap("a.py", text, list(LeftContexts(known).edits(Draft("a.py", text)))).text
    ast.parse(edited)
    return edited


END = ".__exit__(None, None, None)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("with a() as b:\n    c()\n", f"with a() as b:\n    c(); b{END}\n"),
        ("with a: c()\n", f"with a: c(); a{END}\n"),
        ("with a() as b:\n    if c: d()\n", f"with a() as b:\n    if c: d()\n    b{END}\n"),
        ("def f():\n with a() as b:\n  return c\n", f"def f():\n with a() as b:\n  b{END}\n  return c\n"),
        (
            "with a() as b:\n    with c() as d:\n        if e: f()\n",
            f"with a() as b:\n    with c() as d:\n        if e: f()\n        d{END}\n    b{END}\n",
        ),
        ("with a():\n    c()\n", f"with (sls_lab_entered_1 := (a())):\n    c(); sls_lab_entered_1{END}\n"),
        (
            "async def f():\n async with a as b:\n  c()\n",
            "async def f():\n async with a as b:\n  c(); await a.__aexit__(None, None, None)\n",
        ),
    ],
)
def test_the_end_is_written(text: str, expected: str) -> None:
    assert written(text) == expected


def test_what_is_entered_may_be_something_else() -> None:
    expected = f"with (sls_lab_entered_1 := (a())) as b:\n    c(); sls_lab_entered_1{END}\n"
    assert written("with a() as b:\n    c()\n", ANOTHER) == expected


def test_nothing_is_written_where_no_class_is_left() -> None:
    assert written("with a() as b: c()", "class A: pass\n") == "with a() as b: c()"
