"""Run what users would pick instead on the same applications: Bandit, Semgrep with rules of ours, and Pysa as it comes.

Each function takes applications by name and answers where the tool reports something: in which application, in which
file of it, and on which lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sls_lab
from sls_lab.taint.read.paths import backward_paths
from sls_lab.taint.read.pysa_output import read_results
from sls_lab.taint.rules import USER_CONTROLLED
from sls_lab.taint.run.pysa import MODELS, RESULTS, find_programs, write_settings
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.staging.staged_folder import StagedApp, stage, write_stage

HERE = Path(__file__).resolve().parent
#: Where `make compare` installs Bandit and Semgrep, whose own requirements are not the kit's.
TOOLS = HERE.parent / ".cache" / "compare"
#: What the models that come with Pysa are about; they are installed beside its programs.
PYSA_MODELS = Path(sys.prefix) / "lib" / "pyre_check" / "taint"


@dataclass(frozen=True, slots=True)
class Report:
    """A place that a tool reports: its lines, from 1, in a file of an application, by its path there."""

    application: str
    file: str
    line: int
    end_line: int


def run_sls_lab(applications: Mapping[str, Path]) -> list[Report]:
    """The sinks of all flows that sls-lab finds, analysed anew."""
    command = [sys.executable, "-m", "sls_lab", "analyse", "--no-cache", "-q", "--format", "json"]
    answers = json.loads(_output([*command, *map(str, applications.values())]))
    return [
        Report(name, flow["sink"]["file"], flow["sink"]["line"], flow["sink"]["end_line"])
        for name, answer in zip(applications, answers if isinstance(answers, list) else [answers], strict=True)
        for flow in answer["flows"]
    ]


def run_bandit(applications: Mapping[str, Path]) -> list[Report]:
    """All that Bandit reports with its default rules."""
    command = [str(TOOLS / "bin" / "bandit"), "--quiet", "--recursive", "--exit-zero", "--format", "json"]
    found = json.loads(_output([*command, *map(str, applications.values())]))["results"]
    return list(located(applications, ((one["filename"], one["line_number"], one["line_range"][-1]) for one in found)))


def run_semgrep(applications: Mapping[str, Path]) -> list[Report]:
    """What Semgrep reports with the rules in `semgrep.yml`; it neither fetches nor sends anything."""
    command = [str(TOOLS / "bin" / "semgrep"), "scan", "--config", str(HERE / "semgrep.yml"), "--json", "--quiet"]
    command += ["--metrics", "off", "--disable-version-check", "--no-git-ignore"]
    found = json.loads(_output([*command, *map(str, applications.values())]))["results"]
    return list(located(applications, ((one["path"], one["start"]["line"], one["end"]["line"]) for one in found)))


def run_pysa_as_it_comes(applications: Mapping[str, Path]) -> list[Report]:
    """What Pysa reports on rewritten copies with the models that come with it, events of public handlers as sources."""
    apps = {
        name: stage(number, sls_lab.load_app(path).subject) for number, (name, path) in enumerate(applications.items())
    }
    programs = find_programs()
    with staging_folder() as folder:
        write_stage(folder, list(apps.values()))
        write_settings(folder)
        (folder / MODELS).mkdir()
        (folder / MODELS / "sources.pysa").write_text("".join(_sources(list(apps.values()))), encoding="utf-8")
        settings = {"source_directories": ["."], "taint_models_path": [str(PYSA_MODELS), MODELS], "strict": False}
        (folder / ".pyre_configuration").write_text(json.dumps(settings), encoding="utf-8")
        command = [str(programs.pysa.with_name("pyre")), "--noninteractive", "analyze", "--no-verify"]
        command += ["--save-results-to", RESULTS]
        _output(command, folder, str(programs.pysa.parent))
        return list(_sinks(folder / RESULTS, apps))


def _sources(apps: Sequence[StagedApp]) -> Iterator[str]:
    """A model for each public handler. Where two functions of a template share one, it has one."""
    models = {}
    for app in apps:
        for name in app.handlers:
            if app.subject.events.entries[name].kind in app.subject.sources:
                for receiver, callable_name in app.sources(name):
                    event = next(iter(receiver.parameters), "")
                    if event:
                        models[callable_name] = f"def {callable_name}({event}: TaintSource[{USER_CONTROLLED}]): ...\n"
    yield from models.values()


def _sinks(results: Path, apps: Mapping[str, StagedApp]) -> Iterator[Report]:
    """Where in the original files the issues of a run end."""
    read = read_results(results)
    staged = {path: (name, file) for name, app in apps.items() for path, file in app.files.items()}
    for issue in read.issues:
        for path in backward_paths(issue, read.models):
            name, file = staged[path[-1].file]
            place = path[-1].frame.position
            origin = file.origin(file.offset(place.line, place.start), file.offset(place.line, place.end))
            yield Report(name, origin.file, origin.line, origin.end_line)


def located(applications: Mapping[str, Path], found: Iterator[tuple[str, int, int]]) -> Iterator[Report]:
    """Reports by the paths of files on this machine."""
    folders = {path.resolve(): name for name, path in applications.items()}
    for file, line, end_line in found:
        resolved = Path(file).resolve()
        folder = next((parent for parent in resolved.parents if parent in folders), None)
        if folder is not None:
            yield Report(folders[folder], resolved.relative_to(folder).as_posix(), line, end_line)


def _output(command: list[str], folder: Path | None = None, programs: str = "") -> str:
    environment = {**os.environ, "PATH": os.pathsep.join(filter(None, (programs, os.environ.get("PATH", ""))))}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-500:]}")
    return done.stdout
