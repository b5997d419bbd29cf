"""Each promise of SECURITY.md names the tests that hold it, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [
    line.strip("|").split("|")
    for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| promise")
]


def test_each_promise_names_tests_that_are_there() -> None:
    assert len(ROWS) > 15
    for promise, held in ROWS:
        named = re.findall(r"`(tests/[^`]*)`", held)
        assert named, promise
        for one in named:
            file, _, test = one.partition("::")
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, one
