"""What must not be in the repository: local paths, addresses fetched at run time, notebooks' outputs."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCAL_PATH = re.compile(r"""(?:^|[^A-Za-z0-9_."}$])/(?:home|root|Users|work)/[A-Za-z.]""", re.MULTILINE)
FETCHED = re.compile(r"https?://(?:cdn|unpkg|fonts\.g|[a-z.]*jsdelivr)")
#: What tools make; without Git nothing else says what is not the repository's.
MADE = {".ipynb_checkpoints", ".pyre", ".hypothesis", "node_modules", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
IGNORED = {".git", ".venv", ".cache", "__pycache__", "build", "dist", "mutants"} | MADE


@cache
def tracked() -> tuple[Path, ...]:
    """The files in git; all files where this is an unpacked archive."""
    # The folder may belong to somebody else than who runs the tests, which git must be told is meant.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return tuple(file for file in ROOT.rglob("*") if file.is_file() and not IGNORED & {*file.parts})
    return tuple(file for name in listed.split("\0") if name and (file := ROOT / name).is_file())


def text_of(file: Path) -> str:
    """The file's text; what is not UTF-8 is kept readable."""
    return file.read_bytes().decode("utf-8", errors="replace")


@pytest.mark.parametrize(("what", "pattern"), [("local path", LOCAL_PATH), ("address fetched at run time", FETCHED)])
def test_no_file_holds_a(what: str, pattern: re.Pattern[str]) -> None:
    found = []
    for file in tracked():
        if file.suffix == ".lock":
            continue
        text = text_of(file)
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start() + 1) + 1
            found.append(f"{file.relative_to(ROOT)}:{line}: {match.group().strip()}")
    assert not found, f"{what}: {found}"


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("cd /" + "home/ada/x", LOCAL_PATH),
        ("/" + "root/.cache", LOCAL_PATH),
        ("(/" + "Users/ada/x)", LOCAL_PATH),
        ("https://" + "cdn.example/x.js", FETCHED),
        ("http://" + "fastly.jsdelivr.net/x", FETCHED),
    ],
)
def test_the_patterns_find_what_they_look_for(text: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(text)


def test_notebooks_are_stored_without_outputs() -> None:
    notebooks = [file for file in tracked() if file.suffix == ".ipynb"]
    assert notebooks
    for file in notebooks:
        notebook = json.loads(text_of(file))
        assert "widgets" not in notebook["metadata"], file
        assert "version" not in notebook["metadata"].get("language_info", {}), file
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                assert cell["outputs"] == [], f"{file}: run nbstripout"
                assert cell["execution_count"] is None, f"{file}: run nbstripout"


def test_nothing_that_the_tools_make_is_tracked() -> None:
    assert not [
        file for file in tracked() if (MADE | {"__pycache__", ".venv", ".cache"}) & {*file.relative_to(ROOT).parts}
    ]
