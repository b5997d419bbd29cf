"""Analyse cases, with all that is known and with parts of it taken away, and count what is right."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from sls_lab.app import App, analyse, load_app
from sls_lab.bench.cases import Case
from sls_lab.events.model import Knowledge
from sls_lab.facts import UnreadableApplication
from sls_lab.facts.telling import Telling, silent
from sls_lab.scoring import EdgeScore, Score, edge_score, score
from sls_lab.taint.model import TaintReport

Ablation = Literal["permissions", "filters", "environment", "rewriting", "judgement", "storage"]
#: What can be taken away: a kind of knowledge about events, the rewriting, the judgement of what Pysa found, and data
#: that is stored by one handler and read by another.
ABLATIONS: tuple[Ablation, ...] = get_args(Ablation)
_KNOWLEDGE: tuple[Knowledge, ...] = get_args(Knowledge)


@dataclass(frozen=True, slots=True)
class Measured:
    """One case, and how right the analysis is on it: with all that is known, and by what was taken away.

    `seconds` are those of reading it; Pysa runs once for all cases. `problem` says why it could not be read.
    """

    case: Case
    score: Score
    edges: EdgeScore | None
    seconds: float
    without: Mapping[Ablation, Score] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Runs:
    case: Case
    app: App
    seconds: float
    ignoring: Mapping[Ablation, App]


def measure(
    cases: Sequence[Case],
    ablations: Sequence[Ablation] = (),
    *,
    progress: Telling = silent,
    use_cache: bool = True,
) -> tuple[Measured, ...]:
    """Every case in order, all in one run of Pysa. A case that cannot be read has missed everything."""
    runs: dict[str, _Runs] = {}
    problems: dict[str, str] = {}
    for case in cases:
        progress(f"reading {case.name}")
        started = time.perf_counter()
        app = _loaded(case)
        try:
            _ = app.subject
        except UnreadableApplication as error:
            problems[case.name] = str(error)
            continue
        ignoring: dict[Ablation, App] = {name: _loaded(case, name) for name in ablations if name in _KNOWLEDGE}
        runs[case.name] = _Runs(case, app, time.perf_counter() - started, ignoring)
    apps = [run.app for run in runs.values()]
    others = [app for run in runs.values() for app in run.ignoring.values()]
    if apps:
        analyse(apps, progress=progress, use_cache=use_cache, raw="rewriting" in ablations)
    if others:
        analyse(others, progress=progress, use_cache=use_cache)
    return tuple(
        _measured(runs[case.name], ablations) if case.name in runs else _unread(case, problems[case.name])
        for case in cases
    )


def _loaded(case: Case, ignored: str = "") -> App:
    ignore = [one for one in _KNOWLEDGE if one == ignored]
    return replace(load_app(case.path, ignore=ignore), silence=False)


def _measured(run: _Runs, ablations: Sequence[Ablation]) -> Measured:
    wanted = run.case.expectation
    without: dict[Ablation, Score] = {}
    for name in ablations:
        if name in run.ignoring:
            report = run.ignoring[name].flows
        elif name == "rewriting":
            report = run.app.raw_flows
        else:
            report = _less(run.app.flows, name)
        without[name] = score(wanted, report)
    edges = edge_score(wanted, run.app.events)
    return Measured(run.case, score(wanted, run.app.flows), edges, run.seconds, without)


def _less(report: TaintReport, ablation: Ablation) -> TaintReport:
    if ablation == "judgement":
        return replace(report, flows=(*report.flows, *(one.flow for one in report.set_aside)), set_aside=())
    return replace(report, flows=tuple(flow for flow in report.flows if not flow.second_order))


def _unread(case: Case, problem: str) -> Measured:
    missed = len(case.expectation.flows)
    return Measured(case, Score(0, 0, missed, 0, analysed=False), None, 0.0, problem=problem)
