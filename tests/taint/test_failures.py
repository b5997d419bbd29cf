"""Whatever happens to a run: "not analysed" with its reason, never "no flow", and nothing raised."""

from __future__ import annotations

import datetime
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sls_lab import App, analyse, load_app
from sls_lab.taint import NoRecording, record, recorded, tracing
from sls_lab.taint.pysa import Programs, PysaUnavailable

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
    return load_app(folder)


def not_analysed(app: App, code: str) -> str:
    assert app.flows.analysed == "not-run"
    assert not app.complete
    assert set(app.flows.unseen) == {function.name for function in app.template.functions}
    (diagnostic,) = {one for one in app.flows.diagnostics if one.code == code}
    assert diagnostic.level == "error"
    return diagnostic.message


def test_pysa_missing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Programs:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(tracing, "find_programs", none)
    analyse([app])
    assert "sls-lab doctor" in not_analysed(app, "pysa-missing")
    assert "no-recording" in {one.code for one in app.flows.diagnostics}


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
    monkeypatch.setattr(tracing, "find_programs", lambda: Programs(*fakes))
    analyse([app])
    assert said in not_analysed(app, "pysa-failed")


def test_the_disk_full(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def full() -> Iterator[Path]:
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/file")
        yield Path()

    monkeypatch.setattr(tracing, "find_programs", lambda: Programs(Path("a"), Path("b")))
    monkeypatch.setattr(tracing, "staging_folder", full)
    analyse([app])
    assert "No space left on device" in not_analysed(app, "staging-failed")


@pytest.mark.live
def test_an_unchanged_application_is_answered_from_the_cache(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    analyse([app])
    (flow,) = app.flows.flows

    def unwanted() -> Programs:
        raise AssertionError("Pysa was started")

    monkeypatch.setattr(tracing, "find_programs", unwanted)
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
def test_a_recording_answers_for_its_own_code_alone(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoRecording, match="no recording"):
        recorded(app.subject)
    record(app.subject, app.flows, datetime.date(2026, 1, 2))

    def none() -> Programs:
        raise PysaUnavailable("pyre-check not found")

    monkeypatch.setattr(tracing, "find_programs", none)
    shown = load_app(app.path)
    analyse([shown], use_cache=False)
    assert shown.flows.analysed == "recorded"
    assert shown.flows.flows == app.flows.flows
    assert any("2026-01-02" in one.message for one in shown.flows.diagnostics)

    handlers = next(path for path in app.path.glob("*.py"))
    handlers.write_text(handlers.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    other = load_app(app.path)
    analyse([other], use_cache=False)
    assert other.flows.analysed == "not-run"
    with pytest.raises(NoRecording, match="of other code"):
        recorded(other.subject)
