"""The example applications as the slides need them, each read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sls_lab import App, analyse, load_app
from sls_lab.scoring import Expectation, read_expectation, score
from sls_lab.taint import Flow, TaintReport, trace_taint

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "code-examples" / "apps"
LIMITS = ROOT / "code-examples" / "limits"


@cache
def example(name: str) -> App:
    """One application of `code-examples/apps` or `code-examples/limits`."""
    return load_app(next(folder / name for folder in (APPS, LIMITS) if (folder / name).is_dir()))


def traced(name: str) -> App:
    """An application with its flows, those of the files as they are written too."""
    _trace_all()
    return example(name)


@cache
def _trace_all() -> None:
    """Run Pysa on all applications at once, and once more without the rewriting: its start costs more than they do."""
    apps = [example(file.parent.name) for folder in (APPS, LIMITS) for file in sorted(folder.glob("*/expected.yml"))]
    analyse(apps)
    for app, report in zip(apps, trace_taint([app.raw_subject for app in apps]), strict=True):
        app.raw_flows = report


def only_flow(name: str) -> Flow:
    """The flow of an application that has one. Raises ValueError where it has none, or several."""
    (flow,) = traced(name).flows.flows
    return flow


@dataclass(frozen=True, slots=True)
class Found:
    """How many of the expected flows were found, and how many of those that lead from one handler to another."""

    flows: int
    across: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What the analysis finds in all applications, compared with what is expected of them.

    `alone` is what is found in the files as they are written, where no event leads from handler to handler. `absent`
    counts the places that must stay clean, `false` the flows that nobody expects.
    """

    apps: int
    expected: Found
    alone: Found
    linked: Found
    absent: int
    false: int


@cache
def measured() -> Measured:
    """The figures of today."""
    apps = [traced(file.parent.name) for file in sorted(APPS.glob("*/expected.yml"))]
    wanted = [read_expectation(app.path) for app in apps]
    linked = [app.flows for app in apps]
    flows = [flow for one in wanted for flow in one.flows]
    return Measured(
        apps=len(apps),
        expected=Found(len(flows), sum(flow.crosses for flow in flows)),
        alone=_found(wanted, [app.raw_flows for app in apps]),
        linked=_found(wanted, linked),
        absent=sum(len(one.absent) for one in wanted),
        false=sum(score(one, report).false for one, report in zip(wanted, linked, strict=True)),
    )


def _found(wanted: Sequence[Expectation], reports: Sequence[TaintReport]) -> Found:
    seen = [
        flow
        for one, report in zip(wanted, reports, strict=True)
        for flow in one.flows
        if any(map(flow.is_met_by, report.flows))
    ]
    return Found(len(seen), sum(flow.crosses for flow in seen))
