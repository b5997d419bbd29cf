"""Right answers that are written in another way pass; wrong ones fail, each with words that are true of it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from sls_lab.exercises import check, exercises, find, setting_of
from sls_lab.exercises.tasks.choice import ChoiceTask
from sls_lab.exercises.tasks.order import OrderTask

Extractor = Callable[[str], Any]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Visitor(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: list[str] = []

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.names.append(node.name)
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.names.append(node.name)
        self.generic_visit(node)


def visited(text: str) -> list[str]:
    visitor = Visitor()
    visitor.visit(ast.parse(text))
    return visitor.names


def by_class_name(text: str) -> list[str]:
    return [node.name for node in ast.walk(ast.parse(text)) if type(node).__name__.endswith("FunctionDef")]


def nested(node: ast.AST) -> list[str]:
    own = [node.name] if isinstance(node, FUNCTIONS) else []
    return own + [name for child in ast.iter_child_nodes(node) for name in nested(child)]


@pytest.mark.parametrize(
    "names",
    [
        visited,
        by_class_name,
        lambda text: nested(ast.parse(text)),
        lambda text: (node.name for node in ast.walk(ast.parse(text)) if isinstance(node, FUNCTIONS)),
        lambda text: tuple(reversed(visited(text))),
        lambda text: sorted(visited(text)),
    ],
)
def test_all_functions_are_found_in_other_ways_as_well(names: Extractor) -> None:
    assert check(find("02/function-names"), names).passed


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (lambda text: visited(text).sort(), "Does it print what it finds?"),
        (lambda text: dict.fromkeys(visited(text)), "returned a dictionary"),
        (lambda text: ", ".join(visited(text)), "returned one string"),
        (lambda text: 5, "a value of type `int`"),
        (lambda text: [node for node in ast.walk(ast.parse(text)) if isinstance(node, FUNCTIONS)], "holds nodes"),
        (lambda text: set(visited(text)), "defines `shrink` twice"),
        (lambda text: [one.name for one in ast.parse(text).body if isinstance(one, FUNCTIONS)], "top-level statements"),
        (lambda text: (letter for letter in "aaa"), "That is not it yet"),
        (lambda text: [], "That is not it yet"),
        (lambda text: ["route", "take_in", "x"], "That is not it yet"),
        (lambda text: text.foo, "That is not it yet"),
        (lambda text: ast.parse(text).body[0].foo, "That is not it yet"),
    ],
)
def test_what_is_told_of_wrong_names_is_true_of_them(names: Extractor, told: str) -> None:
    verdict = check(find("02/function-names"), names)
    assert verdict.result == "wrong"
    assert told in verdict.explanation


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (lambda text: visited(text).sort(), "Does it print what it finds?"),
        (lambda text: text.nothing, "That is not it yet"),
        (lambda text: [], "That is not it yet"),
        (lambda text: {"s3.put_object": ["Bucket='photos'"]}, "returned a dictionary"),
    ],
)
def test_what_is_told_of_wrong_arguments_is_true_of_them(arguments: Extractor, told: str) -> None:
    verdict = check(find("02/call-arguments"), arguments)
    assert verdict.result == "wrong"
    assert told in verdict.explanation


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


@pytest.mark.parametrize("prefix", ["'*'", "archive/*", '"archive*"', "'*/latest.txt'"])
def test_a_wildcard_in_a_filter_has_an_explanation_of_its_own(prefix: str) -> None:
    one = find("03/make-a-path")
    text = (setting_of(one).folder / "serverless.yml").read_text(encoding="utf-8")
    verdict = check(one, {"serverless.yml": text.replace("- prefix: reports/", f"- prefix: {prefix}")})
    assert verdict.result == "wrong"
    assert "know no wildcards" in verdict.explanation


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
