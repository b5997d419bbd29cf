from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sls_lab.cli import main, watching
from tests.cli.fakes import World

EXAMPLE = Path(__file__).parents[2] / "code-examples" / "apps" / "upload-chain"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def changes(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """What the watcher reports, one list an analysis; then it is interrupted, as by Ctrl-C."""
    reported: list[list[str]] = [[]]

    def report(_folder: Path) -> Iterator[list[str]]:
        yield from reported
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "load_app", world.load_app)
    monkeypatch.setattr(watching, "analyse", world.analyse)
    monkeypatch.setattr(watching, "_changes", report)
    monkeypatch.chdir(tmp_path)
    for name in ("flow", "clean"):
        (tmp_path / name).mkdir()
    return reported


def test_it_analyses_at_once_and_after_each_change(changes: list[list[str]], world: World, capsys: Captured) -> None:
    changes += [["a.py"], ["a.py", "b.py"]]
    assert main(["watch", "flow"]) == 0
    said = capsys.readouterr()
    assert len(world.calls) == 3
    assert said.out.count("1 flow found") == 3
    assert said.out.count("no flow came or went") == 2
    assert "changed: a.py, b.py" in said.err


def test_options_are_handed_on(changes: list[list[str]], world: World) -> None:
    assert main(["watch", "clean", "--sources", "external", "--stage", "prod"]) == 0
    (app,) = world.loaded
    assert app.sources == {"external"}
    assert app.options.opt == {"stage": "prod"}


def test_what_is_no_folder_is_refused(changes: list[list[str]], capsys: Captured) -> None:
    assert main(["watch", "elsewhere"]) == 2
    assert capsys.readouterr().err == "sls-lab: elsewhere is not a folder\n"


def test_it_goes_on_while_the_application_cannot_be_read(
    changes: list[list[str]], world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "unreadable").mkdir()
    changes.append(["serverless.yml"])

    def analyse(apps: list[object], **_: object) -> None:
        for app in apps:
            _ = app.template

    monkeypatch.setattr(watching, "analyse", analyse)
    assert main(["watch", "unreadable"]) == 0
    assert capsys.readouterr().err.count("unreadable is no folder") == 2


def test_without_the_watcher_it_says_what_to_install(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    monkeypatch.setattr(watching.importlib.util, "find_spec", lambda name: None)
    assert main(["watch", str(tmp_path)]) == 2
    assert "pip install 'sls-lab[watch]'" in capsys.readouterr().err


@pytest.mark.live
def test_a_fix_is_seen_while_it_is_watched(tmp_path: Path) -> None:
    copy = tmp_path / EXAMPLE.name
    shutil.copytree(EXAMPLE, copy)
    command = [sys.executable, "-m", "sls_lab", "watch", str(copy), "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        bound = threading.Timer(120, process.kill)
        bound.start()
        assert any("flow found" in line for line in process.stdout)
        for file in copy.rglob("*.py"):
            file.write_text("def handler(event, context):\n    return None\n")
        assert any("no longer found: 1 flow" in line for line in process.stdout)
        process.send_signal(signal.SIGINT)
        process.communicate()
        bound.cancel()
        assert process.returncode == 0
