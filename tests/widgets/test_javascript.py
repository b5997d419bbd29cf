"""The scripts of the widgets, as a type checker for JavaScript reads them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from javascript import COMPILER

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "sls_lab" / "widgets" / "static"

pytestmark = pytest.mark.node


def check(folder: Path) -> list[str]:
    """What TypeScript finds wrong with the scripts in `folder`, checked as jsconfig.json says."""
    settings = json.loads((ROOT / "jsconfig.json").read_text(encoding="utf-8"))
    (folder / "jsconfig.json").write_text(json.dumps({**settings, "include": ["*.js"]}))
    node = shutil.which("node")
    assert node is not None
    command = [node, str(COMPILER), "--project", str(folder / "jsconfig.json"), "--pretty", "false"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert answer.returncode in (0, 1, 2), answer.stderr
    return answer.stdout.splitlines()


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the widgets' own scripts, without what is vendored."""
    for file in STATIC.glob("*.js"):
        shutil.copy(file, tmp_path)
    return tmp_path


def test_the_scripts_have_no_faults(scripts: Path) -> None:
    assert check(scripts) == []


def test_a_wrong_name_and_a_wrong_argument_are_found(scripts: Path) -> None:
    with (scripts / "progress.js").open("a", encoding="utf-8") as script:
        script.write('button("a");\nnoSuchFunction();\n')
    found = check(scripts)
    assert len(found) == 2
    assert "Expected 2-3 arguments" in found[0]
    assert "noSuchFunction" in found[1]
