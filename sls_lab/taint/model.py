"""Flows: from what an outsider sends to what must not receive it, step by step in the original files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sls_lab.events.model import EntryKind
from sls_lab.facts import Diagnostic, Span

StepRole = Literal["source", "propagation", "call", "event", "store", "sink"]
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
    """A source or a sink: the handler on whose path it lies, the place, the text there and the kind of taint."""

    handler: str
    span: Span
    text: str
    kind: str
    entry: EntryKind | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One pair of source handler and sink place in one category; other paths between them are counted."""

    rule: Rule
    source: Endpoint
    sink: Endpoint
    steps: tuple[Step, ...]
    alternatives: int
    second_order: bool = False


@dataclass(frozen=True, slots=True)
class TaintReport:
    """All flows, and what was and was not looked at.

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
