"""What each kind of exercise takes for an answer, and what it makes of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sls_lab.exercises import Exercise, check, read_lesson, setting_of, solution_of
from sls_lab.exercises.prose import as_html, blocks
from tests.exercises.learner import answer_of

LESSON = read_lesson((Path(__file__).parent / "fixtures" / "09.yml").read_text(encoding="utf-8"), "09.yml")
SEVERAL, ORDER, BLANK, LINES, EXTRACTOR = LESSON.exercises


@pytest.mark.parametrize("exercise", LESSON.exercises, ids=lambda one: one.id)
def test_solutions_pass_and_wrong_answers_are_known(exercise: Exercise) -> None:
    assert check(exercise, answer_of(exercise, exercise.task.solution)).passed
    for wrong in exercise.task.wrong:
        verdict = check(exercise, answer_of(exercise, wrong.answer))
        assert (verdict.result, verdict.explanation) == ("wrong", wrong.explanation)


@pytest.mark.parametrize("exercise", LESSON.exercises, ids=lambda one: one.id)
@pytest.mark.parametrize("answer", [3, "x", ["z"], {"z": 1}, [["handlers/store.py", 999]], [None]])
def test_answers_of_another_form_are_refused_in_a_sentence(exercise: Exercise, answer: Any) -> None:
    verdict = check(exercise, answer)
    assert verdict.result in ("unusable", "blank")
    assert "\n" not in verdict.explanation


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (["b"], "There is more than what you chose: 2 are right."),
        (["a", "b", "c"], "It is public."),
        (["a", "d"], "It is public.\n\nThere are some."),
    ],
)
def test_of_several_each_wrong_one_is_explained(answer: list[str], told: str) -> None:
    verdict = check(SEVERAL, answer)
    assert verdict.explanation == told
    assert verdict.expected == "2 statements"


def test_equal_lines_are_interchangeable() -> None:
    assert check(ORDER, [3, 2, 1, 4]).passed
    verdict = check(ORDER, [1, 4])
    assert verdict.found == "2 lines, right from the top as far as line 1"


def test_lines_are_shown_in_another_order_than_theirs() -> None:
    shown = [number for number, _ in ORDER.task.view(setting_of(ORDER))["lines"]]
    assert sorted(shown) == [1, 2, 3, 4, 5]
    assert shown[:4] != [1, 2, 3, 4]


def test_code_in_a_blank_is_compared_as_code() -> None:
    assert check(BLANK, {"bucket": "os.environ[ 'BUCKET' ]", "key": "f'{a}.wav'"}).passed
    assert check(BLANK, {"bucket": "os.environ.get('BUCKET')", "key": ' f"{a}.wav"'}).passed
    assert check(BLANK, {"bucket": "os.environ[BUCKET]", "key": "f'{a}.wav'"}).result == "wrong"
    assert check(BLANK, {"bucket": "((", "key": "x" * 10_000}).result == "wrong"
    assert check(BLANK, {"bucket": "a", "key": " "}).result == "blank"


def test_any_line_of_a_place_will_do_and_each_place_counts() -> None:
    assert check(LINES, [["handlers/store.py", 17], ["handlers/submit.py", 18]]).passed
    one = check(LINES, [["handlers/store.py", 17]])
    assert (one.result, one.expected) == ("wrong", "2 places; 1 of them found")
    three = check(LINES, [["handlers/store.py", 17], ["handlers/submit.py", 18], ["handlers/submit.py", 1]])
    assert three.result == "wrong"
    assert check(LINES, [["../secret", 1]]).result == "unusable"


def test_what_a_function_raises_is_told_with_the_line_of_its_cell() -> None:
    def names(text: str) -> list[str]:
        return [ast.parse(text).nothing]

    verdict = check(EXTRACTOR, names)
    line = names.__code__.co_firstlineno + 1
    assert verdict.found.startswith("on sample 1, AttributeError: ")
    assert verdict.found.endswith(f"in line {line} of your function's cell")

    def deep(text: str) -> object:
        ast.parse("(")
        return None

    assert f"in line {deep.__code__.co_firstlineno + 1} " in check(EXTRACTOR, deep).found
    assert "TypeError" in check(EXTRACTOR, lambda: None).found


def test_a_function_runs_once_for_each_sample_and_may_give_anything_with_items() -> None:
    seen = []

    def names(text: str) -> Iterator[str]:
        seen.append(text)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Name):
                yield node.id

    assert check(EXTRACTOR, names).passed
    assert len(seen) == 2
    assert check(EXTRACTOR, lambda text: 1 / 0 if "b" in text else []).result == "wrong"
    assert check(EXTRACTOR, lambda text: None).result == "blank"
    assert check(EXTRACTOR, lambda text: 3).found == "on sample 1, 3"
    assert check(EXTRACTOR, lambda text: ["c"]).found == (
        "on sample 1, ['c']; missing: ['a', 'a', 'b']; too much: ['c']"
    )

    def late(text: str) -> Iterator[str]:
        yield "a"
        raise LookupError("nothing more")

    assert "LookupError: nothing more" in check(EXTRACTOR, late).found


def test_solutions_are_shown_as_text() -> None:
    setting = setting_of(BLANK)
    assert BLANK.task.in_words(solution_of(BLANK), setting) == (
        's3.put_object(Bucket=os.environ["BUCKET"], Key=f"{a}.wav")'
    )
    assert LINES.task.in_words(solution_of(LINES), setting) == "handlers/store.py:15, handlers/submit.py:15"
    assert ORDER.task.in_words([1, 5], setting) == "x = 1\nimport os"


def test_prose_is_taken_apart_and_escaped() -> None:
    text = "One `a < b` and **two**,\n*three* 2 * 3 * 4.\n\n- x\n- y\n  z\n\n```python\n<b>\n\n1\n```\nEnd."
    assert blocks(text) == [
        {
            "p": [
                ["text", "One "],
                ["code", "a < b"],
                ["text", " and "],
                ["strong", "two"],
                ["text", ", "],
                ["em", "three"],
                ["text", " 2 * 3 * 4."],
            ]
        },
        {"li": [[["text", "x"]], [["text", "y z"]]]},
        {"pre": "<b>\n\n1", "file": "code.py"},
        {"p": [["text", "End."]]},
    ]
    html = as_html("<script> `<i>`\n\n```\n<b>\n```\n")
    assert html == "<p>&lt;script&gt; <code>&lt;i&gt;</code></p>\n<pre>&lt;b&gt;</pre>"
    assert as_html("```yaml\na: 1\n```") == '<pre><span class="sls-is-name-token">a</span>: 1</pre>'
