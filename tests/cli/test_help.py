"""Help is printed at once: the rooms of the walk take longer to import than the help takes to print."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import contextlib, io, json, sys
from sls_lab.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print(json.dumps(sorted(name for name in sys.modules if name.startswith("sls_lab."))))
"""
ROOMS = {
    "template",
    "code",
    "services",
    "events",
    "rewrite",
    "taint",
    "advice",
    "replay",
    "widgets",
    "exercises",
    "app",
}


@pytest.mark.parametrize("arguments", [["--help"], ["analyse", "--help"], ["bench", "--help"], ["--version"]])
def test_help_imports_no_room_of_the_walk(arguments: list[str]) -> None:
    answer = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[1] for name in json.loads(answer.stdout)}
    assert "cli" in loaded
    assert not loaded & ROOMS
