"""Two names of one object hold the same."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.aliases import alias_edits
from sls_lab.rewrite.analyser.draft import Draft


def written(*lines: str) -> list[str]:
    text = "def f(a, x):\n" + "".join(f"    {line}\n" for line in lines)
    edited = PositionMap("a.py", text, alias_edits(Draft("a.py", text))).text
    ast.parse(edited)
    return [line.strip() for line in edited.splitlines()[1:]]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (("b = a", "b.append(x)"), "b.append(x); a = b"),
        (("b = a", "b['k'] = x"), "b['k'] = x; a = b"),
        (("b = a", "a.append(x)"), "a.append(x); b = a"),
        (("b = a['k']", "b['m'] = x"), "b['m'] = x; a['k'] = b"),
        (("b = a.c", "b.extend(x)  # all"), "b.extend(x); a.c = b  # all"),
        (("a = {}", "b = a", "b.d = x"), "b.d = x; a = b"),
    ],
)
def test_what_changes_one_changes_the_other(lines: tuple[str, ...], last: str) -> None:
    assert written(*lines) == [*lines[:-1], last]


@pytest.mark.parametrize(
    "lines",
    [
        ("b = a", "b = x", "b.append(x)"),
        ("b = a", "a = []", "b.append(x)"),
        ("b = a[x]", "b.append(x)"),
        ("b = a.copy()", "b.append(x)"),
        ("b = OUTER", "b.append(x)"),
        ("b = a", "c.append(x)"),
        ("b = a", "b.sort()"),
        ("b.append(x)", "b = a"),
    ],
)
def test_everything_else_stays(lines: tuple[str, ...]) -> None:
    assert written(*lines) == list(lines)
