"""Imports of pytest do not make a test of a file that handlers use."""

from __future__ import annotations

import ast

import pytest

from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.pytest_imports import pytest_edits


def edited(text: str) -> str:
    return PositionMap("a.py", text, list(pytest_edits(Draft("a.py", text)))).text


@pytest.mark.parametrize(
    "statement",
    ["import pytest", "import pytest as p", "from pytest import (\n  mark,\n  raises,\n)", "import pytest.x"],
)
def test_pytest_is_imported_below_a_condition(statement: str) -> None:
    text = edited(f"import os\n{statement}\ndef test_it(): pass\n")
    assert text == f"import os\nif True: {statement}\ndef test_it(): pass\n"
    assert isinstance(ast.parse(text).body[1], ast.If)


@pytest.mark.parametrize(
    "text",
    ["import pytester\n", "from . import pytest\n", "from .pytest import mark\n", "def f():\n    import pytest\n"],
)
def test_other_imports_stay(text: str) -> None:
    assert edited(text) == text
