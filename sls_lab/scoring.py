"""How good an analysis is: its flows against those that an application is known to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sls_lab.events.model import EventGraph
from sls_lab.facts import SlsLabError
from sls_lab.taint.model import Flow, TaintReport

FILE_NAME = "expected.yml"


class UnusableExpectation(SlsLabError):
    """There is no `expected.yml`, or it does not say what it should."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A flow as `expected.yml` names it: a sink by file and line, and where given its handler and the source.

    `source` is a handler with its file; where only a handler is known, it is `source_handler`.
    Where `second_order` is given, the flow comes through a store, or does not.
    """

    file: str
    line: int
    handler: str | None = None
    source: tuple[str, str] | None = None
    source_handler: str | None = None
    second_order: bool | None = None

    @property
    def crosses(self) -> bool:
        """Whether it leads from one handler to another."""
        return self.source is not None and self.handler is not None and self.source[0] != self.handler

    def is_met_by(self, flow: Flow) -> bool:
        """Whether `flow` is this one; `line` may be any line of the call at the sink."""
        sink, source = flow.sink, flow.source
        return (
            sink.span.file == self.file
            and sink.span.line <= self.line <= sink.span.end_line
            and self.handler in (None, sink.handler)
            and self.source in (None, (source.handler, source.span.file))
            and self.source_handler in (None, source.handler)
            and self.second_order in (None, flow.second_order)
        )


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is true of one application: its flows, flows that may be argued about, and sinks that no flow reaches.

    `edges` are the events between handlers, each as (from, to, service, method); None where they are not told.
    """

    flows: tuple[Wanted, ...]
    optional: tuple[Wanted, ...]
    absent: tuple[Wanted, ...]
    edges: frozenset[tuple[str, str, str, str]] | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Flows found that are true, found that are not, and true ones that were missed; `clean` are sinks rightly silent.

    What may be argued about counts nowhere. Where an application was not analysed, `analysed` is False and all its
    flows count as missed: a tool that gives no answer has not found anything.
    """

    true: int
    false: int
    missed: int
    clean: int
    analysed: bool = True

    def __add__(self, other: Score) -> Score:
        return Score(
            self.true + other.true,
            self.false + other.false,
            self.missed + other.missed,
            self.clean + other.clean,
            self.analysed and other.analysed,
        )

    @property
    def precision(self) -> float | None:
        """The part of what was found that is true; None where nothing was found."""
        found = self.true + self.false
        return self.true / found if found else None

    @property
    def recall(self) -> float | None:
        """The part of what is true that was found; None where nothing is true."""
        there = self.true + self.missed
        return self.true / there if there else None


def read_expectation(folder: Path) -> Expectation:
    """What `expected.yml` in `folder` says. Raises UnusableExpectation."""
    file = folder / FILE_NAME
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Expectation(
            tuple(map(_wanted, data["flows"])),
            tuple(map(_wanted, data.get("optional_flows") or ())),
            tuple(map(_wanted, data.get("absent") or ())),
            _edges(data["edges"]) if data.get("edges") is not None else None,
        )
    except FileNotFoundError as error:
        raise UnusableExpectation(f"{folder.name} has no {FILE_NAME}: nothing says what is true of it") from error
    except KeyError as error:
        missing = f"it has an entry without `{error.args[0]}`"
        raise UnusableExpectation(f"{folder.name}/{FILE_NAME} does not say what it should: {missing}") from error
    except (OSError, ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise UnusableExpectation(f"{folder.name}/{FILE_NAME} does not say what it should: {error}") from error


def score(expectation: Expectation, report: TaintReport) -> Score:
    """The report against what is true."""
    allowed = (*expectation.flows, *expectation.optional)
    true = sum(_found(wanted, report.flows) for wanted in expectation.flows)
    return Score(
        true=true,
        false=sum(not any(wanted.is_met_by(flow) for wanted in allowed) for flow in report.flows),
        missed=len(expectation.flows) - true,
        clean=sum(not _found(wanted, report.flows) for wanted in expectation.absent),
        analysed=report.analysed != "not-run",
    )


@dataclass(frozen=True, slots=True)
class EdgeScore:
    """Events between handlers that were found and are there, found and not there, and there but not found."""

    true: int
    false: int
    missed: int


def edge_score(expectation: Expectation, events: EventGraph) -> EdgeScore | None:
    """The linked edges against those that are true, None where nothing says which are."""
    if expectation.edges is None:
        return None
    linked = {(edge.source, edge.target, edge.service, edge.api) for edge in events.edges if edge.linked}
    found = {(source, target, service, api) for source, target, service, api in linked if target is not None}
    true = len(found & expectation.edges)
    return EdgeScore(true, len(found) - true, len(expectation.edges) - true)


def _edges(data: Iterable[Mapping[str, Any]]) -> frozenset[tuple[str, str, str, str]]:
    return frozenset((edge["from"], edge["to"], edge["service"], edge["api"]) for edge in data)


def _found(wanted: Wanted, flows: Iterable[Flow]) -> bool:
    return any(wanted.is_met_by(flow) for flow in flows)


def _wanted(data: Mapping[str, Any]) -> Wanted:
    sink, source = data["sink"], data.get("source")
    begins = (source["handler"], source["file"]) if source else None
    return Wanted(sink["file"], sink["line"], sink.get("handler"), begins, second_order=data.get("second_order"))
