"""What a slice is read of is marked for the analyser."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.list_slices import slice_edits


def marked(text: str) -> list[str]:
    edited = PositionMap("a.py", text, slice_edits(Draft("a.py", text))).text
    ast.parse(edited)
    assert (edited != text) == edited.endswith("\nimport sls_lab_event\n")
    return edited.split("\n")[: text.count("\n") + 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a[1:]", "sls_lab_event.whole(a)[1:]"),
        ("é['ä'][:n](x)", "sls_lab_event.whole(é['ä'])[:n](x)"),
        ("f(a[1:][0:2:1])", "f(sls_lab_event.whole(sls_lab_event.whole(a)[1:])[0:2:1])"),
        ("(a or b)[:3]", "(sls_lab_event.whole(a or b))[:3]"),
    ],
)
def test_slices_are_read_of_the_whole(text: str, expected: str) -> None:
    assert marked(text) == [expected]


@pytest.mark.parametrize("text", ["a[1]", "a['x']", "a[1:] = b", "del a[:2]", "f'{a[1:]}'", "a[i, j]"])
def test_everything_else_stays(text: str) -> None:
    assert marked(text) == [text]
