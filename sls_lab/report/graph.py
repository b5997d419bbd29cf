"""The event graph as a picture has it: what wakes handlers, the handlers, and the resources between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sls_lab.events.model import Edge
from sls_lab.report.display import one_line
from sls_lab.report.edges import call_words, edge_lines, resource_words, station_words, trigger_words, waking_words
from sls_lab.report.handlers import HandlerRow, linked_rows
from sls_lab.report.results import Linked
from sls_lab.template.model import Trigger

NodeKind = Literal["handler", "public", "outside", "resource", "unknown"]
ArrowKind = Literal["certain", "uncertain", "failing"]


@dataclass(frozen=True, slots=True)
class Node:
    """`handler`, `public` (the outside world), `outside` (a clock, or what no handler of ours writes to), `resource`,
    or `unknown` (a target that could not be resolved).

    `key` is unique in the graph. `label` may have several lines; it is visible text, not yet escaped for any format.
    """

    key: str
    kind: NodeKind
    label: str
    handler: str | None = None
    entry: str | None = None
    analysed: bool = True


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, by their keys. `failing` is an event that wakes nobody; `label` says why."""

    source: str
    target: str
    label: str
    kind: ArrowKind


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and arrows in a stable order; `title` names the application."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def event_graph(results: Linked, *, everything: bool = False) -> Graph:
    """The graph of one application; `everything` also has the events that wake no handler.

    A resource stands once for each set of calls that reach it, so that every path through it is an edge that holds:
    a call whose object one of two listeners filters out is not drawn through the node they would share.
    """
    builder = _Builder()
    rows = linked_rows(results)
    for row in rows:
        builder.add_handler(row)
    linked = [edge for edge in results.events.edges if edge.linked]
    builder.add_links(linked)
    woken = {(edge.target, edge.trigger.type, edge.trigger.span) for edge in linked if edge.trigger}
    for row in rows:
        for trigger in row.triggers:
            if (row.name, trigger.type, trigger.span) not in woken:
                builder.add_outside(row, trigger)
    if everything:
        builder.add_failing(edge for edge in results.events.edges if not edge.linked)
    return Graph(one_line(results.name), tuple(builder.nodes.values()), tuple(dict.fromkeys(builder.arrows)))


class _Builder:
    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.arrows: list[Arrow] = []

    def add(self, node: Node) -> str:
        self.nodes.setdefault(node.key, node)
        return node.key

    def add_handler(self, row: HandlerRow) -> None:
        place = f"{row.file}:{row.line}" if row.file and row.line else "not analysed"
        label = f"{one_line(row.name)}\n{one_line(place)}"
        self.add(Node(_handler(row.name), "handler", label, row.name, row.entry, row.analysed))

    def add_outside(self, row: HandlerRow, trigger: Trigger) -> None:
        kind: NodeKind = "public" if row.entry == "public" and trigger.service is None else "outside"
        words = trigger_words(trigger)
        node = self.add(Node(f"trigger:{kind}:{words}", kind, words))
        self.arrows.append(Arrow(node, _handler(row.name), "", "certain"))

    def add_links(self, edges: Iterable[Edge]) -> None:
        """Group the edges of each listener by resource; listeners that the same calls reach share one node."""
        reaching: dict[tuple[str, str, str], list[Edge]] = defaultdict(list)
        variants: dict[tuple[str, str], list[object]] = defaultdict(list)
        for edge in edges:
            resource = resource_words(edge)
            if resource is None:
                self.arrows.append(Arrow(_handler(edge.source), _target(edge), call_words(edge), _kind(edge)))
            else:
                reaching[edge.service, resource, _target(edge)].append(edge)
        for (service, resource, target), calls in reaching.items():
            callers = tuple(dict.fromkeys((edge.source, call_words(edge), _kind(edge)) for edge in calls))
            known = variants[service, resource]
            if callers not in known:
                known.append(callers)
            key = f"resource:{service}:{resource}" + (f"#{known.index(callers) + 1}" if known[0] != callers else "")
            node = self.add(Node(key, "resource", f"{one_line(service)}\n{resource}"))
            for source, words, kind in callers:
                self.arrows.append(Arrow(_handler(source), node, words, kind))
            stations = tuple(dict.fromkeys(station for edge in calls for station in station_words(edge)))
            sure: ArrowKind = "certain" if any(edge.certain for edge in calls) else "uncertain"
            words = "via " + ", ".join(stations) if stations else ""
            self.arrows.append(Arrow(node, target, words, sure))

    def add_failing(self, edges: Iterable[Edge]) -> None:
        for edge in edges:
            target = _target(edge)
            if edge.target is None:
                self.add(Node(target, "unknown", "?"))
            self.arrows.append(Arrow(_handler(edge.source), target, f"{call_words(edge)}\n{edge.status}", "failing"))


def _handler(name: str) -> str:
    return f"handler:{name}"


def _target(edge: Edge) -> str:
    return "unknown:" if edge.target is None else _handler(edge.target)


def _kind(edge: Edge) -> ArrowKind:
    return "certain" if edge.certain else "uncertain"


def as_lines(results: Linked, *, everything: bool = False) -> str:
    """The graph in words: each handler, what wakes it, and what it wakes."""
    holding, failing = edge_lines(results.events)
    lines: list[str] = []
    for row in linked_rows(results):
        missing = "" if row.analysed else "  NOT ANALYSED"
        lines.append(f"{one_line(row.name)}  [{row.entry}]{missing}")
        lines.extend(f"  <-- {words}" for words in waking_words(results, row.name))
        for line in holding:
            if line.edge.source == row.name:
                arrow = "-->" if line.edge.certain else "-?>"
                lines.append(f"  {arrow} {line.target}  {line.call}  {line.place}".rstrip())
        for line in failing if everything else ():
            if line.edge.source == row.name:
                lines.append(f"  -/> {line.target}  {line.call}  {line.place}  {line.verdict}".rstrip())
    if failing and not everything:
        lines.append(f"({len(failing)} calls that wake no handler are left out; --all shows them)")
    return "\n".join(lines) + "\n"
