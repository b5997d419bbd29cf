"""Three hundred of the specimens that `make fuzz` makes by the thousand; what it finds gets a test by its own name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sls_lab.facts import Span
from tests.fuzz import laws
from tests.fuzz.laws import broken_laws
from tests.fuzz.specimens import Specimen, specimen

pytestmark = pytest.mark.posix  # time and memory are measured as Windows does not

SEED = 10
BATCH = 30
TEMPLATE = b"""service: shop
provider: {name: aws, runtime: nodejs20.x}
functions: {one: {handler: one.handler}}
"""


@pytest.mark.parametrize("first", range(0, 300, BATCH))
def test_no_law_is_broken(first: int) -> None:
    for number in range(first, first + BATCH):
        found = broken_laws(specimen(SEED, number), twice=number % 6 == 0, reports=number % 4 == 0)
        assert not found, f"specimen {number} of seed {SEED} ({specimen(SEED, number).how}): {found}"


def test_a_specimen_is_the_same_each_time() -> None:
    assert [specimen(1, number) for number in range(20)] == [specimen(1, number) for number in range(20)]
    assert specimen(1, 5) != specimen(2, 5)


def test_a_traceback_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise IndexError("nobody thought of this")

    monkeypatch.setattr(laws, "stage", fail)
    assert {broken.law for number in range(5) for broken in broken_laws(specimen(SEED, number))} == {"no traceback"}


def test_a_file_that_vanishes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template that is read only where nobody looks for it."""
    hidden = Specimen(0, "two", {"serverless.yml": TEMPLATE, "node_modules/a/serverless.yml": TEMPLATE}, "", "")
    monkeypatch.setattr(laws, "_is_template", lambda _: True)
    found = broken_laws(replace(hidden, touched="node_modules/a/serverless.yml"))
    assert [broken.law for broken in found] == ["nothing vanishes"]
    assert not broken_laws(replace(hidden, touched="serverless.yml"))


def test_edits_of_another_file_are_noticed() -> None:
    span = Span("a.py", 1, 0, 1, 5)
    lines = ["x = 1\n"]
    assert laws._inside(span, "a.py", lines)
    assert not laws._inside(span, "b.py", lines)
    assert not laws._inside(replace(span, end_column=9), "a.py", lines)
    assert not laws._inside(replace(span, end_line=3), "a.py", lines)
