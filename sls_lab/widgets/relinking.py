"""The events of an application with kinds of knowledge left out, beside those that it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sls_lab.app import App
from sls_lab.code.model import Code
from sls_lab.events import EventGraph, Knowledge, link_events
from sls_lab.events.model import Edge
from sls_lab.template.model import Template

EVERYTHING_KNOWN: frozenset[Knowledge] = frozenset()


@dataclass(frozen=True, slots=True)
class Relinked:
    """The first three results of an application, the third without some knowledge.

    `new` are the numbers of edges that hold only for want of it, `doubted` of those that are certain with it.
    """

    name: str
    template: Template
    code: Code
    events: EventGraph
    new: frozenset[int]
    doubted: frozenset[int]


class Relinking:
    """Links the events of one application again, without touching it; each set of ignored knowledge once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._done: dict[frozenset[Knowledge], Relinked] = {}

    def without(self, ignored: frozenset[Knowledge]) -> Relinked:
        """The application's events with these kinds of knowledge left out."""
        if ignored not in self._done:
            events = self._link(ignored)
            new = {
                number
                for number, edge in enumerate(events.edges)
                if edge.linked and identity(edge) not in self._holding
            }
            doubted = {
                number
                for number, edge in enumerate(events.edges)
                if edge.linked and not edge.certain and self._holding.get(identity(edge), False)
            }
            app = self._app
            self._done[ignored] = Relinked(app.name, app.template, app.code, events, frozenset(new), frozenset(doubted))
        return self._done[ignored]

    def _link(self, ignored: frozenset[Knowledge]) -> EventGraph:
        app = self._app
        return app.events if ignored == app.ignore else link_events(app.template, app.code, ignored)

    @cached_property
    def _holding(self) -> Mapping[object, bool]:
        """The edges that hold with all that is known, each with whether it is certain."""
        edges = self._link(EVERYTHING_KNOWN).edges
        return {identity(edge): edge.certain for edge in edges if edge.linked}


def identity(edge: Edge) -> tuple[Any, ...]:
    """What makes it the same edge in two event graphs of the same code: its call and the way to its target."""
    call = id(edge.call.node) if edge.call else edge.states[0].name if edge.states else None
    last = edge.states[-1].name if edge.states else None
    return edge.source, call, edge.target, edge.via, id(edge.trigger), last
