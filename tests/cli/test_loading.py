"""What is loaded before Pysa runs: an answer from the cache takes little longer than its imports."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from sls_lab.taint.run.pysa import versions

PACKAGES = ("pyre-check", "pyrefly")


def test_what_only_a_run_needs_is_not_loaded_with_the_application() -> None:
    script = "import sys, sls_lab.app, sls_lab.report.text; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "sls_lab.taint.tracing" in loaded
    assert not loaded & {"sls_lab.taint.live_run", "sls_lab.taint.read.flows", "sls_lab.taint.judge.refutation"}
    assert not loaded & {"importlib.metadata", "email", "sls_lab.replay", "sls_lab.survey", "sls_lab.bench"}


def test_the_versions_are_those_that_were_installed() -> None:
    assert versions() == {one.name: one.version for one in metadata.distributions() if one.name in PACKAGES}


def test_of_two_installations_the_first_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("pyrefly-2.0.dist-info", "pyrefly_tools-9.dist-info", "pyre_check.dist-info"), ("pyrefly-1.0.dist-info",)
    paths = [str(tmp_path / "nowhere")]
    for number, inside in enumerate(names):
        for name in inside:
            (tmp_path / str(number) / name).mkdir(parents=True)
        paths.append(str(tmp_path / str(number)))
    monkeypatch.setattr(sys, "path", paths)
    assert versions() == {"pyrefly": "2.0"}
