"""Each code of a diagnostic or of advice is registered once, explained, and used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sls_lab.advice import Advice
from sls_lab.facts import CODES, Diagnostic, Span
from sls_lab.facts.codes import PARTS

PACKAGE = Path(__file__).parents[2] / "sls_lab"
REGISTRY = PACKAGE / "facts" / "codes"
SAYING = {"Diagnostic", "Advice", "say", "note", "_say", "_say_at", "_error"}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if REGISTRY not in file.parents and "taint/stubs" not in file.as_posix():
            yield file, ast.parse(file.read_text(encoding="utf-8"))


def said(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The codes that are written out where something is said."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            code = node.args[0].value
            if name in SAYING and isinstance(code, str) and re.fullmatch(r"[a-z]+[0-9a-z-]*-[0-9a-z]+", code):
                yield node.lineno, code


def test_what_is_said_has_a_registered_code() -> None:
    unknown = [
        f"{file.relative_to(PACKAGE.parent)}:{line}: {code} is not in sls_lab/facts/codes"
        for file, tree in trees()
        for line, code in said(tree)
        if code not in CODES
    ]
    assert not unknown, "\n".join(unknown)


def test_each_registered_code_is_said_somewhere() -> None:
    written = {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    made = {f"{what}-unknown" for what in ("functions", "layers", "resources", "state-machines")}  # of what is listed
    assert set(CODES) - written - made == set()


def test_each_code_is_registered_once() -> None:
    names = [code.name for part in PARTS.values() for code in part]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", CODES)
def test_a_code_is_explained(name: str) -> None:
    code = CODES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert code.title[0].isupper() and not code.title.endswith(".") and len(code.title) <= 70
    assert code.meaning.endswith(".") and code.remedy.endswith(".") and code.example.strip()


def test_a_code_that_is_not_registered_cannot_be_said() -> None:
    span = Span("a.py", 1, 0, 1, 0)
    for make in (
        lambda: Diagnostic("no-such-code", "…", span),
        lambda: Diagnostic("event-loop", "…", span),
        lambda: Advice("no-such-code", "…", span),
        lambda: Advice("file-missing", "…", span),
    ):
        with pytest.raises(KeyError):
            make()
