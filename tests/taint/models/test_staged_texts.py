"""How the staged copy writes what Pysa would not tell apart: what generators yield, and calls of `dict`."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.taint.displays import dict_edits
from sls_lab.taint.parts import slice_edits
from sls_lab.taint.yields import yield_edits


def staged(text: str) -> list[str]:
    edits = [*yield_edits("a.py", text), *slice_edits("a.py", text), *dict_edits("a.py", text)]
    edited = PositionMap("a.py", text, edits).text
    ast.parse(edited)
    return edited.split("\n")[: text.count("\n") + 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): yield {'é': x}", "def f(): yield sls_lab_event.yielded(({'é': x}))"),
        ("def f(): yield a, b", "def f(): yield sls_lab_event.yielded((a, b))"),
        ("def f(): yield a[1:]", "def f(): yield sls_lab_event.yielded((sls_lab_event.whole(a)[1:]))"),
        ("def f(): x = yield dict(a=1)", "def f(): x = yield sls_lab_event.yielded(({'a':1}))"),
        ("dict(name=n, room = (b))", "{'name':n, 'room' : (b)}"),
        ("dict(old, é=1, **more)", "{**dict(old), 'é':1, **more}"),
        ("dict(a=dict(b=1),)['a'][:2]", "sls_lab_event.whole({'a':{'b':1},}['a'])[:2]"),
        ("dict( # one\n  a=1,\n)", "{ # one\n  'a':1,\n}"),
    ],
)
def test_what_is_written_otherwise(text: str, expected: str) -> None:
    assert staged(text) == expected.split("\n")


@pytest.mark.parametrize(
    "text",
    [
        "@contextmanager\ndef f(): yield a",
        "class C:\n def __iter__(self): yield a",
        "def f(): yield",
        "def f(): yield from a",
        "dict()",
        "dict(a)",
        "dict(*a, b=1)",
        "f'{dict(a=1)}'",
        "from x import dict\ndict(a=1)",
        "def dict(**all): return all\ndict(a=1)",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert staged(text) == text.split("\n")
