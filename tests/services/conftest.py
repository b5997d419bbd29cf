"""Calls as the code room reads them, with the surroundings that the services look through."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from sls_lab.code import BotoCall
from sls_lab.services.call_values import View
from tests.code.builder import read

Calls = Callable[[str], list[tuple[BotoCall, View]]]


@pytest.fixture
def calls(tmp_path: Path) -> Calls:
    """The boto3 calls of a handler whose body is given, each with its view."""

    def found(body: str) -> list[tuple[BotoCall, View]]:
        lines = "\n".join("    " + line for line in body.splitlines())
        source = f"import json\nimport boto3\ndef handler(event, context):\n{lines}\n"
        code = read(tmp_path, {"handler.py": source})
        assert code.unseen == {}
        tree = code.modules["handler.py"].tree
        scope = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
        return [(call, View.of(call, scope, tree)) for call in code.calls]

    return found
