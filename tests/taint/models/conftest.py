"""One Pysa run over the tiny programs in `fixtures`; expectations stand in their comments."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from sls_lab.taint.checks import harmless
from sls_lab.taint.pysa import MODELS, RESULTS, STUBS, find_programs, run_pysa
from sls_lab.taint.rules import rule_of, taint_config
from sls_lab.taint.stubbing import write_stubs

FIXTURES = Path(__file__).parent / "fixtures"
FOLDERS = (resources.files("sls_lab.taint") / "models", resources.files("sls_lab.services") / "pysa")
MODULES = re.compile(r"^# modules: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What one run found: the kinds of sink for each line of each fixture, and what Pysa said of the models."""

    found: Mapping[tuple[str, int], frozenset[str]]
    model_errors: list[object]


def model_texts() -> dict[str, str]:
    """The text of every model file, by its name without `.pysa`."""
    files = [file for folder in FOLDERS for file in folder.iterdir() if file.name.endswith(".pysa")]
    return {file.name.removesuffix(".pysa"): file.read_text(encoding="utf-8") for file in files}


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("stage")
    _stage(folder)
    run_pysa(find_programs(), folder)
    return _read(folder / RESULTS)


def _stage(folder: Path) -> None:
    models = folder / MODELS
    models.mkdir()
    (models / "taint.config").write_text(json.dumps(taint_config()), encoding="utf-8")
    modules = set()
    for name, text in model_texts().items():
        (models / f"{name}.pysa").write_text(text, encoding="utf-8")
        declared = MODULES.search(text)
        modules |= set(declared[1].split(", ")) if declared else {name}
    support = resources.files("sls_lab.taint") / "support"
    (models / "support.pysa").write_text((support / "support.pysa").read_text("utf-8"), encoding="utf-8")
    (folder / "sls_lab_support.py").write_text((support / "sls_lab_support.py").read_text("utf-8"), encoding="utf-8")
    imports = "".join(f"import {module}\n" for module in sorted(modules))
    (folder / "sls_lab_environment.py").write_text(imports, encoding="utf-8")
    sources = []
    for file in sorted(FIXTURES.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(text, encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.args.args[:1]:
                if node.args.args[0].arg == "event":
                    sources.append(f"def {file.stem}.{node.name}(event: TaintSource[UserControlled]): ...\n")
    (models / "sources.pysa").write_text("".join(sources), encoding="utf-8")
    words = {word for text in model_texts().values() for word in re.findall(r"[\w-]+", text)}
    services = {name.removesuffix(".pysa") for name in model_texts()}
    write_stubs(folder / STUBS, words | services)


def _read(results: Path) -> Run:
    found: dict[tuple[str, int], set[str]] = {}
    trees = {file.name: ast.parse(file.read_text(encoding="utf-8")) for file in FIXTURES.glob("*.py")}
    with (results / "taint-output.json").open(encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines if line.strip()]
    for entry in entries:
        if entry.get("kind") == "issue":
            file, tree = entry["data"]["filename"], trees[entry["data"]["filename"]]
            for line, kind in _sinks(entry["data"], tree):
                found.setdefault((file, line), set()).add(kind)
    metadata = json.loads((results / "taint-metadata.json").read_text(encoding="utf-8"))
    errors = metadata["stats"].get("model_verification_errors", [])
    return Run({place: frozenset(kinds) for place, kinds in found.items()}, errors)


def _sinks(issue: dict[str, Any], tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and kind of each sink of an issue: that of the sink's own call, else of the call that leads to it."""
    rule = rule_of(issue["code"])
    calls = {
        f"{node.lineno}:{node.col_offset}-{node.end_lineno}:{node.end_col_offset}": node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    (backward,) = (trace for trace in issue["traces"] if trace["name"] == "backward")
    for root in backward["roots"]:
        call = calls.get(root["call"]["call_site"] if "call" in root else root["call_site"])
        if call is None:
            yield issue["line"], rule.name
        elif "call" in root or harmless(rule, call, tree) is None:
            yield call.lineno, rule.name
