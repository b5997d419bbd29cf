"""What is wrong with a lesson file is told in one sentence, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.exercises import ExerciseError, examples_folder, find, read_lesson

GOOD = """\
title: A lesson
exercises:
  - id: 09/one
    kind: choice
    stage: predict
    title: One
    prompt: Which?
    hints: [Look.]
    explanation: So it is.
    options:
      - {text: yes, right: true}
      - {text: no, explanation: Not so.}
"""


def test_a_good_file_is_read() -> None:
    lesson = read_lesson(GOOD, "09.yml")
    assert (lesson.number, lesson.title) == ("09", "A lesson")
    (exercise,) = lesson.exercises
    assert (exercise.id, exercise.line, exercise.task.solution, exercise.stars) == ("09/one", 3, ["a"], 1)


ONE = GOOD.partition("exercises:\n")[2]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: A lesson\n", "", "09.yml:1: a lesson has no `title`"),
        ("    kind: choice\n", "", "09.yml:3: an item of `exercises` has no `kind`"),
        ("kind: choice", "kind: essay", "09.yml:4: `kind` is one of choice, order, .*, not 'essay'"),
        ("stage: predict", "stage: guess", "09.yml:5: `stage` is one of predict, .*, not 'guess'"),
        ("id: 09/one", "id: 9-One", "09.yml:3: an id is written as 01/a-few-words, not '9-One'"),
        ("id: 09/one", "id: 08/one", "09.yml:3: the id '08/one' does not begin with the file's number"),
        ("title: One", "title: One\n    stars: 4", "09.yml:7: `stars` is a number from 1 to 3"),
        ("hints: [Look.]", "hints: [a, b, c, d]", "09.yml:3: an exercise has one to 3 `hints`, this one has 4"),
        ("hints: [Look.]", "hints: Look.", "09.yml:8: `hints` is a list"),
        ("hints: [Look.]", "hints: [[Look.]]", "09.yml:8: an item of `hints` is a string"),
        ("title: One", "title: One\n    tittle: Two", "09.yml:7: an item of `exercises` has no use for `tittle`"),
        ("right: true", "right: certainly", "09.yml:11: `right` is true or false"),
        (", right: true", ", explanation: No.", "09.yml:3: a choice has two or more `options`, one or more of them"),
        (", explanation: Not so.", "", "09.yml:12: an item of `options` has no `explanation`"),
        ("title: One", "title: One\n    title: Two", "09.yml:7: The key 'title' is written twice"),
        ("title: One", 'title: "One', r"09.yml:\d+: This does not parse"),
        ("title: One", "title: !!python/object:os.system x", "09.yml:6: The tag !!python/object:os.system is not one"),
        (GOOD, "", "09.yml:1: the file is empty"),
        (GOOD, "- 1\n", "09.yml:1: a lesson is written as `name: value` lines"),
        (ONE, ONE + ONE, "09.yml:13: there is another exercise '09/one' on line 3"),
    ],
)
def test_a_bad_file_is_told_with_its_place(old: str, new: str, told: str) -> None:
    assert old in GOOD
    with pytest.raises(ExerciseError, match=f"^{told}") as caught:
        read_lesson(GOOD.replace(old, new, 1), "09.yml")
    assert "\n" not in str(caught.value)


def test_an_unknown_id_is_told_with_what_there_is() -> None:
    with pytest.raises(ExerciseError, match=r"the lessons are .*01"):
        find("99/none")


def test_examples_are_found_from_a_folder_of_the_clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    (clone / "code-examples" / "apps").mkdir(parents=True)
    (clone / "notebooks").mkdir()
    monkeypatch.chdir(clone / "notebooks")
    assert examples_folder() == clone / "code-examples"
    monkeypatch.chdir(tmp_path)
    assert examples_folder() == Path(__file__).resolve().parents[2] / "code-examples"
