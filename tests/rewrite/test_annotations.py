"""Parameters that are given the application's own objects get their type."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab import load_app

TEMPLATE = """service: demo
provider: {name: aws, runtime: python3.12}
functions:
  one: {handler: one.handler, events: [{httpApi: POST /x}]}
  two: {handler: two.handler, events: [{httpApi: POST /y}]}
"""
HELPERS = """class Log:
    pass


class Mute(Log):
    pass


class Service:
    def __init__(self, log, name="x"):
        self.log = log


def make(service=None):
    return service
"""


def parameters(folder: Path, one: str, two: str = "") -> dict[str, list[str]]:
    (folder / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "helpers.py").write_text(HELPERS, encoding="utf-8")
    for name, body in {"one": one, "two": two or "pass"}.items():
        code = f"from helpers import Log, Mute, Service, make\n\n\ndef handler(event, context):\n    {body}\n"
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    files = load_app(folder).rewriting.files.values()
    assert all(edit.because for file in files for edit in file.edits)
    return {
        file.file: [edit.text for edit in file.edits if edit.kind == "type-annotation"]
        for file in files
        if any(edit.kind == "type-annotation" for edit in file.edits)
    }


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Service(Log())", "", [": 'Log'"]),
        ("Service(log=Log(), name='y')", "", [": 'Log'"]),
        ("Service(Log())", "Service(Mute())", [": 'Log | Mute'"]),
        ("Service(Log() if event else None)", "", [": 'Log'"]),
        ("make(Service(Log())); make()", "", [": 'Log'", ": 'Service'"]),
    ],
)
def test_what_every_call_gives_is_written(tmp_path: Path, one: str, two: str, expected: list[str]) -> None:
    assert parameters(tmp_path, one, two) == {"helpers.py": expected}


@pytest.mark.parametrize(
    ("one", "two"),
    [("Service('x')", ""), ("Service(Log())", "Service(event)"), ("make()", ""), ("Service(None)", "")],
)
def test_where_a_call_gives_something_else_nothing_is(tmp_path: Path, one: str, two: str) -> None:
    assert parameters(tmp_path, one, two) == {}


def test_a_class_of_another_file_is_imported(tmp_path: Path) -> None:
    body = "make(Own())\n\n\nclass Own:\n    pass"
    assert parameters(tmp_path, body) == {"helpers.py": [": 'Own'"]}
    (rewritten,) = [file for file in load_app(tmp_path).rewriting.files.values() if file.file == "helpers.py"]
    assert "from one import Own" in rewritten.text


def test_a_class_within_a_function_cannot_be_named(tmp_path: Path) -> None:
    assert parameters(tmp_path, "class Inner: pass\n    make(Inner())") == {}


CLIENTS = """import boto3

clients = {}


def client(name):
    if name not in clients:
        clients[name] = boto3.client(name)
    return clients[name]
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("client('s3').get_object(Bucket='b', Key='k')", ["cast(S3Client, ", ")"]),
        ("clients.client('sqs').get_queue_url(QueueName='q')", ["cast(SQSClient, ", ")"]),
        ("boto3.client('s3').get_object(Bucket='b', Key='k')", []),
        ("boto3.resource('s3').Bucket('b').upload_file('f', 'k')", []),
    ],
)
def test_what_a_function_makes_is_cast(tmp_path: Path, call: str, expected: list[str]) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "clients.py").write_text(CLIENTS, encoding="utf-8")
    head = "import boto3\nimport clients\nfrom clients import client\n\n\n"
    for name in ("one", "two"):
        (tmp_path / f"{name}.py").write_text(
            f"{head}def handler(event, context):\n    return {call}\n", encoding="utf-8"
        )
    files = {file.file: file for file in load_app(tmp_path).rewriting.files.values()}
    assert [edit.text for edit in files["one.py"].edits if edit.kind == "type-annotation"] == expected
    again = tmp_path / "one.py"
    again.write_text(files["one.py"].text, encoding="utf-8")
    assert load_app(tmp_path).rewriting.files["one.py"].edits == ()
