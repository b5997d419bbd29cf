"""`make` finds a Python that works and says what to do where there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.posix

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with a space in its name, in which setting up only says which Python it would use."""
    scripts = tmp_path / "a clone" / "scripts"
    scripts.mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", scripts)
    (scripts / "setup.py").write_text("import sys; print('used', sys.argv[1:])")
    return scripts.parent


def program(folder: Path, name: str, text: str) -> None:
    """Put a shell script on the PATH of a test."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def set_up(clone: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up with nothing else on the PATH than the given folder and the base system's tools."""
    tools = clone / "tools"
    program(tools, "dirname", 'echo "${1%/*}"')
    return subprocess.run(
        ["/bin/sh", str(clone / "scripts" / "setup.sh"), "lab"],
        env={"PATH": f"{path}{os.pathsep}{tools}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_exists_but_fails_is_passed_over(clone: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3.13", "echo 'the command exists in another version' >&2; exit 127")
    program(tmp_path / "bin", "python3.12", f'echo working; exec "{sys.executable}" "$@"')
    answer = set_up(clone, tmp_path / "bin")
    assert answer.stdout.splitlines() == ["working", "used ['lab']"]
    assert answer.returncode == 0


def test_a_chosen_python_is_used_before_all_others(clone: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3.13", "echo not this one; exit 1")
    assert set_up(clone, tmp_path / "bin", PYTHON=sys.executable).stdout.splitlines() == ["used ['lab', '--chosen']"]


def test_a_chosen_python_that_does_not_work_is_named(clone: Path, tmp_path: Path) -> None:
    answer = set_up(clone, tmp_path / "bin", PYTHON="/nowhere/python3")
    assert answer.returncode == 1
    assert answer.stderr == "PYTHON=/nowhere/python3 is not a working Python 3.11 to 3.14.\n"


def test_without_any_python_it_says_what_is_needed(clone: Path, tmp_path: Path) -> None:
    program(tmp_path / "bin", "python3", "exit 1")  # too old, say
    answer = set_up(clone, tmp_path / "bin")
    assert answer.returncode == 1
    assert "Python 3.11 to 3.14 is needed" in answer.stderr
    assert "apt install python3" in answer.stderr
