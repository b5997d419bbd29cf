"""Right answers that are written in another way pass; wrong ones fail, each with words that are true of it."""

from __future__ import annotations

import pytest

from sls_lab.exercises import check, exercises, find, setting_of
from sls_lab.exercises.tasks.choice import ChoiceTask
from sls_lab.exercises.tasks.order import OrderTask


@pytest.mark.parametrize(
    "answer", [[1, 2, 3, 4, 5, 6], [1, 2, 4, 3, 5, 6], [1, 2, 4, 5, 3, 6]], ids=["permission", "trigger", "kind"]
)
def test_an_edge_is_proved_in_each_order_in_which_reasons_rest_on_earlier_ones(answer: list[int]) -> None:
    assert check(find("03/order-the-reasons"), answer).passed


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ([1, 2, 4, 5, 6, 3], "6 lines, right from the top as far as line 4"),
        ([2, 1, 3, 4, 5, 6], "the first line differs"),
        ([1, 2, 3, 4, 5], "5 lines, right from the top as far as line 5"),
        ([1, 2, 3, 4, 5, 6, 7], "7 lines, right from the top as far as line 6"),
    ],
)
def test_an_order_in_which_a_reason_comes_too_early_is_refused(answer: list[int], found: str) -> None:
    verdict = check(find("03/order-the-reasons"), answer)
    assert (verdict.result, verdict.found) == ("wrong", found)


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        *((prefix, "have no wildcards") for prefix in ("'*'", "archive/*", '"archive*"', "'*/latest.txt'")),
        ("Archive", "`A` is not `a`"),
        ("archive/\n            - prefix: reports/", "hold at once"),
    ],
)
def test_a_filter_that_lets_nothing_pass_has_an_explanation_of_its_own(prefix: str, told: str) -> None:
    one = find("03/make-a-path")
    text = (setting_of(one).folder / "serverless.yml").read_text(encoding="utf-8")
    verdict = check(one, {"serverless.yml": text.replace("- prefix: reports/", f"- prefix: {prefix}")})
    assert verdict.result == "wrong"
    assert told in verdict.explanation


@pytest.mark.posix
@pytest.mark.parametrize(
    ("resource", "passed"),
    [
        ("arn:aws:s3:::museum-sounds-${sls:stage}/exhibits/*", True),
        ("arn:aws:s3:::museum-sounds-dev/exhibits/*", True),
        ("!Sub arn:aws:s3:::museum-sounds-${sls:stage}/exhibits/*.mp3", True),
        ("arn:aws:s3:::museum-sounds-${sls:stage}/*", False),
        ("arn:aws:s3:::museum-sounds-*/*", False),
        ("arn:aws:s3:::*/exhibits/*", False),
    ],
)
def test_a_permission_is_as_small_as_the_question_asks(resource: str, passed: bool) -> None:
    one = find("01/tighten-the-permission")
    texts = one.task.resolve(one.task.solution, setting_of(one))
    wanted = "arn:aws:s3:::museum-sounds-${sls:stage}/exhibits/*"
    assert wanted in texts["serverless.yml"]
    answer = {"serverless.yml": texts["serverless.yml"].replace(wanted, resource)}
    assert check(one, answer).passed is passed


def test_each_learner_sees_options_in_an_order_of_their_own_and_always_in_that(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [exercise for exercise in exercises() if isinstance(exercise.task, ChoiceTask)]
    seen = []
    for learner in ("ada", "grace", "ada"):
        monkeypatch.setenv("SLS_LAB_LEARNER", learner)
        seen.append([[key for key, _ in one.task.view(setting_of(one))["options"]] for one in choices])
    assert seen[0] == seen[2] != seen[1]
    places = [keys.index(one.task.solution[0]) for one, keys in zip(choices, seen[0], strict=True)]
    assert len(set(places)) > 2
    for one, keys in zip(choices, seen[0], strict=True):
        assert sorted(keys) == [chr(ord("a") + number) for number in range(len(keys))], one.id


@pytest.mark.parametrize("learner", ["ada", "grace", "alan", "barbara", "../nobody"])
def test_no_learner_is_shown_lines_in_a_right_order(monkeypatch: pytest.MonkeyPatch, learner: str) -> None:
    monkeypatch.setenv("SLS_LAB_LEARNER", learner)
    for exercise in exercises():
        if isinstance(exercise.task, OrderTask):
            shown = [number for number, _ in exercise.task.view(setting_of(exercise))["lines"]]
            wanted = [number for number in shown if number <= exercise.task.wanted]
            assert not check(exercise, wanted).passed
