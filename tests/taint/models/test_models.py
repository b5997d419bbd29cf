"""Every model is accepted, every rule finds what it is for, and its safe twin stays silent."""

from __future__ import annotations

import re

import pytest

from sls_lab.taint.rules import PLACED, RULES
from tests.taint.models.conftest import FIXTURES, Run

pytestmark = pytest.mark.live

EXPECTED = re.compile(r"# flow: (\w+(?:, \w+)*)")


@pytest.mark.parametrize("name", sorted(file.name for file in FIXTURES.glob("*.py")))
def test_flows_stand_where_the_fixture_says(run: Run, name: str) -> None:
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    expected = {
        number: frozenset(found[1].split(", "))
        for number, line in enumerate(lines, 1)
        if (found := EXPECTED.search(line))
    }
    actual = {line: kinds for (file, line), kinds in run.found.items() if file == name}
    wrong = [
        f"{name}:{line}: {_said(expected.get(line))} expected, {_said(actual.get(line))} found: {lines[line - 1]}"
        for line in sorted(expected.keys() | actual.keys())
        if expected.get(line) != actual.get(line)
    ]
    assert not wrong, "\n".join(wrong)


def _said(kinds: frozenset[str] | None) -> str:
    return ", ".join(sorted(kinds)) if kinds else "nothing"


def test_pysa_accepts_every_model(run: Run) -> None:
    assert run.model_errors == ()


def test_every_rule_is_seen_to_work(run: Run) -> None:
    assert {rule.name for rule in RULES} - PLACED == {kind for kinds in run.found.values() for kind in kinds}
