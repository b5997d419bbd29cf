"""What a replay says of flows and edges, for the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sls_lab.events.model import Edge
from sls_lab.report.results import Results
from sls_lab.taint.model import Flow

if TYPE_CHECKING:
    from sls_lab.replay.confirmation import Confirmation

WORDS = {"confirmed": "confirmed", "not-confirmed": "not confirmed", "not-tried": "not tried"}


def confirmation_of(results: Results, flow: Flow) -> Confirmation | None:
    """What became of a flow, or of one that was set aside; None where nothing was replayed."""
    found, report = results.confirmed, results.flows
    if found is None:
        return None
    pairs = [
        *zip(report.flows, found.flows, strict=True),
        *((one.flow, confirmation) for one, confirmation in zip(report.set_aside, found.set_aside, strict=True)),
    ]
    return next((confirmation for one, confirmation in pairs if one is flow), None)


def was_observed(results: Results, edge: Edge) -> bool | None:
    """Whether a replay saw the edge; None where nothing was replayed."""
    if results.confirmed is None or results.confirmed.missing:
        return None
    return any((one.source, one.target) == (edge.source, edge.target) for one in results.confirmed.observed)


def edges_not_drawn(results: Results) -> tuple[str, ...]:
    """The edges that a replay saw and the analysis did not link, in words."""
    if results.confirmed is None:
        return ()
    linked = {(edge.source, edge.target) for edge in results.events.edges if edge.linked}
    seen = [one for one in results.confirmed.observed if (one.source, one.target) not in linked]
    return tuple(
        f"{one.source} wakes {one.target} by {one.service}.{one.api}" + (f" at {one.span.place}" if one.span else "")
        for one in seen
    )
