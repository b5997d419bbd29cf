"""What is given to a call of which it is not known what it calls is marked."""

from __future__ import annotations

import ast

import pytest

from sls_lab.code import Module, span_of
from sls_lab.python.parsing import parse_text
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.open_calls import open_edits


def marked(text: str, called: str) -> str:
    """The text with the marks of its calls of `called`, without the import."""
    module = parse_text("a.py", text)
    assert isinstance(module, Module)
    calls = {
        span_of(module, node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == called
    }
    edits = open_edits(Draft("a.py", text), PositionMap("a.py", text, ()), calls)
    written = PositionMap("a.py", text, edits).text
    ast.parse(written)
    return written.removesuffix("\nimport sls_lab_event\n").replace("sls_lab_event.to_unknown", "U")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("t[0](x)", "t[0](U((x)))"),
        ("t[0](x, *y, k=z, **w)", "t[0](U((x)), *U((y)), k=U((z)), **U((w)))"),
        ("t[0](x, 'fixed', 1)", "t[0](U((x)), 'fixed', 1)"),
        ("t[0](t[0](x))", "t[0](U((t[0](U((x))))))"),
        ("t[0](a for a in b)", "t[0](a for a in b)"),
        ("t[0](x)\nu[0](x)", "t[0](U((x)))\nu[0](x)"),
        ("t[0](\n  x,\n)", "t[0](\n  U((x)),\n)"),
        ("f'{t[0](x)}'", "U((f'{t[0](x)}'))"),
    ],
)
def test_arguments_are_marked(text: str, expected: str) -> None:
    assert marked(text, "t[0]") == expected


def test_nothing_is_marked_where_every_call_is_known() -> None:
    assert marked("f(x)\nf'{f(x)}'", "g") == "f(x)\nf'{f(x)}'"
