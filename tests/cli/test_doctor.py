from __future__ import annotations

import math

import pytest

from sls_lab.cli import main
from sls_lab.taint.run import doctor
from sls_lab.taint.run.doctor import Examined, examine, healthy
from sls_lab.taint.run.pysa import PysaUnavailable

Captured = pytest.CaptureFixture[str]

FINE = Examined("Python", "ok", "3.12.1")
GONE = Examined("Pysa", "missing", "pyre-check not found", "run `make lab`")
SPARE = Examined("Graphviz", "optional", "no dot program", "nothing to do")


@pytest.mark.parametrize(
    ("findings", "status", "last"),
    [((FINE, SPARE), 0, "All is well."), ((FINE, GONE), 3, "Not all is well")],
    ids=["healthy", "ill"],
)
def test_each_finding_has_its_line(
    findings: tuple[Examined, ...], status: int, last: str, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "examine", lambda _progress: findings)
    assert main(["doctor"]) == status
    lines = capsys.readouterr().out.rstrip().split("\n")
    assert lines[-1].startswith(last)
    for finding in findings:
        (line,) = [line for line in lines if finding.detail in line]
        assert line.startswith({"ok": "✓", "missing": "✗", "optional": "–"}[finding.state])
        assert not finding.remedy or finding.remedy in lines[lines.index(line) + 1]


@pytest.mark.live
def test_a_healthy_machine_finds_the_known_flow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_SLOW", math.inf)
    steps: list[str] = []
    findings = examine(steps.append)
    assert healthy(findings), findings
    (known,) = [finding for finding in findings if finding.name == "known flow"]
    assert known.state == "ok", known
    assert "found live" in known.detail
    assert steps
    assert all(finding.remedy for finding in findings if finding.state != "ok")


def test_without_pysa_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from sls_lab.taint import live_run

    def missing() -> None:
        raise PysaUnavailable("pyrefly and pyre-check not found")

    monkeypatch.setattr(doctor, "find_programs", missing)
    monkeypatch.setattr(live_run, "find_programs", missing)
    findings = examine()
    assert not healthy(findings)
    states = {finding.name: finding for finding in findings}
    assert states["Pysa"].state == "missing"
    assert states["Pysa"].remedy
    assert states["known flow"].state == "missing"


@pytest.mark.parametrize(
    ("system", "machine", "state"),
    [
        ("linux", "x86_64", "ok"),
        ("darwin", "arm64", "ok"),
        ("win32", "AMD64", "missing"),
        ("linux", "aarch64", "missing"),
    ],
)
def test_platforms(system: str, machine: str, state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "platform", system)
    monkeypatch.setattr(doctor.platform, "machine", lambda: machine)
    (finding,) = doctor._platform()
    assert finding.state == state


def test_another_version_than_the_pinned_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.metadata, "requires", lambda _name: ["pyre-check==0.10.0 ; x", "pyrefly==1.4.1"])
    monkeypatch.setattr(doctor.metadata, "version", {"pyre-check": "0.10.0", "pyrefly": "1.1.0"}.__getitem__)
    first, second = doctor._packages()
    assert first.state == "ok"
    assert second.state == "missing"
    assert second.remedy == "pip install pyrefly==1.4.1"


def test_where_pysa_does_not_come_it_asks_for_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise PysaUnavailable("pyrefly and pyre-check not found")

    monkeypatch.setattr(doctor, "find_programs", missing)
    monkeypatch.setattr(doctor.platform, "machine", lambda: "riscv64")
    findings = examine()
    assert [finding.name for finding in findings if finding.state == "missing"] == ["platform"]
    assert "recorded" in findings[1].remedy
