"""An edge as JSON: the same keys for one that was predicted and one that was observed, so that they can be compared."""

from __future__ import annotations

from typing import Protocol

from sls_lab.facts import Span
from sls_lab.facts.json_places import Json, place


class Wakes(Protocol):
    """One handler that wakes another, as predicted or as seen."""

    @property
    def source(self) -> str:
        """The handler that raises the event."""

    @property
    def target(self) -> str | None:
        """The handler that is woken, None where it is unknown."""

    @property
    def service(self) -> str:
        """The service that wakes it."""

    @property
    def api(self) -> str:
        """The method that is called."""

    @property
    def span(self) -> Span | None:
        """Where the call is, None where there is none."""


def edge_object(edge: Wakes) -> Json:
    """The ends of an edge, and the call that it stands for."""
    return {"from": edge.source, "to": edge.target, "service": edge.service, "api": edge.api, **place(edge.span)}
