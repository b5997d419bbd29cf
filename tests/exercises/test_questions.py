"""Questions that nobody judges: predictions, and what is recalled of earlier notebooks."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import nbformat
import pytest

from sls_lab.cli import main
from sls_lab.exercises import (
    Exercise,
    ExerciseError,
    Lesson,
    check,
    exercises,
    find,
    lessons,
    note_down,
    progress_file,
    progress_text,
    questions,
    quiz,
    read_lesson,
    read_progress,
    recalled,
)
from sls_lab.exercises.tasks.commitment import CommitmentTask
from sls_lab.widgets.exercises import ExerciseWidget
from sls_lab.widgets.predictions import HoldingWidget
from sls_lab.widgets.tables import table

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
WORDS, CHOICE = "00/how-many-flows", "00/who-is-woken-from-outside"
LESSON = """\
title: A lesson
predictions:
  - id: 09/one
    prompt: Which?
    options: [yes, no]
    answer: no
recall:
  - id: 09/two
    prompt: How many?
    asks: a number
    answer: 2
    explanation: Count them.
"""


@pytest.fixture(autouse=True)
def own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


def test_questions_are_read_beside_exercises() -> None:
    lesson = read_lesson(LESSON, "09.yml")
    assert lesson.exercises == ()
    assert [one.id for one in (*lesson.predictions, *lesson.recall)] == ["09/one", "09/two"]
    assert [one.task.solution for one in (*lesson.predictions, *lesson.recall)] == [["b"], "2"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("answer: no", "answer: perhaps", "09.yml:6: the answer 'perhaps' is not one of the `options`"),
        ("[yes, no]", "[no]", "09.yml:5: a question has two or more different `options`"),
        ("[yes, no]", "[no, no]", "09.yml:5: a question has two or more different `options`"),
        ("    asks: a number\n", "", "09.yml:8: an item of `recall` has no `asks`"),
        ("    answer: 2\n", "", "09.yml:8: an item of `recall` has no `answer`"),
        ("09/two", "09/one", "09.yml:8: there is another exercise '09/one' on line 3"),
        ("    prompt: Which?\n", "    kind: choice\n    prompt: Which?\n", "has no use for `kind`"),
    ],
)
def test_a_bad_question_is_told_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(ExerciseError, match=re.escape(told)):
        read_lesson(LESSON.replace(old, new, 1), "09.yml")


@pytest.mark.parametrize(("id", "answer"), [(WORDS, "  seven  or so "), (CHOICE, ["b"]), (CHOICE, ["a"])])
def test_every_answer_is_committed_and_none_is_judged(id: str, answer: object) -> None:
    verdict = check(find(id), answer)
    assert verdict.result == "committed" and not verdict.passed
    assert verdict.explanation == find(id).explanation


@pytest.mark.parametrize(
    ("id", "answer", "result"),
    [(WORDS, "  ", "blank"), (WORDS, None, "blank"), (CHOICE, [], "blank"), (WORDS, ["a"], "unusable")]
    + [(CHOICE, answer, "unusable") for answer in (["z"], ["a", "b"], "a", 3, {"a": 1})],
)
def test_no_answer_is_no_commitment(id: str, answer: object, result: str) -> None:
    assert check(find(id), answer).result == result


def test_what_was_said_is_kept_and_counts_as_committed() -> None:
    widget = ExerciseWidget(find(WORDS))
    widget.act("commit", answer=" ")
    assert widget.state["verdict"]["result"] == "blank"
    widget.act("commit", answer="one and two")
    done = read_progress(progress_file()).of(WORDS)
    assert (done.said, done.attempts, done.passed) == ("one and two", 1, False)
    assert f"1 of {sum(len(lesson.predictions) for lesson in lessons())} predictions made" in progress_text(
        read_progress(progress_file())
    )
    assert f"0 of {len(exercises())} exercises passed" in progress_text(read_progress(progress_file()))


def test_a_prediction_stays_committed_when_its_cell_runs_again_and_recall_asks_anew() -> None:
    again = next(one for one in questions() if one.kind == "recall")
    for id in (CHOICE, WORDS, again.id):
        answer = find(id).task.solution
        ExerciseWidget(find(id)).act("commit", answer=answer)
    assert ExerciseWidget(find(CHOICE)).state["answer"] == find(CHOICE).task.solution
    assert ExerciseWidget(find(WORDS)).state["verdict"]["result"] == "committed"
    assert ExerciseWidget(again).state["verdict"] is None


def test_a_prediction_whose_options_have_changed_is_asked_again() -> None:
    note_down(progress_file(), CHOICE, said="an option of an earlier version", attempts=1)
    assert ExerciseWidget(find(CHOICE)).state["verdict"] is None


def test_output_is_made_at_once_and_held_back(capsys: pytest.CaptureFixture[str]) -> None:
    made = []

    def output() -> object:
        made.append("now")
        sys.stdout.write("printed\n")
        return table("Held", ("a",), [(1,)])

    widget = HoldingWidget(find(WORDS))
    widget.hold(output, "a value")
    assert made == ["now"]
    assert capsys.readouterr().out == ""
    assert widget.held.as_text() == ["printed", "Held\na\n1", "'a value'"]
    assert widget.state["held"]
    for text in (widget.as_text(), widget.as_html().rpartition("</style>")[2].partition("<details>")[0]):
        assert "None, then one" not in text and "Held" not in text
    widget.act("commit", answer="two")
    assert not widget.state["held"]
    later = HoldingWidget(find(WORDS))
    later.hold(output)
    assert not later.state["held"]


def test_an_exercise_may_hold_back_output_too_and_any_attempt_opens_it() -> None:
    widget = HoldingWidget(find("01/how-many-public"))
    widget.hold("all doors")
    widget.act("commit", answer=[])
    assert widget.state["held"]
    widget.act("commit", answer=["b"])
    assert not widget.state["held"]


@pytest.mark.parametrize("learner", ["ada", "grace", ""])
def test_each_notebook_recalls_three_questions_of_earlier_ones(learner: str) -> None:
    numbers = [lesson.number for lesson in lessons()]
    for place, number in enumerate(numbers[1:], 1):
        asked = recalled(number, learner)
        assert len({one.id for one in asked}) == 3
        assert {one.lesson for one in asked} <= set(numbers[:place])
        assert asked == recalled(number, learner)


def test_each_learner_has_questions_of_their_own() -> None:
    assert len({recalled("05", f"learner {number}") for number in range(8)}) > 1


@pytest.mark.parametrize("number", ["00", "99", ""])
def test_a_notebook_with_none_before_it_recalls_nothing(number: str) -> None:
    with pytest.raises(ExerciseError, match="with one before it"):
        recalled(number, "")


def test_the_quiz_asks_what_was_worked_on_and_what_was_asked_least_first() -> None:
    file = progress_file()
    assert len(quiz(read_progress(file), "ada", 100)) == sum(len(lesson.recall) for lesson in lessons())
    note_down(file, "00/which-line", attempts=1)
    first = quiz(read_progress(file), "ada", 3)
    assert {one.lesson for one in first} == {"00"}
    note_down(file, first[0].id, said="so", attempts=1)
    assert quiz(read_progress(file), "ada", 3)[-1] == first[0]


def test_the_quiz_tells_each_answer_after_it_was_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note_down(progress_file(), "00/which-line", attempts=1)
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n\nzz\n"))
    assert main(["quiz", "--questions", "3"]) == 0
    out = capsys.readouterr().out
    assert out.count("It is: ") == 3
    assert "You said: " in out and "of 3 questions answered" in out
    for one in quiz(read_progress(progress_file()), "", 3):
        assert out.index(one.prompt.split()[-1]) < out.index("It is: ", out.index(one.prompt.split()[-1]))


def test_the_quiz_ends_with_its_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["quiz"]) == 0
    out = capsys.readouterr().out
    assert "It is: " not in out and "0 of 5 questions answered" in out


def test_progress_as_json_has_what_was_said(capsys: pytest.CaptureFixture[str]) -> None:
    note_down(progress_file(), WORDS, said="one", attempts=1)
    assert main(["progress", "--format", "json"]) == 0
    lesson = json.loads(capsys.readouterr().out)["lessons"][0]
    assert lesson["predicted"] == 1
    assert {one["id"]: one["said"] for one in lesson["predictions"]}[WORDS] == "one"


ASKED = re.compile(r'\b(?:predict|exercise)\(\s*"([^"]+)"')
RECALL = re.compile(r'\brecall\("([^"]+)"\)')


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.number)
def test_the_notebook_asks_each_of_its_predictions_and_recalls_at_its_start(lesson: Lesson) -> None:
    number = lesson.number
    (notebook,) = NOTEBOOKS.glob(f"{number}-*.ipynb")
    cells = nbformat.read(notebook, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    asked = [id for source in code for id in ASKED.findall(source)]
    assert sorted(asked) == sorted(one.id for one in (*lesson.exercises, *lesson.predictions))
    if number != lessons()[0].number:
        assert [found for source in code[:3] for found in RECALL.findall(source)] == [number]


@pytest.mark.parametrize("question", questions(), ids=lambda one: one.id)
def test_a_question_does_not_hold_its_answer(question: Exercise) -> None:
    task = question.task
    assert isinstance(task, CommitmentTask)
    if not task.options:
        assert len(task.answer) < 3 or task.answer.strip("`") not in question.prompt
