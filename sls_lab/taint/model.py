"""Flows: from what an outsider sends to what must not receive it, step by step in the original files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sls_lab.events.model import EntryKind
from sls_lab.facts import Diagnostic, Reason, Silence, Span

Confidence = Literal["high", "medium", "low"]
StepRole = Literal["source", "propagation", "call", "event", "store", "load", "sink"]
Analysed = Literal["live", "recorded", "not-run"]


@dataclass(frozen=True, slots=True)
class Step:
    """One place that tainted data passes. `note` says in words what happens to the data here."""

    role: StepRole
    handler: str
    span: Span
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What a flow means. `code` is Pysa's number for it."""

    code: int
    name: str
    category: str
    title: str
    severity: Literal["high", "medium", "low"]
    cwe: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A source or a sink: the handler on whose path it is, its place and source, and the kind of taint."""

    handler: str
    span: Span
    text: str
    kind: str
    entry: EntryKind | None = None


_LEVELS: Final[tuple[Confidence, ...]] = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Flow:
    """One pair of source handler and sink place in one category; other paths between them are counted.

    `doubts` say what was taken for granted on the way: an event that may not be raised, a name that was guessed.
    """

    rule: Rule
    source: Endpoint
    sink: Endpoint
    steps: tuple[Step, ...]
    alternatives: int
    second_order: bool = False
    doubts: tuple[Reason, ...] = ()

    @property
    def confidence(self) -> Confidence:
        """`high` without a doubt, `medium` with one, `low` with several."""
        return _LEVELS[min(len(self.doubts), 2)]


@dataclass(frozen=True, slots=True)
class SetAside:
    """A flow that was found and judged harmless. `why` is the reason, with the place that it relies on."""

    flow: Flow
    why: Reason


@dataclass(frozen=True, slots=True)
class SilencedFlow:
    """A flow that a comment or the baseline accepts, and by which."""

    flow: Flow
    why: Silence


def rank(flow: Flow) -> tuple[int, int]:
    """What reports sort by: severity, then confidence, the highest first."""
    return _LEVELS.index(flow.rule.severity), _LEVELS.index(flow.confidence)


def ranked(flows: Iterable[Flow]) -> tuple[Flow, ...]:
    """The flows as reports list them; those of one rank stay in the order in which they are given."""
    return tuple(sorted(flows, key=rank))


@dataclass(frozen=True, slots=True)
class TaintReport:
    """All flows, and what was and was not looked at.

    `flows`, `set_aside` and `silenced` together are all that the analyser found: a flow that is judged harmless is set
    aside with the reason, one that has been accepted is silenced, and none is dropped.
    `unseen` gives, for each handler that was not analysed, the diagnostic that says why. `considered` and `left_out`
    say which sources flows were looked for from. `versions` are those of the tools that ran.
    """

    flows: tuple[Flow, ...]
    analysed: Analysed
    unseen: Mapping[str, Diagnostic]
    considered: tuple[str, ...]
    left_out: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    versions: Mapping[str, str]
    set_aside: tuple[SetAside, ...] = ()
    silenced: tuple[SilencedFlow, ...] = ()
