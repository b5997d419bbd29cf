"""Where no program can be started, or none can be limited, what needs them says so and shows what was recorded."""

from __future__ import annotations

import os
import re
import sys

import pytest

from sls_lab.facts import NO_LIMITS, NO_PROCESSES, in_browser, on_windows
from sls_lab.replay import ReplayUnavailable, available, check_available, why_unavailable
from sls_lab.taint.run.doctor import examine, healthy
from sls_lab.taint.run.pysa import PysaUnavailable, find_programs


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Python says of its system in a browser."""
    monkeypatch.setattr(sys, "platform", "emscripten")


@pytest.mark.posix
def test_this_is_no_browser() -> None:
    assert not in_browser()
    assert why_unavailable() == ""


@pytest.mark.usefixtures("browser")
def test_neither_pysa_nor_a_replay_is_tried() -> None:
    assert in_browser()
    assert not available()
    with pytest.raises(ReplayUnavailable, match=NO_PROCESSES):
        check_available()
    with pytest.raises(PysaUnavailable, match=NO_PROCESSES):
        find_programs()


@pytest.mark.posix
def test_on_windows_a_replay_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not on_windows()
    monkeypatch.setattr(os, "name", "nt")
    assert on_windows()
    with pytest.raises(ReplayUnavailable, match=re.escape(NO_LIMITS)):
        check_available()


@pytest.mark.usefixtures("browser")
def test_the_doctor_says_what_runs_and_what_is_recorded() -> None:
    findings = examine()
    assert [finding.name for finding in findings] == ["Python", "browser"]
    assert healthy(findings)
    assert "what was recorded" in findings[-1].remedy
