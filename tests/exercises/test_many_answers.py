"""Right answers of many kinds pass; wrong ones fail, each kind with words of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from sls_lab import analyse
from sls_lab.exercises import check, find, setting_of
from sls_lab.exercises.attempt import Attempt

#: By exercise and kind, each answer with its files. `locked` gives the route of the club's `appoint` its authoriser.
#: Answers that are `not proven` pass, since no attack arrives, and the learner is told what the analysis cannot see.
FILES = {
    file.stem.replace("-", "/", 1): yaml.safe_load(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "fixtures" / "answers").glob("*.yml"))
}


def files_of(exercise: str, answer: dict[str, str | bool]) -> dict[str, str]:
    """The answer as the exercise takes it."""
    files = {name: str(text) for name, text in answer.items() if name != "locked"}
    if "locked" in answer:
        template = (setting_of(find(exercise)).folder / "serverless.yml").read_text("utf-8")
        lock = "method: put\n          authorizer:\n            name: members"
        files["serverless.yml"] = template.replace("method: put", lock) if answer["locked"] else template
    return files


ANSWERS = {
    exercise: {
        f"{kind}: {name}": files_of(exercise, answer) for kind, some in kinds.items() for name, answer in some.items()
    }
    for exercise, kinds in FILES.items()
}
ALL = [
    pytest.param(exercise, name, id=f"{exercise}: {name}") for exercise, answers in ANSWERS.items() for name in answers
]
GENERIC = "Compare what was found"


@pytest.fixture(scope="module")
def _analysed() -> None:
    """All answers without models of their own, in one run of Pysa."""
    attempts = [
        Attempt(answer, setting_of(find(exercise)))
        for exercise, answers in ANSWERS.items()
        for answer in answers.values()
        if "mine.pysa" not in answer
    ]
    for attempt in attempts:
        attempt.read()
    analyse([attempt.after for attempt in attempts])


@pytest.mark.live
@pytest.mark.usefixtures("_analysed")
@pytest.mark.parametrize(("exercise", "name"), ALL)
def test_an_answer_is_judged_by_what_it_does(exercise: str, name: str) -> None:
    verdict = check(find(exercise), ANSWERS[exercise][name])
    kind = name.partition(":")[0]
    assert verdict.result == ("wrong" if kind == "wrong" else "right"), verdict
    assert GENERIC not in verdict.explanation
    if find(exercise).task.trial is not None:
        assert verdict.mark == {"right": "proven", "not proven": "not-proven"}.get(kind, "")
    if kind == "not proven":
        assert "the analysis still finds a flow" in verdict.explanation


@pytest.mark.parametrize(
    ("given", "result"),
    [
        *((text, "right") for text in ("0.78", ".78", "0,78", "7/9", "0.777", "78 %", "78%", "0.7778")),
        *((text, "wrong") for text in ("0.77", "0.8", "0.88", "7/8", "7", "seven", "7/0", "1e9999999999", "78")),
    ],
)
def test_a_number_is_compared_by_its_value(given: str, result: str) -> None:
    answer = {"found": "9", "precision": given, "there": "8", "recall": ".875"}
    assert check(find("06/precision"), answer).result == result


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5], [1, 3, 2, 4, 5], [1, 3, 4, 2, 5]])
def test_every_order_that_runs_is_right(order: list[int]) -> None:
    assert check(find("04/order-the-event"), order).passed


@pytest.mark.parametrize("order", [[3, 1, 2, 4, 5], [1, 2, 4, 3, 5], [1, 2, 3, 5, 4], [1, 3, 4, 5], [1, 2, 6, 5]])
def test_an_order_that_does_not_run_is_wrong(order: list[int]) -> None:
    assert check(find("04/order-the-event"), order).result == "wrong"


@pytest.mark.parametrize(
    "gaps",
    [
        {"context": "ast.Constant(value=None, kind=None)"},
        {"context": 'ast.parse("None").body[0].value', "keywords": "list()"},
        {"function": "'store_handler'", "event": "'sqs_event'"},
    ],
)
def test_a_node_may_be_made_in_other_words(gaps: dict[str, str]) -> None:
    exercise = find("04/build-a-call")
    assert check(exercise, {**exercise.task.solution, **gaps}).passed


def test_a_call_is_compared_as_code_and_must_be_made_of_nodes() -> None:
    def by_hand(body: str) -> str:
        text = ast.unparse(ast.Constant(body))
        return f"store_handler( {{'Records': [{{'body': {text}}}]}}, None)"

    def pasted(body: str) -> str:
        return f"store_handler({{'Records': [{{'body': {body!r}}}]}}, None)"

    assert check(find("04/synthesise"), by_hand).passed
    verdict = check(find("04/synthesise"), pasted)
    assert verdict.result == "wrong"
    assert "nodes" in verdict.explanation
