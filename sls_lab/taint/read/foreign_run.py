"""Import the results of an existing Pysa run, with the sources that it ran on.

Such a run knows neither handlers nor the kit's rules. A flow's `handler` is the function in which the source stands,
and a rule says no more than Pysa stores of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sls_lab.code import Module
from sls_lab.facts import Diagnostic
from sls_lab.python.parsing import parse_text
from sls_lab.rewrite import RewrittenFile
from sls_lab.taint.model import Endpoint, Flow, Rule, TaintReport
from sls_lab.taint.read.flows import joined
from sls_lab.taint.read.paths import FrameHop, FramePath, backward_paths, forward_paths
from sls_lab.taint.read.pysa_output import FunctionModel, Issue, Position, UnknownOutput, read_metadata, read_traces
from sls_lab.taint.read.steps import NoSuchPath, Tracer
from sls_lab.taint.rules import RULES, rule_of
from sls_lab.taint.staging.staged_folder import StagedFile
from sls_lab.template.shared.application_files import read_text

_OUTPUT = "taint-output.json"
_SHARDS = "taint-output@*.json"
_PARTS = re.compile(r"-of-(\d{1,5})\.json$")
_METADATA = "taint-metadata.json"


def read_pysa_output(output: Path, root: Path) -> TaintReport:
    """The flows in `output`, a `taint-output.json` or its folder, with their steps in the files below `root`.

    `root` is the folder that Pysa was run in. Flows through files that are not there are left out, each file with a
    diagnostic, and one more counts the issues of which nothing is shown. Raises UnknownOutput, one sentence with its
    place, where the results cannot be read, are of other sources, or where no flow at all can be shown.
    """
    issues, models = _read(output)
    folder = output if output.is_dir() else output.parent
    metadata = read_metadata(folder / _METADATA) if (folder / _METADATA).is_file() else {}
    titles = metadata.get("codes")
    sources = _Sources(root)
    tracer = Tracer(sources.files, sources.modules)
    found: dict[tuple[int, object, object], list[Flow]] = {}
    lost = 0
    for issue in issues:
        rule = _rule(issue, titles if isinstance(titles, dict) else {})
        flows = list(_flows(issue, models, rule, sources, tracer))
        lost += not flows
        for flow in flows:
            found.setdefault((rule.code, flow.source.span, flow.sink.span), []).append(flow)
    if issues and not found:
        reasons = [diagnostic.message for diagnostic in sources.missing.values()]
        raise UnknownOutput(
            f"{output.name} holds {len(issues)} issues, none of which can be shown: "
            + (reasons[0] if reasons else "their traces have no end")
        )
    told = list(sources.missing.values())
    if lost:
        message = f"{lost} of the {len(issues)} issues: no whole trace leads through the files that are there"
        told.append(Diagnostic("issues-left-out", message))
    version = metadata.get("version")
    return TaintReport(
        tuple(sorted(map(joined, found.values()), key=lambda flow: (flow.source.span, flow.sink.span, flow.rule.code))),
        "recorded",
        {},
        (),
        (),
        tuple(told),
        {"Pysa": str(version)} if version else {},
    )


def _read(output: Path) -> tuple[list[Issue], dict[str, FunctionModel]]:
    """Everything in one file of results, or in the parts that a large run is stored in."""
    files = [output]
    if output.is_dir():
        files = [output / _OUTPUT] if (output / _OUTPUT).exists() else sorted(output.glob(_SHARDS))
        if not files:
            raise UnknownOutput(f"there is no {_OUTPUT} in {output}: give the folder of `--save-results-to`")
        parts = _PARTS.search(files[0].name)
        if parts is not None and len(files) != int(parts[1]):
            raise UnknownOutput(f"{len(files)} of {int(parts[1])} parts of {_OUTPUT} are in {output}: give all of them")
    issues: list[Issue] = []
    models: dict[str, FunctionModel] = {}
    for file in files:
        more_issues, more_models = read_traces(file)
        issues += more_issues
        models |= more_models
    return issues, models


def _rule(issue: Issue, titles: Mapping[str, object]) -> Rule:
    """The kit's own rule where code and title are its, else what Pysa stores."""
    title = str(titles.get(str(issue.code), ""))
    if any(rule.title == title for rule in RULES) and rule_of(issue.code).title == title:
        return rule_of(issue.code)
    name = title or f"rule {issue.code}"
    return Rule(issue.code, name, "unclassified", issue.message or name, "medium", "", "")


def _flows(
    issue: Issue, models: Mapping[str, FunctionModel], rule: Rule, sources: _Sources, tracer: Tracer
) -> Iterator[Flow]:
    for to_source in forward_paths(issue, models):
        for to_sink in backward_paths(issue, models):
            if not sources.hold(to_source) or not sources.hold(to_sink):
                continue
            leaf = to_source[-1]
            try:
                trace = tracer.trace(leaf.callable, to_source, to_sink)
            except NoSuchPath:
                continue
            kinds = leaf.frame.base_kind, to_sink[-1].frame.base_kind
            first = replace(trace.steps[0], note=f"a source of kind {kinds[0]}")
            source = Endpoint(leaf.callable, first.span, first.text, kinds[0])
            sink = Endpoint(leaf.callable, trace.sink.span, trace.sink.text, kinds[1])
            yield Flow(rule, source, sink, (first, *trace.steps[1:]), 0)


class _Sources:
    """The files below a folder that traces lead through, each read when first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files: dict[str, StagedFile] = {}
        self.modules: dict[str, Module] = {}
        self.missing: dict[str, Diagnostic] = {}

    def hold(self, way: FramePath) -> bool:
        """Whether every file on a way can be shown. Raises UnknownOutput where a place on it does not exist."""
        return all(self._holds(hop) for hop in way)

    def _holds(self, hop: FrameHop) -> bool:
        if hop.file not in self.files and hop.file not in self.missing:
            self._load(hop.file)
        if hop.file in self.missing:
            return False
        for position in (hop.frame.position, hop.frame.site):
            self._check(hop.file, position)
        return True

    def _check(self, file: str, position: Position) -> None:
        if not (1 <= position.line <= position.last_line <= self.files[file].lines) or position.start < 0:
            raise UnknownOutput(
                f"{file}:{position.line}: there is no such place in {self._root}: "
                "give the sources as they were when Pysa ran"
            )

    def _load(self, file: str) -> None:
        text = read_text(self._root, file)
        module = text if isinstance(text, Diagnostic) else parse_text(file, text)
        if isinstance(module, Diagnostic):
            self.missing[file] = module
            return
        self.modules[file] = module
        self.files[file] = StagedFile(file, RewrittenFile(file, module.text, module.text, ()))
