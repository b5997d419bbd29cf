from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from sls_lab import recordings
from sls_lab.cli import main
from sls_lab.taint import NoRecording
from tests.cli.fakes import World

Captured = pytest.CaptureFixture[str]


@pytest.mark.parametrize(
    ("form", "start"),
    [("text", "upload  [public]"), ("dot", "digraph {"), ("mermaid", "flowchart LR\n"), ("svg", "<svg ")],
)
def test_each_format_stands_alone_on_standard_output(form: str, start: str, world: World, capsys: Captured) -> None:
    assert main(["graph", "sample", "--format", form]) == 0
    assert capsys.readouterr().out.startswith(start)
    assert world.calls == []  # a graph needs no run of Pysa


def test_events_that_wake_nobody_are_shown_when_asked_for(world: World, capsys: Captured) -> None:
    main(["graph", "sample", "--format", "dot"])
    assert "filtered" not in capsys.readouterr().out
    main(["graph", "sample", "--format", "dot", "--all"])
    assert "filtered" in capsys.readouterr().out


def test_a_picture_goes_into_a_file(world: World, tmp_path: Path) -> None:
    assert main(["graph", "sample", "--format", "svg", "--output", str(tmp_path / "g.svg")]) == 0
    assert ElementTree.parse(tmp_path / "g.svg").getroot().tag.endswith("svg")


def test_the_diff(world: World, capsys: Captured) -> None:
    assert main(["rewrite", "sample"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("--- a/src/upload.py\n+++ b/src/upload.py\n")
    assert "; resize({}, None)" in said


def test_the_diff_with_what_serves_the_analyser_alone(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws}\nfunctions:\n  a: {handler: a.handler, events: [{httpApi: GET /}]}\n"
    )
    (tmp_path / "a.py").write_text(
        "import boto3\nsqs = boto3.client('sqs')\ndef handler(event, context):\n    f(event)\n"
    )

    def added(*arguments: str) -> list[str]:
        assert main(["rewrite", str(tmp_path), *arguments]) == 0
        return [
            line for line in capsys.readouterr().out.splitlines() if line.startswith("+") and line[1:] != "++ b/a.py"
        ]

    typed = '+def handler(event: "sls_lab_event.Event", context):'
    assert typed not in added()
    assert added("--for-the-analyser") == [typed, "+", "+import sls_lab_event"]
    assert set(added()) | set(added("--for-the-analyser")) == set(added("--all"))
    copy = tmp_path.parent / f"{tmp_path.name}-copy"
    assert main(["rewrite", str(tmp_path), "--all", "--output", str(copy)]) == 0
    assert typed[1:] in (copy / "a.py").read_text(encoding="utf-8")


def application(folder: Path) -> Path:
    app = folder / "sample"
    app.mkdir()
    return app


def test_the_rewritten_files_go_into_a_new_folder(world: World, capsys: Captured, tmp_path: Path) -> None:
    target = tmp_path / "new" / "copy"
    assert main(["rewrite", str(application(tmp_path)), "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    written = {str(file.relative_to(target)) for file in target.rglob("*") if file.is_file()}
    assert written == {"serverless.yml", "src/upload.py", "src/archive.py"}
    assert "; resize({}, None)" in (target / "src/upload.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "where", ["sample", "sample/inside", "full", "full/file.txt", "full/file.txt/copy", ".", "link"]
)
def test_nothing_is_overwritten(where: str, world: World, capsys: Captured, tmp_path: Path) -> None:
    app = application(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(app, target_is_directory=True)
    before = sorted(tmp_path.rglob("*"))
    assert main(["rewrite", str(app), "--output", str(tmp_path / where)]) == 2
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "full/file.txt").read_text(encoding="utf-8") == "mine"
    assert "sls-lab: " in capsys.readouterr().err


def test_recording_says_what_was_recorded(world: World, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    asked: list[str] = []
    monkeypatch.setattr(recordings, "record", lambda apps, variants, **_: asked.extend(app.name for app in apps))
    assert main(["record", "flow", "clean"]) == 0
    assert asked == ["flow", "clean"]
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("recorded. ") == 2


@pytest.mark.parametrize(
    ("error", "status"), [(NoRecording("only a live run"), 3), (PermissionError(13, "Permission denied"), 2)]
)
def test_what_keeps_from_recording_is_said(
    error: Exception, status: int, world: World, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(recordings, "record", fail)
    assert main(["record", "flow"]) == status
    said = capsys.readouterr()
    assert said.err.startswith("sls-lab: ")
    assert said.err.count("\n") == 1
