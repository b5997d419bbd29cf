"""What is written otherwise for the analyser: what generators yield, calls of `dict`, mapped lambdas, slices."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.dependency_calls import dependency_edits
from sls_lab.rewrite.analyser.dict_calls import dict_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.generators import mapped_edits
from sls_lab.rewrite.analyser.list_slices import slice_edits
from sls_lab.rewrite.analyser.yields import yield_edits


def staged(text: str) -> list[str]:
    edits = [*yield_edits(Draft("a.py", text)), *slice_edits(Draft("a.py", text)), *dict_edits(Draft("a.py", text))]
    edits += mapped_edits(Draft("a.py", text))
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
        ("list(map(lambda é: (é, 1), rows[1:]))", "list((((é, 1)) for é in (sls_lab_event.whole(rows)[1:])))"),
        ("pool.map(\n  lambda r: f(r),\n  rows,\n)", "((\nf(r)) for r in (\nrows))\n"),
        ("filter(lambda r: r['é'], rows)", "(((r['é']), r)[1] for r in (rows))"),
        ("map(lambda r: map(lambda q: q, r), x)", "((((q) for q in (r))) for r in (x))"),
        ("d.setdefault(k, []).append(é['a'])", "d.setdefault(k, [é['a']]).append(é['a'])"),
        ("d.setdefault(k, []).extend(f(\n1))", "d.setdefault(k, [*f( 1)]).extend(f(\n1))"),
        ("é[-1][1:][-2]", "sls_lab_event.whole(é[int(-1)])[1:][int(-2)]"),
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
        "def f(): x = f'{(yield a)}'",
        "dict()",
        "dict(a)",
        "dict(*a, b=1)",
        "f'{dict(a=1)}'",
        "map(f, rows)",
        "a[-1] = 1",
        "f'{a[-1]}'",
        "map(lambda a, b: a, x, y)",
        "map(lambda a, b=1: a, x)",
        "map(lambda a: a, *x)",
        "d.setdefault(k, [1]).append(x)",
        "from x import dict\ndict(a=1)",
        "def dict(**all): return all\ndict(a=1)",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert staged(text) == text.split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a, b=Depends(g)): pass", "def f(a, b=Depends(g)): b = b or g(); pass"),
        (
            "def f(*, b: Annotated[int, Depends(m.g)]):\n  use(b)",
            "def f(*, b: Annotated[int, Depends(m.g)]):\n  b = b or m.g()\n  use(b)",
        ),
        (
            "G = Annotated[int, Depends(g)]\ndef f(b: G): pass",
            "G = Annotated[int, Depends(g)]\ndef f(b: G): b = b or g(); pass",
        ),
        (
            "def f(b: T = Depends(), c=Depends(G()), d=Depended(g)): pass",
            "def f(b: T = Depends(), c=Depends(G()), d=Depended(g)): pass",
        ),
    ],
)
def test_what_a_route_depends_on_is_called(text: str, expected: str) -> None:
    head = "from fastapi import Depends\n"
    written = PositionMap("a.py", head + text, [*dependency_edits(Draft("a.py", head + text))]).text
    assert written == head + expected
