"""What Pysa is told and what it writes down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sls_lab.taint.rules import RULES
from sls_lab.widgets import show_code, show_json, show_models, show_rules, show_summaries

RECORDED = Path(__file__).resolve().parents[2] / "code-examples" / "pysa"


def test_models_are_found_by_name_with_their_decorators() -> None:
    shown = show_models("shlex.quote", "S3Client.list_objects_v2")
    first, second = shown.text.split("\n\n")
    assert first.startswith("@Sanitize(") and "\ndef shlex.quote(" in first
    assert second.startswith("def mypy_boto3_s3.client.S3Client.list_objects_v2(")
    # Models are coloured as the Python that they look like.
    assert 'class="sls-is-keyword-token">def</span>' in shown._repr_html_()


@pytest.mark.parametrize("name", ["no.such_function", "uote", "shlex"])
def test_a_function_without_a_model_is_named(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        show_models(name)


def test_rules_and_summaries() -> None:
    rules = show_rules("ShellCommand", "MailMessage")
    assert rules.name == f"2 of {len(RULES)} rules"
    assert [row[:2] for row in rules.rows] == [
        ("UserControlled, StoredObjectKey", "ShellCommand"),
        ("UserControlled", "MailMessage"),
    ]
    summaries = json.loads((RECORDED / "summaries.json").read_text())
    assert show_summaries(summaries).rows[0][0::3] == ("convert", "os.system")


def test_json_is_short_and_says_the_same() -> None:
    issue = json.loads((RECORDED / "issue.json").read_text())
    shown = show_json("An issue", "taint-output.json", issue)
    assert json.loads(shown.text) == issue
    lines = shown.text.splitlines()
    assert max(map(len, lines)) <= 100
    assert '              {"line": 14, "start": 27, "end": 40},' in lines
    assert show_json("", "a.json", {}).text == "{}"
    long = ["x" * 60, "y" * 60]
    assert show_json("", "a.json", long).text.splitlines()[0] == "["
    assert 'sls-is-name-token">&quot;kind&quot;' in shown._repr_html_()


def test_code_has_its_name_and_its_lines_numbered() -> None:
    assert repr(show_code("safe-quoted", "expected.yml", "kind: safe\n")).splitlines() == [
        "expected.yml", "   1 kind: safe"
    ]  # fmt: skip
