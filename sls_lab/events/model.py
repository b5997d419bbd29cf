"""Which call wakes which handler, and why, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sls_lab.code.model import BotoCall
from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.services.model import Raised
from sls_lab.template.model import Relay, State, Trigger

Status = Literal["linked", "denied", "filtered", "unresolved"]
EntryKind = Literal["public", "internal", "external", "deployment"]
Knowledge = Literal["permissions", "filters", "environment"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One event that one handler may raise and another may be woken by.

    `source` and `target` are function names; `target` is None where it is unknown. `api` is the method as written at
    `call`, or `next` (with no call) between task states of a state machine. `certain` is False where a name, filter
    or permission could not be decided. `via` names the stations between them, `relays` are the declared paths, `raised`
    the events of the call that arrive. `states` lead through a state machine to the woken task: from where it starts,
    or from the task that ended. Where a state sends the event itself, `sent` leads to it in the same way; `trigger`,
    `relays` and `states` are then those after it.
    """

    source: str
    target: str | None
    service: str
    api: str
    status: Status
    certain: bool
    call: BotoCall | None
    trigger: Trigger | None
    via: tuple[str, ...]
    because: tuple[Reason, ...]
    relays: tuple[Relay, ...] = ()
    raised: tuple[Raised, ...] = ()
    states: tuple[State, ...] = ()
    sent: tuple[State, ...] = ()

    @property
    def span(self) -> Span | None:
        """Where the call is in the code."""
        return self.call.span if self.call else None

    @property
    def is_outcome(self) -> bool:
        """Whether it is a function's outcome, not a call, that wakes the target."""
        return self.call is None and not self.states and not self.sent

    @property
    def way(self) -> tuple[State, ...]:
        """The states of the machine that was started, or whose task ended."""
        return self.sent or self.states

    @property
    def linked(self) -> bool:
        """Whether the event is delivered."""
        return self.status == "linked"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who can wake a handler; the most exposed trigger decides."""

    kind: EntryKind
    because: tuple[Reason, ...]

    @property
    def doubt(self) -> Reason | None:
        """What is taken for granted of whoever wakes it, None where it needs nothing."""
        return self.because[0] if self.because and all(one.kind == "doubt" for one in self.because) else None


@dataclass(frozen=True, slots=True)
class EventGraph:
    """All edges, those that do not hold included, and each handler's entry."""

    edges: tuple[Edge, ...]
    entries: Mapping[str, Entry]
    ignored: frozenset[Knowledge]
    diagnostics: tuple[Diagnostic, ...]
