"""The action, the hook and GitLab's job: their own commands are run on a vulnerable and on a safe example."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from sls_lab.cli import main
from sls_lab.cli.parser import build_parser

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = "code-examples/apps"
VULNERABLE, SAFE = f"{EXAMPLES}/upload-chain", f"{EXAMPLES}/safe-wrong-prefix"
# Their flows are stored with the kit: what is tried here is how the commands hang together, not the analysis.
RECORDED = "--recorded"


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def run(script: str, variables: Mapping[str, str], folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a script as a pipeline does, with the `sls-lab` of this environment first on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **variables}
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def outputs(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


class Action:
    """The steps of the action that are commands, as GitHub would run them in one job."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.steps = {step["id"]: step for step in read("action.yml")["runs"]["steps"] if "id" in step}
        self.last = read("action.yml")["runs"]["steps"][-1]

    def run(self, applications: str, **inputs: str) -> tuple[int, Any, str]:
        """The job's exit status, the SARIF log, and the summary."""
        given = {"applications": applications, "options": RECORDED, **inputs}
        declared = {name: about["default"] for name, about in read("action.yml")["inputs"].items()}
        values = {**declared, **given}
        step = self.steps["analyse"]
        variables = {name: values[_input(text)] for name, text in step["env"].items()}
        out, summary = self.place / "output", self.place / "summary"
        surroundings = {
            "RUNNER_TEMP": str(self.place),
            "GITHUB_WORKSPACE": str(ROOT),
            "GITHUB_OUTPUT": str(out),
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        done = run(step["run"], {**variables, **surroundings})
        assert done.returncode == 0, done.stderr
        said = outputs(out)
        log = json.loads(Path(said["sarif"]).read_text()) if "sarif" in said else None
        result = run(self.last["run"], {"STATUS": said["status"]})
        return result.returncode, log, summary.read_text()


def _input(expression: str) -> str:
    name = expression.removeprefix("${{ inputs.").removesuffix(" }}")
    assert f"${{{{ inputs.{name} }}}}" == expression
    return name


@pytest.mark.posix
def test_the_action_fails_on_a_flow_and_names_files_from_the_root(tmp_path: Path) -> None:
    status, log, summary = Action(tmp_path).run(f"{VULNERABLE}\n\n  {SAFE}\n")
    assert status == 1
    first, second = log["runs"]
    assert len(first["results"]) == 1
    place = first["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert (ROOT / place).is_file()
    assert not [result for result in second["results"] if "suppressions" not in result]
    assert "1 flow found" in summary
    assert summary.startswith("```\n")


@pytest.mark.posix
def test_the_action_passes_where_there_is_no_flow(tmp_path: Path) -> None:
    status, log, summary = Action(tmp_path).run(SAFE)
    assert status == 0
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is True
    assert "No flow found" in summary


@pytest.mark.posix
def test_the_action_takes_a_baseline(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    assert main(["analyse", str(ROOT / VULNERABLE), RECORDED, "--write-baseline", str(known)]) == 0
    status, log, _ = Action(tmp_path).run(VULNERABLE, baseline=str(known))
    assert status == 0
    assert [bool(result["suppressions"]) for result in log["runs"][0]["results"]] == [True]


@pytest.mark.posix
def test_the_action_only_reports_where_that_is_asked_for(tmp_path: Path) -> None:
    status, log, _ = Action(tmp_path).run(VULNERABLE, **{"fail-on-flow": "false"})
    assert status == 0
    assert log["runs"][0]["results"]


@pytest.mark.posix
def test_the_action_fails_where_nothing_can_be_read(tmp_path: Path) -> None:
    status, log, _ = Action(tmp_path).run("no-such-folder")
    assert status == 2
    assert log is None


def test_the_action_puts_no_input_into_a_script() -> None:
    for step in read("action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.mark.posix
@pytest.mark.parametrize(("folder", "status"), [(VULNERABLE, 1), (SAFE, 0)])
def test_the_hook(folder: str, status: int) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    command = shlex.join([*shlex.split(hook["entry"]), RECORDED, *hook["args"]])
    assert run(command, {}, ROOT / folder).returncode == status
    assert hook["pass_filenames"] is False


@pytest.mark.posix
@pytest.mark.parametrize(("folder", "status"), [(VULNERABLE, 1), (SAFE, 0)])
def test_the_job_for_gitlab(folder: str, status: int, tmp_path: Path) -> None:
    job = read("deploy/gitlab/sls-lab.gitlab-ci.yml")["sls-lab"]
    reports = job["artifacts"]["reports"]
    # A copy, since the names of the folders are divided at blanks, and this repository may lie anywhere.
    shutil.copytree(ROOT / folder, tmp_path / "app")
    variables = {"CI_PROJECT_DIR": str(tmp_path), "SLS_LAB_APPLICATIONS": "app", "SLS_LAB_OPTIONS": RECORDED}
    assert variables.keys() - job["variables"].keys() == {"CI_PROJECT_DIR"}
    done = run("\n".join(job["script"]), variables, tmp_path)
    assert done.returncode == status, done.stderr
    quality = json.loads((tmp_path / reports["codequality"]).read_text())
    assert len(quality) == status
    assert all((tmp_path / issue["location"]["path"]).is_file() for issue in quality)
    assert ElementTree.parse(tmp_path / reports["junit"]).getroot()[0].get("failures") == str(status)
    assert job["artifacts"]["when"] == "always"


def test_the_formats_that_the_commands_ask_for_exist() -> None:
    job = read("deploy/gitlab/sls-lab.gitlab-ci.yml")["sls-lab"]
    for line in (*job["script"], read(".pre-commit-hooks.yaml")[0]["entry"] + " x"):
        words = [word for word in shlex.split(line) if not word.startswith("$SLS")]
        assert build_parser("0").parse_args([*words[1:], "x"]).command == "analyse"


def test_a_development_container_and_binder_set_up_by_what_is_here() -> None:
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    assert container["postCreateCommand"] == "sh scripts/setup.sh lab && .venv/bin/sls-lab doctor"
    minor = container["image"].partition(":")[2].partition("-")[0]
    assert (ROOT / ".binder" / "runtime.txt").read_text() == f"python-{minor}\n"
    assert f'"{minor}"' in (ROOT / ".github" / "workflows" / "test.yml").read_text()
    needed = (ROOT / ".binder" / "requirements.txt").read_text().split()
    assert (ROOT / ".binder" / needed[1]).resolve() == ROOT / "requirements.lock"
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)
