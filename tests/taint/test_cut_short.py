"""Where Pyrefly's stack overflows, it is run again with a bound on the depth of calls, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from sls_lab.taint.run.pysa import PysaFailed, PysaPrograms, run_pysa

ABORT = "kill -ABRT $$"


def programs(folder: Path, pyrefly: str) -> PysaPrograms:
    """Programs that write down how they are called; `pyrefly` is what Pyrefly does then."""
    for name, does in (("pyrefly", pyrefly), ("pysa", "exit 0")):
        program = folder / name
        program.write_text(f'#!/bin/sh\necho "$*" >> "{folder / name}.calls"\n{does}\n', encoding="utf-8")
        program.chmod(0o700)
    return PysaPrograms(folder / "pyrefly", folder / "pysa")


def calls(folder: Path) -> list[str]:
    return (folder / "pyrefly.calls").read_text(encoding="utf-8").splitlines()


@pytest.mark.posix
def test_an_overflow_is_tried_again_with_a_bound(tmp_path: Path) -> None:
    unbounded = f'case "$*" in *--recursion-depth-limit*) exit 0;; *) {ABORT};; esac'
    assert run_pysa(programs(tmp_path, unbounded), tmp_path)
    first, second = calls(tmp_path)
    assert "--recursion-depth-limit" not in first
    assert second.startswith(first)


@pytest.mark.posix
def test_a_run_without_an_overflow_is_the_only_one(tmp_path: Path) -> None:
    assert not run_pysa(programs(tmp_path, "exit 1"), tmp_path)
    assert len(calls(tmp_path)) == 1


@pytest.mark.posix
def test_a_second_overflow_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(PysaFailed, match="signal 6"):
        run_pysa(programs(tmp_path, ABORT), tmp_path)
    assert len(calls(tmp_path)) == 2
