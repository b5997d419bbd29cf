"""One Pysa run over the tiny programs in `fixtures`; expectations stand in their comments."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pytest

from sls_lab.python.module import Module
from sls_lab.python.parsing import parse_text
from sls_lab.rewrite import PositionMap
from sls_lab.rewrite.analyser.dict_parameters import mapping_edits
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.taint.judge.checks import harmless
from sls_lab.taint.judge.reading import Reading
from sls_lab.taint.read.paths import backward_paths
from sls_lab.taint.read.pysa_output import Issue, Position, PysaResults, read_results
from sls_lab.taint.rules import PLACED, rule_of, taint_config
from sls_lab.taint.run.pysa import MODELS, RESULTS, find_programs, run_pysa
from sls_lab.taint.staging.stub_files import write_stubs

FIXTURES = Path(__file__).parent / "fixtures"
FOLDERS = (resources.files("sls_lab.taint") / "models", resources.files("sls_lab.services") / "pysa")
MODULES = re.compile(r"^# modules: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """What one run found: the kinds of sink for each line of each fixture, and what Pysa said of the models."""

    found: Mapping[tuple[str, int], frozenset[str]]
    model_errors: tuple[str, ...]


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
        handlers = frozenset(
            node.name
            for node in ast.parse(text).body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and [a.arg for a in node.args.args][:1] == ["event"]
        )
        staged = PositionMap(file.name, text, mapping_edits(Draft(file.name, text), handlers)).text
        (folder / file.name).write_text(staged, encoding="utf-8")
        sources += [f"def {file.stem}.{name}(event: TaintSource[UserControlled]): ...\n" for name in sorted(handlers)]
        answering = re.findall(r"^def (answer\w*)\(\)", text, re.MULTILINE)
        sources += [f"def {file.stem}.{name}() -> TaintSink[HttpResponse]: ...\n" for name in answering]
    (models / "sources.pysa").write_text("".join(sources), encoding="utf-8")
    words = {word for text in model_texts().values() for word in re.findall(r"[\w-]+", text)}
    services = {name.removesuffix(".pysa") for name in model_texts()}
    write_stubs(folder, words | services)


def _read(folder: Path) -> Run:
    found: dict[tuple[str, int], set[str]] = {}
    results = read_results(folder)
    modules = {file.name: _parsed(file) for file in FIXTURES.glob("*.py")}
    for issue in results.issues:
        for line, kind in _sinks(issue, results, modules):
            found.setdefault((issue.file, line), set()).add(kind)
    return Run({place: frozenset(kinds) for place, kinds in found.items()}, results.model_errors)


def _parsed(file: Path) -> Module:
    parsed = parse_text(file.name, file.read_text(encoding="utf-8"))
    assert isinstance(parsed, Module)
    return parsed


def _sinks(issue: Issue, results: PysaResults, modules: Mapping[str, Module]) -> Iterator[tuple[int, str]]:
    """The line in the issue's function from which each sink is reached, and its kind."""
    rule = rule_of(issue.code)
    if rule.name in PLACED:  # of data that was quoted: the place is judged elsewhere
        return
    for path in backward_paths(issue, results.models):
        last = path[-1]
        if rule.name == "HttpResponse":
            yield last.frame.position.line, rule.name
            continue
        call = _call_with(modules[last.file].tree, last.frame.position)
        if call is not None and harmless(rule, call, Reading(call, modules[last.file])) is None:
            first = _call_with(modules[issue.file].tree, path[0].frame.position)
            yield (first or call).lineno, rule.name


def _call_with(tree: ast.Module, place: Position) -> ast.Call | None:
    """The innermost call one of whose arguments, or whose receiver, stands at a place."""
    holding = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and any(
            (part.lineno, part.col_offset) <= (place.line, place.start)
            and (place.line, place.end) <= (part.end_lineno or 0, part.end_col_offset or 0)
            for part in (
                *node.args,
                *(keyword.value for keyword in node.keywords),
                *([node.func.value] if isinstance(node.func, ast.Attribute) else []),
            )
        )
    ]
    return max(holding, key=lambda node: (node.lineno, node.col_offset), default=None)
