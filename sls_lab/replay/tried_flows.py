"""What became of an application's flows when attacks were replayed, in a row each; recorded for the kit's examples."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from sls_lab.events.model import EventGraph
from sls_lab.replay.confirmation import Confirmation, ConfirmationStatus, Confirmed
from sls_lab.taint.model import Flow, TaintReport

FILE: Final = "recorded_flows.json"


@dataclass(frozen=True, slots=True)
class TriedFlow:
    """One flow that the analysis reports: where it begins and ends, and what became of attacks on it."""

    handler: str
    sink: str
    title: str
    status: ConfirmationStatus
    why: str


@dataclass(frozen=True, slots=True)
class TriedApp:
    """`predicted` are the edges that the event graph draws, `observed` those that were seen.

    `unreported` are the places that an attack reached and at which no flow ends. `missing` is the module without which
    nothing was replayed.
    """

    flows: tuple[TriedFlow, ...]
    predicted: tuple[tuple[str, str], ...]
    observed: tuple[tuple[str, str], ...]
    unreported: tuple[str, ...]
    missing: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form in which it is recorded."""
        return asdict(self)


def tried_app(report: TaintReport, events: EventGraph, confirmed: Confirmed) -> TriedApp:
    """A report, held against what happened."""
    return TriedApp(
        tuple(_tried(flow, one) for flow, one in zip(report.flows, confirmed.flows, strict=True)),
        tuple(sorted({(edge.source, edge.target) for edge in events.edges if edge.linked and edge.target})),
        tuple(sorted({(edge.source, edge.target) for edge in confirmed.observed})),
        tuple(danger.span.place for danger in confirmed.unreported if danger.span is not None),
        confirmed.missing,
    )


def _tried(flow: Flow, confirmation: Confirmation) -> TriedFlow:
    return TriedFlow(flow.source.handler, flow.sink.span.place, flow.rule.title, confirmation.status, confirmation.why)


def recorded_app(name: str) -> TriedApp | None:
    """What is recorded of one of the kit's examples; None where nothing is."""
    found = _all().get(name)
    return None if found is None else _restored(found)


def _restored(found: Mapping[str, Any]) -> TriedApp:
    return TriedApp(
        tuple(TriedFlow(**flow) for flow in found["flows"]),
        tuple((source, target) for source, target in found["predicted"]),
        tuple((source, target) for source, target in found["observed"]),
        tuple(found["unreported"]),
        found["missing"],
    )


@cache
def _all() -> dict[str, dict[str, Any]]:
    text = resources.files("sls_lab.replay").joinpath(FILE).read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found
