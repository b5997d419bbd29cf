"""Right answers that are written in another way pass; wrong ones fail, each with words that are true of it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sls_lab import analyse, load_app
from sls_lab.exercises import check, exercises, find, setting_of
from sls_lab.exercises.tasks.choice import ChoiceTask
from sls_lab.exercises.tasks.order import OrderTask
from sls_lab.recordings import Edited, edited_copy

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


def as_written(node: ast.Call) -> list[str]:
    return [ast.unparse(one) for one in (*node.args, *node.keywords)]


def calls_in(text: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]


def by_field(node: ast.Call) -> list[str]:
    named = [
        f"{one.arg}={ast.unparse(one.value)}" if one.arg else f"**{ast.unparse(one.value)}" for one in node.keywords
    ]
    return [*map(ast.unparse, node.args), *named]


class Calls(ast.NodeVisitor):
    def __init__(self) -> None:
        self.found: list[tuple[str, list[str]]] = []

    def visit_Call(self, node: ast.Call) -> None:
        self.found.append((ast.unparse(node.func), as_written(node)))
        self.generic_visit(node)


def visited_calls(text: str) -> list[tuple[str, list[str]]]:
    calls = Calls()
    calls.visit(ast.parse(text))
    return calls.found


@pytest.mark.parametrize(
    "arguments",
    [
        visited_calls,
        lambda text: [(ast.unparse(one.func), as_written(one)) for one in calls_in(text)],
        lambda text: [[ast.unparse(one.func), as_written(one)] for one in calls_in(text)],
        lambda text: [(ast.unparse(one.func), by_field(one)) for one in calls_in(text)],
        lambda text: [(ast.unparse(one.func), tuple(as_written(one))) for one in calls_in(text)],
        lambda text: ((ast.unparse(one.func), as_written(one)) for one in calls_in(text)),
        lambda text: list(reversed(visited_calls(text))),
        lambda text: sorted(visited_calls(text)),
        lambda text: tuple(visited_calls(text)),
        lambda text: map(tuple, visited_calls(text)),
    ],
)
def test_all_arguments_are_found_in_other_ways_as_well(arguments: Extractor) -> None:
    assert check(find("02/call-arguments"), arguments).passed


@pytest.mark.parametrize(
    "arguments",
    [
        lambda text: visited_calls(text)[:-1],
        lambda text: [(name, given[::-1]) for name, given in visited_calls(text)],
        lambda text: [(name, len(given)) for name, given in visited_calls(text)],
        lambda text: [name for name, _ in visited_calls(text)],
        lambda text: [(name, ", ".join(given)) for name, given in visited_calls(text)],
        lambda text: [(name.rpartition(".")[2], given) for name, given in visited_calls(text)],
        lambda text: [(name, [one.lstrip("*") for one in given]) for name, given in visited_calls(text)],
        lambda text: dict(visited_calls(text)),
        lambda text: calls_in(text),
        lambda text: [*visited_calls(text), ("print", [])],
    ],
)
def test_no_other_arguments_pass(arguments: Extractor) -> None:
    verdict = check(find("02/call-arguments"), arguments)
    assert verdict.result == "wrong"
    assert "without a name" not in verdict.explanation and "positional arguments" not in verdict.explanation


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


RULES = "- prefix: reports/"
TRIGGER = """      - s3:
          bucket: ${self:custom.names.bucket}
          event: s3:ObjectCreated:*
          rules:
            - prefix: reports/
"""
OPENED = [
    (RULES, "- prefix: archive/"),
    (RULES, "- prefix: archive"),
    (RULES, "- prefix: archive/latest"),
    (RULES, "- prefix: archive/latest.txt"),
    (RULES, "- prefix: a"),
    (RULES, "- suffix: .txt"),
    (RULES, "- prefix: ''"),
    ("          rules:\n            - prefix: reports/\n", ""),
    (TRIGGER, TRIGGER + TRIGGER.replace("reports/", "archive/")),
    (TRIGGER, TRIGGER.replace("reports/", "archive/").replace(":*", ":Put")),
]


def opened(old: str, new: str) -> dict[str, str]:
    text = (setting_of(find("03/make-a-path")).folder / "serverless.yml").read_text(encoding="utf-8")
    assert old in text
    return {"serverless.yml": text.replace(old, new)}


@pytest.mark.live
def test_every_way_to_open_the_path_passes(tmp_path: Path) -> None:
    one = find("03/make-a-path")
    app = load_app(setting_of(one).folder)
    copies = [edited_copy(app, Edited(opened(*change), ""), tmp_path / str(at)) for at, change in enumerate(OPENED)]
    analyse(copies)  # in one run of Pysa; the checks below take the answers from the cache
    for change in OPENED:
        assert check(one, opened(*change)).passed, change


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (RULES, "- prefix: /archive", "That is not it yet"),
        (RULES, "- prefix: reports/archive", "That is not it yet"),
        (RULES, "- prefix: latest", "That is not it yet"),
        (RULES, "- prefix: ARCHIVE/", "That is not it yet"),
        (RULES, "- prefix: Archive", "`A` is not `a`"),
        (RULES, "- suffix: .csv", "That is not it yet"),
        (RULES, "- suffix: archive/", "That is not it yet"),
        (RULES, "- prefix: archive/\n            - prefix: reports/", "hold at once"),
        (RULES, "- prefix: archive/\n            - suffix: .pdf", "That is not it yet"),
        ("event: s3:ObjectCreated:*", "event: s3:ObjectCreated:Copy", "That is not it yet"),
        (
            TRIGGER,
            TRIGGER.replace("${self:custom.names.bucket}", "archive").replace("reports", "archive"),
            "not it yet",
        ),
        (TRIGGER, "      - schedule: rate(1 day)\n", "That is not it yet"),
    ],
)
def test_no_change_passes_that_does_not_open_the_path(old: str, new: str, told: str) -> None:
    verdict = check(find("03/make-a-path"), opened(old, new))
    assert verdict.result == "wrong"
    assert told in verdict.explanation


@pytest.mark.parametrize("prefix", ["'*'", "archive/*", '"archive*"', "'*/latest.txt'"])
def test_a_wildcard_in_a_filter_has_an_explanation_of_its_own(prefix: str) -> None:
    one = find("03/make-a-path")
    text = (setting_of(one).folder / "serverless.yml").read_text(encoding="utf-8")
    verdict = check(one, {"serverless.yml": text.replace("- prefix: reports/", f"- prefix: {prefix}")})
    assert verdict.result == "wrong"
    assert "have no wildcards" in verdict.explanation


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
