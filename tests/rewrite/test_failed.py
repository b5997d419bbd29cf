"""A file that cannot be rewritten in full is rewritten as far as it can be, and that is said."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from sls_lab import load_app
from sls_lab.rewrite import rewriting

TEMPLATE = """service: odd
provider:
  name: aws
  iam: {role: {statements: [{Effect: Allow, Action: "*", Resource: "*"}]}}
functions:
  ask: {handler: ask.handler, events: [{httpApi: POST /ask}]}
  answer: {handler: answer.handler, events: [{s3: {bucket: bb, event: "s3:ObjectCreated:*"}}]}
"""
ASK = """import boto3
LAST = None
def handler(event, context):
    global LAST
    LAST = event["k"]
    boto3.client("s3").put_object(Bucket="bb", Key=show(), Body="")
def show():
    return LAST
"""


@pytest.mark.parametrize(("refused", "events"), [("keep_LAST", True), ("answer_handler", False)])
def test_what_does_not_parse_is_left_out(
    refused: str, events: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "serverless.yml").write_text(TEMPLATE, encoding="utf-8", newline="\n")
    (tmp_path / "ask.py").write_text(ASK, encoding="utf-8", newline="\n")
    (tmp_path / "answer.py").write_text("def handler(event, context):\n    return 2\n", encoding="utf-8", newline="\n")
    assert "keep_LAST(" in load_app(tmp_path).rewriting.files["ask.py"].text

    def parsed(text: str) -> ast.Module | None:
        return None if f"{refused}(" in text else ast.parse(text)

    monkeypatch.setattr(rewriting, "_parsed", parsed)
    result = load_app(tmp_path).rewriting
    text = result.files["ask.py"].text
    assert ("answer_handler(" in text, "keep_LAST(" in text) == (events, False)
    assert [one.code for one in result.diagnostics] == ["rewriting-failed"] * (1 if events else 2)
    assert (text == ASK) == (not events)
