"""What is left out of the stubs changes nothing: neither the types of code, nor what Pysa finds in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from whole_stubs import make_whole

from sls_lab import load_app
from sls_lab.taint.read.pysa_output import read_results
from sls_lab.taint.run.pysa import MODELS, RESULTS, TYPES, find_programs, run_pysa, write_settings
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.staging.model_files import write_models
from sls_lab.taint.staging.staged_folder import stage, write_stage
from sls_lab.taint.staging.stub_files import write_stubs

FIXTURES = sorted((Path(__file__).parent / "fixtures" / "library").glob("*.py"))
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [file.parent for file in sorted(ROOT.glob("code-examples/apps/*/expected.yml"))]
SERVICES = frozenset({"s3"})
#: Numbers that depend on how many modules, classes and functions there are.
NUMBERS = {"module_id", "class_id", "function_id", "source_path", "receiver_interval"}

pytestmark = pytest.mark.live


def without_numbers(value: Any) -> Any:
    """A value of JSON without what another choice of stubs would number otherwise."""
    if isinstance(value, dict):
        return {key: without_numbers(one) for key, one in value.items() if key not in NUMBERS}
    return [without_numbers(one) for one in value] if isinstance(value, list) else value


def types_in(folder: Path) -> dict[tuple[str, ...], Any]:
    """The type of each expression, and what is called by each call, in the code that is in `folder`."""
    write_settings(folder)
    command = [str(find_programs().pyrefly), "check", "--report-pysa", TYPES, "--report-pysa-format", "json"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    found: dict[tuple[str, ...], Any] = {}
    for file in (folder / TYPES).glob("*/app_*"):
        content = without_numbers(json.loads(file.read_text(encoding="utf-8")))
        module = content["module_name"]
        if file.parent.name == "type_of_expressions":
            for function, table in content["functions"].items():
                for place, number in table["locations"].items():
                    found["type", module, function, place] = table["type_table"][number]
        elif file.parent.name == "call_graphs":
            for function, calls in content["call_graphs"].items():
                found |= {("call", module, function, place): call for place, call in calls.items()}
    shutil.rmtree(folder / TYPES)
    return found


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda file: file.stem)
def test_types_and_calls_are_those_of_the_whole(fixture: Path) -> None:
    with staging_folder() as folder:
        (folder / "app_00").mkdir()
        (folder / MODELS).mkdir()
        shutil.copy(fixture, folder / "app_00")
        write_stubs(folder, SERVICES)
        left = types_in(folder)
        make_whole(folder, SERVICES)
        whole = types_in(folder)
    assert {key: (left.get(key), whole[key]) for key in whole if left.get(key) != whole[key]} == {}
    assert left.keys() == whole.keys()
    assert sum(value.get("string", "Unknown") != "Unknown" for value in whole.values()) > 10


@pytest.fixture(scope="module")
def reports() -> Iterator[tuple[list[str], list[str]]]:
    """What Pysa finds in all examples at once, with the chosen stubs and with all of them."""
    with staging_folder() as folder:
        apps = [stage(number, load_app(path).subject) for number, path in enumerate(EXAMPLES)]
        write_stage(folder, apps)
        write_models(folder, apps)
        written = {word for app in apps for file in app.files.values() for word in re.findall(r"[\w-]+", file.text)}
        left = issues_in(folder)
        make_whole(folder, written)
        yield left, issues_in(folder)


def issues_in(folder: Path) -> list[str]:
    """All issues with their traces, in an order of their own. Every model must be accepted."""
    run_pysa(find_programs(), folder)
    lines = (folder / RESULTS / "taint-output.json").read_text(encoding="utf-8").splitlines()
    assert read_results(folder / RESULTS).model_errors == ()
    shutil.rmtree(folder / RESULTS)
    shutil.rmtree(folder / TYPES)
    return sorted(issues(lines))


def issues(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        entry = json.loads(line)
        if entry.get("kind") == "issue":
            entry["data"].pop("master_handle")  # a sum over the rest, numbers with it
            yield json.dumps(without_numbers(entry["data"]), sort_keys=True)


def test_the_examples_have_the_same_reports(reports: tuple[list[str], list[str]]) -> None:
    left, whole = reports
    assert len(whole) > len(EXAMPLES) / 2
    assert left == whole
