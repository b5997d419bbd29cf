"""What runs on other machines calls what a developer calls, and its files can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def read(name: str) -> Any:
    """A YAML file of the repository; `on` is a key like others there."""
    return yaml.load((ROOT / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def test_the_workflow_runs_the_tests_on_every_supported_python() -> None:
    job = read(".github/workflows/test.yml")["jobs"]["test"]
    matrix = job["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = [text.rpartition(" ")[2] for text in project["classifiers"] if "Python :: 3." in text]
    assert matrix["python"] == supported
    systems = {*matrix["os"], *(extra["os"] for extra in matrix["include"])}
    assert systems == {"ubuntu-latest", "macos-latest"}
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands
    for command in commands:
        assert re.match(r"make (\w+)", command)
        assert command.split()[1] in TARGETS


def test_windows_is_tried_without_what_it_has_not() -> None:
    job = read(".github/workflows/test.yml")["jobs"]["windows"]
    assert job["runs-on"] == "windows-latest"
    setting_up, testing = (step["run"].split(" ", 2) for step in job["steps"] if "run" in step)
    assert setting_up[:2] == ["python", "scripts/setup.py"]
    assert testing == [".venv\\Scripts\\python", "-m", 'pytest -m "not live and not browser"']


def test_setting_up_knows_the_same_pythons() -> None:
    matrix = read(".github/workflows/test.yml")["jobs"]["test"]["strategy"]["matrix"]
    first, last = matrix["python"][0], matrix["python"][-1]
    script = (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8")
    assert f"Python {first} to {last}" in script
    assert {f"python{version}" for version in matrix["python"]} <= set(script.replace("\n", " ").split(" "))
    assert f"Python {first} to {last}" in (ROOT / "README.md").read_text(encoding="utf-8")
    minor = int(last.split(".")[1])
    assert f"python>={first},<3.{minor + 1}" in (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_the_hooks_before_a_commit_are_tools_of_the_lock() -> None:
    locked = (ROOT / "requirements-test.lock").read_text(encoding="utf-8")
    for repository in read(".pre-commit-config.yaml")["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            tool = re.match(r"\.venv/bin/(?:python -m )?(\w+)", hook["entry"])
            assert tool is not None
            assert re.search(rf"^{tool[1]}==", locked, re.MULTILINE), hook["entry"]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_asks_something_with_ids_of_its_own(form: Path) -> None:
    content = read(form.relative_to(ROOT).as_posix())
    if form.name == "config.yml":
        assert content["blank_issues_enabled"] == "true"
        return
    assert content["name"]
    assert content["description"]
    ids = [part["id"] for part in content["body"]]
    assert len(ids) == len(set(ids)) > 0
    assert all(part["type"] in {"dropdown", "input", "textarea"} for part in content["body"])
    assert all(part["attributes"]["label"] for part in content["body"])


def test_the_browser_edition_is_published_as_make_builds_it() -> None:
    steps = read(".github/workflows/lite.yml")["jobs"]["publish"]["steps"]
    (command,) = [step["run"] for step in steps if "run" in step]
    assert command.split()[:2] == ["make", "lite"]
    assert "lite" in TARGETS
    (published,) = [step["with"]["path"] for step in steps if "upload-pages" in step.get("uses", "")]
    assert published == "build/lite"


def test_the_readme_links_the_browser_edition_where_the_project_says_it_is() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("\n\n")[1]
    assert f"]({project['urls']['Course']})" in first
