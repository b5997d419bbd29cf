"""Functions that the library makes of others get names."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.named_partials import partial_edits

HEAD = "from functools import partial, partialmethod\nfrom operator import attrgetter, itemgetter, methodcaller\n"


def written(text: str, own: frozenset[str] = frozenset({"f"})) -> str:
    draft = Draft("a.py", HEAD + text)
    edits = partial_edits(draft, own, [])
    edited = PositionMap("a.py", HEAD + text, edits).text
    ast.parse(edited)
    return edited.removeprefix(HEAD)


@pytest.mark.parametrize(
    ("text", "made", "rest"),
    [
        ("map(partial(f, é), b)", "def sls_lab_made_1(*rest, **named): return f(é, *rest, **named)", "map({}, b)"),
        ("x = partial(f)", "def sls_lab_made_1(*rest, **named): return f(*rest, **named)", "x = {}"),
        (
            "g(partial(print, 1, end=''))",
            "def sls_lab_made_1(*rest, **named): return print(1, *rest, end='', **named)",
            "g({})",
        ),
        ("x = attrgetter('a', 'b.c')", "def sls_lab_made_1(one): return (one.a, one.b.c)", "x = {}"),
        ("x = itemgetter('a')", "def sls_lab_made_1(one): return one['a']", "x = {}"),
        ("g(itemgetter(0, 'b'))", "def sls_lab_made_1(one): return (one[0], one['b'])", "g({})"),
        ("x = methodcaller('m', 1, k=y)", "def sls_lab_made_1(one): return one.m(1, k=y)", "x = {}"),
    ],
)
def test_a_function_is_written_before(text: str, made: str, rest: str) -> None:
    assert written(text) == f"{made}\n{rest.format('sls_lab_made_1')}"


def test_a_method_caller_knows_the_classes_that_have_the_method() -> None:
    text = "class A:\n    def m(self): pass\nx = methodcaller('m')"
    assert written(text).splitlines()[2] == "def sls_lab_made_1(one: 'A'): return one.m()"


def test_a_partial_method_is_a_method() -> None:
    text = "class A:\n    def run(self, a, b): pass\n    stop = partialmethod(run, 'stop')"
    expected = "    def stop(self, *rest, **named): return self.run('stop', *rest, **named)"
    assert written(text).splitlines()[2] == expected


def test_a_function_is_as_far_in_as_its_statement() -> None:
    text = "def g(a):\n    if a:\n        map(partial(f, a), a)"
    assert written(text).splitlines()[2].startswith("        def sls_lab_made_1(")


@pytest.mark.parametrize(
    "text",
    [
        "x = partial(print, end='')",
        "partial(f, 1)(2)",
        "[map(partial(f, a), b) for a in b]",
        "g(lambda a: map(partial(f, a), b))",
        "sorted(a, key=itemgetter('b'))",
        "x = itemgetter(k)",
        "x = attrgetter('a b')",
        "x = methodcaller(name)",
        "if a: map(partial(f, a), b)",
        "def partial(*a): pass\ng(partial(f, 1))",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert written(text) == text


def test_what_is_edited_within_stays() -> None:
    draft = Draft("a.py", HEAD + "map(partial(f, a[1:]), b)")
    other = draft.edit("list-slice", (len(HEAD) + 15, len(HEAD) + 15), "", draft.reason("", draft.tree.body[2]))
    assert partial_edits(draft, {"f"}, [other]) == []
