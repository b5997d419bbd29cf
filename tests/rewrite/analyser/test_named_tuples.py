"""Named tuples have their fields by their numbers as well."""

from __future__ import annotations

import ast

import pytest
from asttokens import ASTText

from sls_lab.python.module import Module
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.named_tuples import NamedTuples

HEAD = """class P(NamedTuple):
    a: str
    b: str = ""
Q = namedtuple("Q", "c, d", defaults=[1])
R = collections.namedtuple("R", ["e", "f"])
"""


def written(text: str, **others: str) -> str:
    """The text without what imports the stub; `others` are files beside it."""
    modules = {}
    for name, source in {"app": text, **others}.items():
        tree = ast.parse(source)
        modules[f"{name}.py"] = Module(f"{name}.py", source, tree, ASTText(source, tree=tree), (name,))
    edited = PositionMap("app.py", text, NamedTuples(modules).edits(Draft("app.py", text))).text
    ast.parse(edited)
    return edited.removesuffix("\nimport sls_lab_event\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P(é, y)", "sls_lab_event.numbered((P(é, y)), ((é), (y), ))"),
        ("P(b=y, a=x)", "sls_lab_event.numbered((P(b=y, a=x)), ((x), (y), ))"),
        ("f(Q(x))", "f(sls_lab_event.numbered((Q(x)), ((x), None, )))"),
        ("R(g(\n1), y)", "sls_lab_event.numbered((R(g(\n1), y)), ((g( 1)), (y), ))"),
    ],
)
def test_what_makes_one(text: str, expected: str) -> None:
    assert written(HEAD + text) == HEAD + expected


@pytest.mark.parametrize("text", ["P(*x)", "P(**x)", "P(x, y, z)", "other(x, y)", "x.P(y)", "f'{P(x)}'", "P"])
def test_everything_else_stays(text: str) -> None:
    assert written(HEAD + text) == HEAD + text


def test_one_of_another_file() -> None:
    text = "from base import P as Pair\nPair(x, y)"
    assert written(text, base=HEAD).endswith("\nsls_lab_event.numbered((Pair(x, y)), ((x), (y), ))")
    assert written(text, base="P = 1") == text
