"""Statements that make a key in passing assign to it as well."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.entered_keys import key_edits


def edited(text: str) -> str:
    written = PositionMap("a.py", text, key_edits(Draft("a.py", text))).text
    ast.parse(written)
    return written


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("a[k].append(1)", "; a[k] = None"),
        ("self.a[k].add(\n1)", "; self.a[k] = None"),
        ("await a[k].put(1)", "; a[k] = None"),
        ("a[k]['n'] = 1", "; a[k] = None"),
        ("a[k]['n'] += 1", "; a[k] = None"),
        ("a[k, 1].update(b)", "; a[(k, 1)] = None"),
        ("a[k]['n'].append(1)", "; a[k] = None"),
        ("a[k][n].append(1)", "; a[k] = None; a[k][n] = None"),
        ("a.setdefault(k, 1)", "; a[k] = None"),
        ("b = a.setdefault(k, [])", "; a[k] = None"),
        ("a.setdefault(k, []).append(1)", "; a[k] = None"),
        ("a.update({'n': 1, **b, k: 2})", "; a[k] = None"),
    ],
)
def test_keys(text: str, added: str) -> None:
    assert edited(f"async def f(a, b, k, n):\n    {text}\n") == f"async def f(a, b, k, n):\n    {text}{added}\n"


def test_what_makes_a_key_is_called_once() -> None:
    assert edited("a[f(k)].append(1)\n") == "a[(sls_lab_key := f(k))].append(1); a[sls_lab_key] = None\n"


@pytest.mark.parametrize(
    "text",
    [
        "a[k] = 1",
        "a[k] += 1",
        "a['n'].append(1)",
        "a[1:].extend(b)",
        "a[k].run(1)",
        "f()[k].append(1)",
        "x = [a[k].append(1) for k in b]",
        "a[k].name = 1",
        "x = f'{a[k].append(1)}'",
        "a.update(b)",
    ],
)
def test_others_stay(text: str) -> None:
    assert edited(text) == text
