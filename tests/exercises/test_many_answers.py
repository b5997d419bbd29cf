"""Right answers of many kinds pass; wrong ones fail, each kind with words of its own."""

from __future__ import annotations

import ast
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sls_lab import analyse
from sls_lab.exercises import check, exercises, find, setting_of
from sls_lab.exercises.attempt import Attempt
from sls_lab.exercises.changes import Replacement
from sls_lab.exercises.tasks.edit import EditTask
from sls_lab.exercises.tasks.extractor import ExtractorTask

ANSWERS_FOLDER = Path(__file__).parent / "fixtures" / "answers"
#: By exercise and kind, each answer: files with their contents, changes, or what takes the place of all in `replaces`.
#: Answers that are `not proven` pass, since no attack arrives, and the learner is told what the analysis cannot see.
DECLARED = {
    file.stem.replace("-", "/", 1): yaml.safe_load(file.read_text("utf-8"))
    for file in sorted(ANSWERS_FOLDER.glob("*.yml"))
}


def files_of(exercise: str, answer: Any, replaced: str | list[str]) -> dict[str, str]:
    """The answer as the exercise takes it. `locked` gives the route of the club's `appoint` its authoriser."""
    edited = find(exercise)
    assert isinstance(edited.task, EditTask)
    if isinstance(answer, str):
        places = [replaced] if isinstance(replaced, str) else replaced
        answer = [{"replace": place, "with": answer} for place in places]
    if isinstance(answer, list):
        first = edited.task.files[0]
        changes = [Replacement(one.get("file", first), one["replace"], one["with"], exercise) for one in answer]
        return dict(edited.task.resolve(changes, setting_of(edited)))
    files = {name: text for name, text in answer.items() if name != "locked"}
    if "locked" in answer:
        template = (setting_of(edited).folder / "serverless.yml").read_text("utf-8")
        lock = "method: put\n          authorizer:\n            name: members"
        files["serverless.yml"] = template.replace("method: put", lock) if answer["locked"] else template
    return files


ANSWERS = {
    exercise: {
        f"{kind}: {name}": files_of(exercise, answer, declared.get("replaces", []))
        for kind in ("right", "not proven", "wrong")
        for name, answer in declared.get(kind, {}).items()
    }
    for exercise, declared in DECLARED.items()
}
#: Functions: a wrong one's docstring is a part of what it is told.
FUNCTIONS: dict[str, dict[str, Callable[..., Any]]] = {
    file.stem.replace("-", "/", 1): {
        name: value for name, value in runpy.run_path(str(file)).items() if name.startswith(("right_", "wrong_"))
    }
    for file in sorted(ANSWERS_FOLDER.glob("*.py"))
}
ALL = [
    pytest.param(exercise, name, id=f"{exercise}: {name}") for exercise, answers in ANSWERS.items() for name in answers
]
GENERIC = "Compare what was found"


def test_every_exercise_to_write_or_change_something_has_ten_answers_of_either_kind() -> None:
    for exercise in exercises():
        if isinstance(exercise.task, EditTask | ExtractorTask):
            names = [*ANSWERS.get(exercise.id, ()), *FUNCTIONS.get(exercise.id, ())]
            wrong = [name for name in names if name.startswith("wrong")]
            assert len(wrong) >= 10, exercise.id
            assert len(names) - len(wrong) >= 10, exercise.id


def needs_pysa(exercise: str, name: str) -> bool:
    """Whether the verdict rests on flows. What is wrong with a fix or a template, requests or files say before."""
    task = find(exercise).task
    if not isinstance(task, EditTask) or not task.asks_pysa:
        return False
    before = task.is_fix or (task.trial is None and not task.starts)
    return not (before and name.startswith("wrong"))


BY_FLOWS = [one for one in ALL if needs_pysa(str(one.values[0]), str(one.values[1]))]


@pytest.fixture(scope="module")
def _analysed() -> None:
    """All answers without models of their own, in one run of Pysa."""
    attempts = [
        Attempt(answer, setting_of(find(exercise)))
        for exercise, answers in ANSWERS.items()
        for name, answer in answers.items()
        if needs_pysa(exercise, name) and "mine.pysa" not in answer
    ]
    for attempt in attempts:
        attempt.read()
    analyse([attempt.after for attempt in attempts])


def judged(exercise: str, name: str) -> None:
    verdict = check(find(exercise), ANSWERS[exercise][name])
    kind = name.partition(":")[0]
    assert verdict.result == ("wrong" if kind == "wrong" else "right"), verdict
    if kind == "wrong":
        # Where no typical mistake explains it, what was found says what is wrong.
        assert GENERIC not in verdict.explanation or len(verdict.found.split()) > 3
    task = find(exercise).task
    if isinstance(task, EditTask) and task.is_fix:
        assert verdict.mark == {"right": "proven", "not proven": "not-proven"}.get(kind, "")
    if kind == "not proven":
        assert "the analysis still finds a flow" in verdict.explanation


@pytest.mark.live
@pytest.mark.posix
@pytest.mark.usefixtures("_analysed")
@pytest.mark.parametrize(("exercise", "name"), BY_FLOWS)
def test_an_answer_is_judged_by_what_it_does_and_by_its_flows(exercise: str, name: str) -> None:
    judged(exercise, name)


@pytest.mark.posix
@pytest.mark.parametrize(("exercise", "name"), [one for one in ALL if one not in BY_FLOWS])
def test_an_answer_is_judged_by_what_it_does(exercise: str, name: str) -> None:
    judged(exercise, name)


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        pytest.param(exercise, name, id=f"{exercise}: {name}")
        for exercise, answers in FUNCTIONS.items()
        for name in answers
    ],
)
def test_a_function_is_judged_by_what_it_does(exercise: str, name: str) -> None:
    answer = FUNCTIONS[exercise][name]
    verdict = check(find(exercise), answer)
    if name.startswith("right_"):
        assert verdict.passed, verdict
    else:
        assert verdict.result == "wrong"
        assert (answer.__doc__ or "") in " ".join(verdict.explanation.split()), verdict


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
        {},
        {"context": "ast.Constant(value=None)"},
        {"context": "ast.Constant(None, None)"},
        {"context": "ast.Constant(None, kind=None)"},
        {"context": "ast.Constant( value = None, kind = None )"},
        {"context": 'ast.parse("None").body[0].value'},
        {"context": "ast.parse('None', mode='eval').body"},
        {"keywords": "list()"},
        {"keywords": "[ ]"},
        {"function": "'store_handler'", "event": "'sqs_event'"},
        {"function": '"store" "_handler"'},
    ],
)
def test_a_node_may_be_made_in_other_words(gaps: dict[str, str]) -> None:
    exercise = find("04/build-a-call")
    assert check(exercise, {**exercise.task.solution, **gaps}).passed


@pytest.mark.parametrize(
    "gaps",
    [
        {"function": "store_handler"},
        {"function": '"store"'},
        {"function": 'ast.Name("store_handler")'},
        {"event": "sqs_event"},
        {"event": '"event"'},
        {"context": "None"},
        {"context": '"None"'},
        {"context": 'ast.Name("None", ast.Load())'},
        {"context": "ast.Constant('None')"},
        {"keywords": "None"},
        {"keywords": "{}"},
        {"keywords": "[None]"},
    ],
)
def test_no_other_node_passes(gaps: dict[str, str]) -> None:
    exercise = find("04/build-a-call")
    assert check(exercise, {**exercise.task.solution, **gaps}).result == "wrong"


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
