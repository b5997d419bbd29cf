"""The page of solutions is as of today. `pytest --golden` writes it anew."""

from __future__ import annotations

import pytest

from sls_lab.exercises import exercises
from tools.write_solutions import PAGE, page


def test_the_page_of_solutions_is_up_to_date(request: pytest.FixtureRequest) -> None:
    today = page()
    if request.config.getoption("--golden"):
        PAGE.write_text(today, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == today, "run python -m tools.write_solutions"


def test_every_exercise_has_its_solution_and_two_mistakes() -> None:
    parts = page().split("\n### ")[1:]
    assert [part.partition(":")[0] for part in parts] == [exercise.id for exercise in exercises()]
    for part in parts:
        assert part.count("**Wrong:**") == 2, part.partition("\n")[0]
        solution = part.split("**Wrong:**")[0].split("*\n\n")[1]
        assert len(solution.split()) >= 1
