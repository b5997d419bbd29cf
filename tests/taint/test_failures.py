"""Whatever happens to a run: "not analysed" with its reason, never "no flow", and nothing raised."""

from __future__ import annotations

import datetime
import errno
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.recordings import Edited, record
from sls_lab.scratch import UnusableChange
from sls_lab.taint import NoRecording, Run, TaintReport, live_run, recorded
from sls_lab.taint import record as store
from sls_lab.taint.kept import digest
from sls_lab.taint.read import flows, paths
from sls_lab.taint.run.pysa import PysaPrograms, PysaUnavailable

CANARY = Path(__file__).parents[2] / "sls_lab" / "taint" / "canary"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """The canary in a folder of its own, with a cache that knows nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "app"
    folder.mkdir()
    for file in CANARY.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    return load_app(folder, trust_recording=True)


def hide_pysa(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> PysaPrograms:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(live_run, "find_programs", none)


def not_analysed(app: App, code: str) -> str:
    assert app.flows.analysed == "not-run"
    assert not app.complete
    assert set(app.flows.unseen) == {function.name for function in app.template.functions}
    (diagnostic,) = {one for one in app.flows.diagnostics if one.code == code}
    assert diagnostic.level == "error"
    return diagnostic.message


def test_pysa_missing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_pysa(monkeypatch)
    analyse([app])
    assert "sls-lab doctor" in not_analysed(app, "pysa-missing")
    assert "no-recording" in {one.code for one in app.flows.diagnostics}


@pytest.mark.posix
@pytest.mark.parametrize(
    ("script", "said"),
    [("kill -9 $$", "ended by signal 9"), ("exit 9", "ended with 9"), ("exit 0", "could not be read")],
)
def test_pysa_killed_failing_or_silent(app: App, monkeypatch: pytest.MonkeyPatch, script: str, said: str) -> None:
    fakes = []
    for name, body in (("pyrefly", "exit 0"), ("pyre.bin", script)):
        fake = app.path.parent / name
        fake.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        fake.chmod(0o755)
        fakes.append(fake)
    monkeypatch.setattr(live_run, "find_programs", lambda: PysaPrograms(*fakes))
    analyse([app])
    assert said in not_analysed(app, "pysa-failed")


def test_the_disk_full(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> AbstractContextManager[Path]:
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/file")

    monkeypatch.setattr(live_run, "find_programs", lambda: PysaPrograms(Path("a"), Path("b")))
    monkeypatch.setattr(live_run, "staging_folder", full)
    analyse([app])
    assert "No space left on device" in not_analysed(app, "staging-failed")


@pytest.mark.live
def test_more_paths_than_are_followed_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "MOST_PATHS", 5)
    monkeypatch.setattr(flows, "MOST_PATHS", 5)
    (tmp_path / "serverless.yml").write_text(
        "service: a\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: a.handler, events: [{httpApi: POST /a}]}}\n",
        encoding="utf-8",
    )
    sinks = "".join(f"    os.system(x + '{number}')\n" for number in range(7))
    code = f"import os\ndef run(x):\n{sinks}def handler(event, context):\n    run(event['body'])\n"
    (tmp_path / "a.py").write_text(code, encoding="utf-8")
    app = load_app(tmp_path)
    (told,) = (one for one in app.flows.diagnostics if one.level == "error")
    assert (told.code, told.span.place if told.span else None) == ("paths-left-out", "a.py:11")
    assert len(app.flows.flows) == 5
    assert not app.complete


@pytest.mark.live
def test_an_unchanged_application_is_answered_from_the_cache(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    analyse([app])
    (flow,) = app.flows.flows

    def unwanted() -> PysaPrograms:
        raise AssertionError("Pysa was started")

    monkeypatch.setattr(live_run, "find_programs", unwanted)
    said: list[str] = []
    again = load_app(app.path)
    analyse([again], progress=said.append)
    assert again.flows == app.flows
    assert any("cache" in text for text in said)
    changed = load_app(app.path, sources=("public", "external"))
    with pytest.raises(AssertionError, match="Pysa was started"):
        analyse([changed])
    assert flow.steps


@pytest.mark.live
def test_a_recording_answers_for_its_own_code_alone(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoRecording, match="no recording"):
        recorded(app.subject)
    sources = {path.name: path.read_text(encoding="utf-8") for path in app.path.glob("*.py")}
    (name,) = sources
    assert "os.system" in sources[name]
    safe = {name: sources[name].replace("os.system", "print")}
    record([app], {app.name: {"without the shell": Edited(safe)}})

    hide_pysa(monkeypatch)
    shown = load_app(app.path, trust_recording=True)
    analyse([shown], use_cache=False, raw=True)
    assert shown.flows.analysed == shown.raw_flows.analysed == "recorded"
    assert shown.flows.flows == app.flows.flows
    assert shown.flows.flows
    assert not shown.raw_flows.flows

    blind = load_app(app.path, ignore=("permissions",), trust_recording=True)
    analyse([blind], use_cache=False)
    assert blind.flows.analysed == "recorded"
    blind = load_app(app.path, ignore=("permissions", "filters"), trust_recording=True)
    analyse([blind], use_cache=False)
    assert blind.flows.analysed == "not-run"

    copy = tmp_path / "a copy of another name"
    copy.mkdir()
    for file in app.path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    (copy / name).write_text(safe[name], encoding="utf-8")
    edited = load_app(copy, trust_recording=True)
    analyse([edited], use_cache=False)
    assert edited.flows.analysed == "recorded"
    assert not edited.flows.flows

    (copy / name).write_text(sources[name] + "\n# changed\n", encoding="utf-8")
    other = load_app(copy, trust_recording=True)
    analyse([other], use_cache=False)
    assert other.flows.analysed == "not-run"
    with pytest.raises(NoRecording, match="of other code"):
        recorded(other.subject)


def test_a_recording_is_not_written_through_a_link(app: App, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine", encoding="utf-8")
    (app.path / "recorded.json").symlink_to(precious)
    report = TaintReport((), "live", {}, (), (), (), {"pyrefly": "1"})
    store(app.path, [Run("as it is", app.subject, report)], datetime.date(2026, 1, 2))
    assert precious.read_text(encoding="utf-8") == "mine"
    assert recorded(app.subject).analysed == "recorded"


@pytest.mark.live
def test_recording_again_changes_nothing(app: App) -> None:
    record([app])
    file = app.path / "recorded.json"
    old = file.read_text(encoding="utf-8").replace(json.loads(file.read_text(encoding="utf-8"))["date"], "2026-01-02")
    file.write_text(old, encoding="utf-8")
    record([load_app(app.path)])
    assert file.read_text(encoding="utf-8") == old


def test_only_a_live_run_is_recorded(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_pysa(monkeypatch)
    with pytest.raises(NoRecording, match="sls-lab doctor"):
        record([app])
    assert not (app.path / "recorded.json").exists()


def test_an_edited_copy_stays_in_its_folder(app: App) -> None:
    with pytest.raises(UnusableChange, match="does not lie in the application"):
        record([app], {app.name: {"elsewhere": Edited({"../other.py": ""})}})


def test_the_code_of_every_room_of_the_walk_decides_a_run() -> None:
    package = CANARY.parents[1]
    beside = {
        "advice",
        "bench",
        "cli",
        "course",
        "exercises",
        "replay",
        "report",
        "room",
        "silence",
        "survey",
        "widgets",
    }
    rooms = {folder.name for folder in package.iterdir() if (folder / "__init__.py").exists()} - beside
    counted = {str(module) for room in digest.ROOMS for module in digest.modules(package / room)}
    assert counted == {
        str(file) for room in rooms for file in (package / room).rglob("*.py*") if file.suffix in (".py", ".pyi")
    }


CORRUPTIONS: dict[str, Callable[[Any], str]] = {
    "no JSON": lambda _: "{",
    "nothing": lambda _: "",
    "another kind of JSON": lambda _: "[1]",
    "deep": lambda _: "[" * 100_000,
    "an older schema": lambda data: json.dumps(data | {"schema": "sls-lab/recording/1"}),
    "no reports": lambda data: json.dumps(data | {"reports": []}),
    "no runs": lambda data: json.dumps(data | {"runs": 1}),
    "a flow of no rule": lambda data: changed(data, "flows", [{"code": 1}]),
    "flows that are none": lambda data: changed(data, "flows", "abc"),
    "set aside without a flow": lambda data: changed(data, "set_aside", [{"why": ["x", None]}]),
    "a place that is text": lambda data: changed(data, "unseen", {"x": ["error", "a", "b", ["f.py", "1", 0, 1, 0]]}),
    "a place in front of the file": lambda data: changed(
        data, "unseen", {"x": ["error", "a", "b", ["f", -9, 0, 1, 0]]}
    ),
    "a place that ends before it begins": lambda data: changed(
        data, "diagnostics", [["error", "a", "b", ["f", 2, 0, 1, 0]]]
    ),
    "a level that is none": lambda data: changed(data, "diagnostics", [["<b>", "a", "b", None]]),
    "versions that are none": lambda data: changed(data, "versions", ["1"]),
}


def test_a_recording_of_an_earlier_version_says_what_it_lacks(app: App) -> None:
    report = TaintReport((), "live", {}, (), (), (), {"pyrefly": "1"})
    file = store(app.path, [Run("as it is", app.subject, report)], datetime.date(2026, 1, 2))
    data = json.loads(file.read_text(encoding="utf-8")) | {"schema": "sls-lab/recording/2"}
    for one in data["reports"]:
        del one["set_aside"]
    file.write_text(json.dumps(data), encoding="utf-8")
    (told,) = recorded(app.subject).diagnostics
    assert told.message.endswith("; which flows were set aside was not recorded")


def changed(data: dict[str, Any], key: str, value: object) -> str:
    return json.dumps(data | {"reports": [report | {key: value} for report in data["reports"]]})


@pytest.mark.parametrize("how", CORRUPTIONS)
def test_a_damaged_recording_is_told_in_a_sentence(
    app: App, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = TaintReport((), "live", {}, (), (), (), {"pyrefly": "1"})
    file = store(app.path, [Run("as it is", app.subject, report)], datetime.date(2026, 1, 2))
    assert recorded(app.subject).analysed == "recorded"
    file.write_text(CORRUPTIONS[how](json.loads(file.read_text(encoding="utf-8"))), encoding="utf-8")
    hide_pysa(monkeypatch)
    analyse([app], use_cache=False)
    assert "cannot be read" in not_analysed(app, "no-recording")
