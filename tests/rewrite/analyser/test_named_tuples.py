"""Fields of named tuples are taken out by their names."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.named_tuples import tuple_edits

HEAD = """class P(NamedTuple):
    a: str
    b: str = ""
Q = namedtuple("Q", "c, d")
R = collections.namedtuple("R", ["e", "f"])
"""


def last_line(*lines: str) -> str:
    text = HEAD + "def f(x):\n" + "".join(f"    {line}\n" for line in lines)
    edited = PositionMap("a.py", text, tuple_edits(Draft("a.py", text))).text
    ast.parse(edited)
    return edited.splitlines()[-1].strip()


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (("p = P(x, x)", "m, n = p"), "m, n = p.a, p.b"),
        (("q = Q(x, x)", "g(q[1])"), "g(q.d)"),
        (("r = R(x, x)", "return r[0]"), "return r.e"),
    ],
)
def test_fields(lines: tuple[str, ...], last: str) -> None:
    assert last_line(*lines) == last


@pytest.mark.parametrize(
    "lines",
    [
        ("p = P(x, x)", "m, *n = p"),
        ("p = P(x, x)", "m, n, o = p"),
        ("p = P(x, x)", "return p[2]"),
        ("p = P(x, x)", "p = x", "return p[0]"),
        ("p = other(x)", "return p[0]"),
        ("p = P(x, x)", "return f'{p[0]}'"),
    ],
)
def test_everything_else_stays(lines: tuple[str, ...]) -> None:
    assert last_line(*lines) == lines[-1]
