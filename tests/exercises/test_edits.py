"""Edits of handlers and models, judged by analysing again; and what they may do to the kit."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from sls_lab.exercises import Feedback, check, read_lesson, solution_of
from sls_lab.exercises.attempt import Attempt
from sls_lab.exercises.behaviour import looks_at, matching
from sls_lab.exercises.model import Setting, Unusable
from sls_lab.replay import Child, Limits

LESSON = read_lesson((Path(__file__).parent / "fixtures" / "05.yml").read_text(encoding="utf-8"), "05.yml")
FIX, MODEL = LESSON.exercises
FILE = "handlers/convert.py"


def fixed(old: str, new: str) -> Feedback:
    text = solution_of(FIX)[FILE]
    assert old in text
    return check(FIX, {FILE: text.replace(old, new)})


@pytest.mark.live
def test_another_way_to_do_it_is_as_good() -> None:
    said: list[str] = []
    verdict = check(
        FIX,
        {
            FILE: """
import os, subprocess
BUCKET = os.environ["BUCKET"]

def fetch(place):
    return subprocess.Popen(["aws", "s3", "cp", place, "-"], stdout=subprocess.PIPE)

def handler(event, context):
    for record in event["Records"]:
        recording = record["dynamodb"]["NewImage"]["recording"]["S"]
        source = fetch(f"s3://{BUCKET}/{recording}")
        subprocess.run(["sox", "-t", "wav", "-", "-t", "flac", "-", "norm"], stdin=source.stdout)
"""
        },
        said.append,
    )
    assert verdict.passed, verdict
    assert any("Pysa" in text for text in said)


@pytest.mark.live
def test_a_mistake_that_nobody_listed_is_told_with_what_was_found() -> None:
    verdict = fixed("{q(f's3://{BUCKET}/{recording}')}", "{recording}")
    assert verdict.result == "wrong"
    assert "handlers/convert.py:18" in verdict.found
    assert verdict.expected == "Nothing of a request reaches the shell as code."


@pytest.mark.posix
def test_a_handler_that_does_its_job_no_more_needs_no_pysa() -> None:
    verdict = check(FIX, {FILE: "def handler(event, context):\n    pass\n"})
    assert verdict.result == "wrong"
    assert (verdict.found, verdict.expected) == (
        "a recording: `convert` runs no sox",
        "The recording is still converted.",
    )


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({FILE: "def handler(:\n"}, f"{FILE}"),
        ({FILE: "x = 1\n"}, "handler"),
        ({"../../outside.py": "x"}, "an answer gives the content of handlers/convert.py"),
        ({"serverless.yml": "x"}, "an answer gives the content of handlers/convert.py"),
        ([1], "an answer gives the content of handlers/convert.py"),
    ],
)
def test_what_cannot_be_analysed_is_told_in_a_sentence(answer: Any, told: str) -> None:
    verdict = check(FIX, answer)
    assert verdict.result == "unusable"
    assert told in verdict.explanation
    assert "\n" not in verdict.explanation


@pytest.mark.live
def test_what_pysa_refuses_is_told_without_the_names_of_its_folder() -> None:
    verdict = check(MODEL, {"mine.pysa": "def ward.print_all.handlr() -> TaintSource[StoredObjectKey]: ..."})
    assert verdict.result == "wrong"
    assert verdict.found.startswith("Pysa refuses the model: Could not find symbol `handlr`")
    assert "app_" not in verdict.found


def test_a_model_that_is_no_python_is_told_with_its_line() -> None:
    verdict = check(MODEL, {"mine.pysa": "# a model\ndef redis.Redis.lpop( -> x\n"})
    assert verdict.result == "unusable"
    assert "line 2" in verdict.explanation


def convert(body: str, imports: str = "") -> Feedback:
    """The verdict on a `convert` that does this for each recording."""
    text = f"import os\nimport subprocess\n{imports}\n\n"
    text += "def handler(event, context):\n    for record in event['Records']:\n"
    lines = ["recording = record['dynamodb']['NewImage']['recording']['S']", *body.strip().split("\n")]
    return check(FIX, {FILE: text + "".join(f"        {line.strip()}\n" for line in lines)})


@pytest.mark.posix
def test_an_attack_that_arrives_is_shown_with_the_words_that_a_shell_reads() -> None:
    verdict = convert("""os.system(f"sox '{recording}' -")""")
    assert verdict.result == "wrong"
    assert verdict.found.startswith(f"An attack arrives in `os.system` at {FILE}:8. Sent to `submit`: `body: {{")
    assert "```text\n1. ‹sox› ‹incoming/a›\n2. ‹slslab7›\n" in verdict.found


@pytest.mark.posix
def test_what_is_started_in_another_way_is_attacked_too() -> None:
    verdict = convert("subprocess.run(['sox', recording])\nexec(f'place = {recording!r}')\neval(recording)")
    assert verdict.result == "wrong"
    assert "An attack arrives in `eval`" in verdict.found


@pytest.mark.posix
def test_an_attack_that_stops_the_handlers_is_told_and_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sls_lab.exercises.sending._CHILD", Child(Limits(seconds=1.5)))
    verdict = convert("subprocess.run(['sox', recording])\nwhile ';' in recording: recording.strip()")
    assert (verdict.result, verdict.found) == ("wrong", "an attack stops the application: convert takes too long")


@pytest.mark.posix
def test_what_honest_users_no_longer_get_is_told() -> None:
    verdict = convert("subprocess.run(['sox', recording.replace(' ', '')])")
    assert verdict.result == "wrong"
    assert verdict.found == (
        "a recording: `convert` gives 'incoming/Ave Maria.wav' to no program as one word, and to no call of AWS"
    )
    assert "`convert` runs no sox" in convert("print(recording)").found
    assert "and ends with KeyError: 'x'" in convert("{}['x']").found


@pytest.mark.live
def test_a_module_that_is_not_here_leaves_the_answer_unjudged() -> None:
    verdict = convert("subprocess.run(['sox', recording])", "import sox_of_the_choir")
    assert verdict.result == "not-analysed"
    assert "the handlers were not run: the module sox_of_the_choir is not installed here" in verdict.explanation


@pytest.mark.live
def test_without_moto_an_answer_that_is_not_recorded_is_left_unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sls_lab.exercises.sending.available", lambda: False)
    verdict = convert("subprocess.run(['sox', '-q', recording])")
    assert verdict.result == "not-analysed"
    assert "moto is not installed" in verdict.explanation


CODE = """
import subprocess as sp
from os import system

def handler(event, context):
    name = event["title"]
    parts = []
    for part in name.split():
        parts += [part]
    sp.run(" ".join(parts), shell=True)
    system("ls")
    if parts:
        return
"""


def test_signs_are_read_from_the_code() -> None:
    tree = ast.parse(CODE)
    assert [call.line for call in matching(tree, ("subprocess.run",))] == [10]
    assert [call.line for call in matching(tree, ("*.system",))] == [11]
    assert looks_at(tree, "title")
    assert not looks_at(tree, "body")


STACK = """Resources:
  One:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: work.handler}
Mappings:
  [1, 2]: first
"""


def test_an_error_like_one_that_was_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "template.yml").write_text(STACK, encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    setting = Setting(tmp_path, tmp_path)
    with Attempt({"template.yml": f"# moved\n{STACK}"}, setting) as moved:
        moved.read()
    with Attempt({"template.yml": f"{STACK}  [3, 4]: second\n"}, setting) as added, pytest.raises(Unusable):
        added.read()


def test_the_application_of_a_lesson_is_read_once_until_it_changes(tmp_path: Path) -> None:
    (tmp_path / "template.yml").write_text(STACK, encoding="utf-8")
    (tmp_path / "work.py").write_text("def handler(event, context):\n    pass\n", encoding="utf-8")
    setting = Setting(tmp_path, tmp_path)
    first, second = (Attempt({"template.yml": f"# {name}\n{STACK}"}, setting).before for name in ("one", "two"))
    assert first is second
    (tmp_path / "work.py").write_text("def handler(event, context, more):\n    pass\n", encoding="utf-8")
    third = Attempt({"template.yml": f"# three\n{STACK}"}, setting).before
    assert "more" in third.texts["work.py"]
