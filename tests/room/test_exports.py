from __future__ import annotations

import csv
from io import StringIO

from sls_lab.exercises import lessons
from sls_lab.report.spreadsheet import csv_text
from sls_lab.room import as_csv, as_ctfd, flag_of
from sls_lab.room.standing import Standing, Tried
from tests.room.members import WORD


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_a_row_for_each_learner() -> None:
    first, *_ = lessons()
    one = Standing(
        "Ada", "0" * 32, 1, {first.exercises[0].id: Tried(3, 1, True)}, {"00": 14}, first.exercises[0].id, True
    )
    (row,) = rows(as_csv(lessons(), [one]))
    assert (row["nickname"], row["passed"], row["attempts"], row["hints"]) == ("Ada", "1", "3", "1")
    assert row["hand"] == "up"
    assert row[f"00 passed of {len(first.exercises)}"] == "1"
    assert (row["00 minutes"], row["minutes"]) == ("14", "14")


def test_no_cell_is_a_formula() -> None:
    assert csv_text([["=1+1", "@x", "-2", -2, None, True, "a"]]) == "'=1+1,'@x,'-2,-2,,true,a\n"


def test_every_exercise_is_a_challenge_with_a_flag_of_its_own() -> None:
    exercises = [one for lesson in lessons() for one in lesson.exercises]
    found = rows(as_ctfd(lessons(), WORD))
    assert [row["name"].partition(" ")[0] for row in found] == [one.id for one in exercises]
    flags = [row["flags"] for row in found]
    assert flags == [flag_of(one, WORD) for one in exercises]
    assert len(set(flags)) == len(flags)
    assert {row["type"] for row in found} == {"standard"}
    assert all(int(row["value"]) > 0 for row in found)
    assert not any("," in flag for flag in flags)  # CTFd takes a comma for the end of a flag


def test_another_class_has_other_flags() -> None:
    one = lessons()[0].exercises[0]
    assert flag_of(one, WORD) != flag_of(one, "another word")
