"""What the project says of itself: one version, files that exist, licences of all that it ships."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import sls_lab

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VENDORED = ROOT / "sls_lab" / "widgets" / "static" / "vendor"
TYPESHED = ROOT / "sls_lab" / "taint" / "typeshed"
# Patterns for files that are made, or that may be missing.
MAY_BE_MISSING = re.compile(r"[*?^$\\]|^\.|^/")


def folders_in_the_wheel() -> set[str]:
    """Where the wheel has what a clone has at another place."""
    return set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"].values())


def named_files(value: object) -> set[str]:
    """Strings anywhere in a part of pyproject.toml that name a file or folder outright."""
    if isinstance(value, dict):
        return {name for key, part in value.items() for name in named_files(key) | named_files(part)}
    if isinstance(value, list):
        return {name for part in value for name in named_files(part)}
    text = str(value)
    is_path = re.fullmatch(r"[\w.-]+(?:/[\w.-]+)+|[\w-]+\.(?:py|md|lock)", text)
    return {text} if is_path and not MAY_BE_MISSING.search(text) else set()


def test_the_version_is_written_in_one_place() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert "version" not in PROJECT["project"]
    holder = ROOT / PROJECT["tool"]["hatch"]["version"]["path"]
    version = re.search(r'^__version__ = "([^"]+)"$', holder.read_text(encoding="utf-8"), re.MULTILINE)
    assert version is not None
    assert version[1] == sls_lab.__version__


@pytest.mark.parametrize("tool", ["hatch", "ruff", "mypy", "pytest"])
def test_every_file_that_pyproject_names_exists(tool: str) -> None:
    for name in named_files(PROJECT["tool"][tool]) - folders_in_the_wheel():
        assert (ROOT / name).exists(), f"[tool.{tool}] names {name}"


@pytest.mark.parametrize("pattern", PROJECT["tool"]["ruff"]["lint"]["per-file-ignores"])
def test_every_exception_of_the_linter_is_for_some_file(pattern: str) -> None:
    braces = re.fullmatch(r"\{([^}]*)\}(.*)", pattern)
    for one in [part + braces[2] for part in braces[1].split(",")] if braces else [pattern]:
        assert any(ROOT.glob(one.replace("**", "**/*"))), f"no file is {one}"


def test_files_by_name_are_found_where_they_are_named() -> None:
    assert named_files({"path": "a/b.py", "list": ["c.md", "D", "x/*", "sls_lab"]}) == {"a/b.py", "c.md"}


def test_the_licence_of_every_file_of_others_is_shipped_and_named() -> None:
    assert PROJECT["project"]["license"] == "MIT AND EPL-2.0 AND Apache-2.0"
    shipped = {file for pattern in PROJECT["project"]["license-files"] for file in ROOT.glob(pattern)}
    licences = {ROOT / "LICENSE"}
    for folder in (VENDORED, TYPESHED):
        table = (folder / "README.md").read_text(encoding="utf-8")
        named = {folder / name for name in re.findall(r"\]\((LICENSE-[^)]+)\)", table)}
        licences |= named
        for name in {file.name for file in folder.iterdir()} - {"README.md"} - {file.name for file in named}:
            assert f"`{name}`" in table
    assert shipped == licences
    assert "Eclipse Public License - v 2.0" in (VENDORED / "LICENSE-graphviz.txt").read_text(encoding="utf-8")
    assert "Apache License" in (TYPESHED / "LICENSE-typeshed.txt").read_text(encoding="utf-8")


def test_the_changelog_begins_with_this_version() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] in {"Unreleased", sls_lab.__version__}
    assert sls_lab.__version__ in headings


def test_both_papers_are_cited_as_the_readme_cites_them() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert citation["cff-version"] == "1.2.0"
    assert "version" not in citation
    titles = [reference["title"] for reference in citation["references"]]
    assert len(titles) == 2
    for title in titles:
        assert f"*{title}.*" in readme
