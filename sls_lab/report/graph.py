"""The event graph as a picture has it: what wakes handlers, the handlers, and the resources between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sls_lab.events.model import Edge, EntryKind
from sls_lab.linked import Linked
from sls_lab.report.display import one_line
from sls_lab.report.edges import (
    STATUS_WORDS,
    call_words,
    edge_lines,
    resource_words,
    station_words,
    trigger_words,
    waking_words,
)
from sls_lab.report.handlers import HandlerRow, linked_rows
from sls_lab.template.model import Trigger

NodeKind = Literal["handler", "public", "outside", "resource", "unknown"]
ArrowKind = Literal["certain", "uncertain", "failing"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """`handler`, `public` (the outside world), `outside` (a clock, or what no handler of ours writes to), `resource`,
    or `unknown` (a target that could not be resolved).

    `key` is unique in the graph. `label` may have several lines; it is visible text, not yet escaped for any format.
    """

    key: str
    kind: NodeKind
    label: str
    handler: str | None = None
    entry: EntryKind | None = None
    analysed: bool = True

    @property
    def name(self) -> str:
        """What the label says of it in one line."""
        return self.label.split("\n")[0 if self.kind == "handler" else -1]


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one node to another, by their keys. `failing` is an event that wakes no handler; `label` says why.

    `edges` are the edges that it represents, by their numbers in the event graph (none where it leads from the outside
    world); an edge through a resource is two arrows. `new` are those that the caller had marked, all of them.
    """

    source: str
    target: str
    label: str
    kind: ArrowKind
    edges: tuple[int, ...] = ()
    new: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and arrows in a stable order; `title` names the application."""

    title: str
    nodes: tuple[GraphNode, ...]
    arrows: tuple[Arrow, ...]


def event_graph(results: Linked, *, everything: bool = False, new: Collection[int] = ()) -> Graph:
    """The graph of one application; `everything` also has the events that wake no handler.

    `new` are the numbers of edges to mark with a plus. A resource is drawn once for each set of calls that reach it, so
    that every path through it is an edge that holds: a call whose object one of two listeners filters out is not drawn
    through the node they would share.
    """
    builder = _GraphBuilder(frozenset(new))
    rows = linked_rows(results)
    for row in rows:
        builder.add_handler(row)
    edges = tuple(enumerate(results.events.edges))
    builder.add_links((number, edge) for number, edge in edges if edge.linked)
    woken = {(edge.target, edge.trigger.type, edge.trigger.span) for _, edge in edges if edge.linked and edge.trigger}
    for row in rows:
        for trigger in row.triggers:
            if (row.name, trigger.type, trigger.span) not in woken:
                builder.add_outside(row, trigger)
    if everything:
        builder.add_failing((number, edge) for number, edge in edges if not edge.linked)
    return Graph(one_line(results.name), tuple(builder.nodes.values()), tuple(builder.arrows.values()))


def simplified(graph: Graph) -> Graph:
    """The same graph small: names alone, nothing at the arrows."""
    return Graph(
        graph.title,
        tuple(replace(node, label=node.name) for node in graph.nodes),
        tuple(replace(arrow, label="") for arrow in graph.arrows),
    )


def around(graph: Graph, key: str, *, far: bool = False) -> Graph:
    """The part of a graph that leads to the node `key` or away from it: up to the next handlers, or all the way.

    Of the events that wake no handler, those that the node itself has a part in.
    """
    kept = {number for number, arrow in enumerate(graph.arrows) if key in (arrow.source, arrow.target)}
    kept |= _walk(graph, [(arrow.source, arrow.target) for arrow in graph.arrows], key, far)
    kept |= _walk(graph, [(arrow.target, arrow.source) for arrow in graph.arrows], key, far)
    arrows = tuple(arrow for number, arrow in enumerate(graph.arrows) if number in kept)
    seen = {key, *(end for arrow in arrows for end in (arrow.source, arrow.target))}
    return Graph(graph.title, tuple(node for node in graph.nodes if node.key in seen), arrows)


def _walk(graph: Graph, ways: Sequence[tuple[str, str]], start: str, far: bool) -> set[int]:
    """The numbers of the arrows that are met on the ways from `start`, each given as where it begins and ends."""
    leaving: dict[str, list[int]] = defaultdict(list)
    for number, (begin, _) in enumerate(ways):
        if graph.arrows[number].kind != "failing":
            leaving[begin].append(number)
    handlers = {node.key for node in graph.nodes if node.kind == "handler"}
    met: set[int] = set()
    seen, pending = {start}, [start]
    while pending:
        for number in leaving[pending.pop()]:
            met.add(number)
            end = ways[number][1]
            if end not in seen:
                seen.add(end)
                if far or end not in handlers:
                    pending.append(end)
    return met


class _GraphBuilder:
    def __init__(self, new: frozenset[int]) -> None:
        self.nodes: dict[str, GraphNode] = {}
        self.arrows: dict[object, Arrow] = {}
        self.new = new

    def add(self, node: GraphNode) -> str:
        self.nodes.setdefault(node.key, node)
        return node.key

    def connect(self, source: str, target: str, label: str, kind: ArrowKind, edges: Iterable[int] = ()) -> None:
        """Add an arrow; between the same two nodes with the same words there is one, for all its edges."""
        numbers = tuple(edges)
        new = bool(numbers) and self.new.issuperset(numbers)
        key = (source, target, label, kind, new)
        before = self.arrows[key].edges if key in self.arrows else ()
        words = f"+ {label}".rstrip() if new else label
        self.arrows[key] = Arrow(source, target, words, kind, tuple(dict.fromkeys((*before, *numbers))), new)

    def add_handler(self, row: HandlerRow) -> None:
        place = f"{row.file}:{row.line}" if row.file and row.line else "not analysed"
        label = f"{one_line(row.name)}\n{row.entry} entry\n{one_line(place)}"
        self.add(GraphNode(_handler(row.name), "handler", label, row.name, row.entry, row.analysed))

    def add_outside(self, row: HandlerRow, trigger: Trigger) -> None:
        kind: NodeKind = "public" if row.entry == "public" and trigger.service is None else "outside"
        words = trigger_words(trigger)
        node = self.add(GraphNode(f"trigger:{kind}:{words}", kind, words))
        self.connect(node, _handler(row.name), "", "certain")

    def add_links(self, edges: Iterable[tuple[int, Edge]]) -> None:
        """Group the edges of each listener by resource; listeners that the same calls reach share one node."""
        reaching: dict[tuple[str, str, str], list[tuple[int, Edge]]] = defaultdict(list)
        variants: dict[tuple[str, str], dict[object, int]] = defaultdict(dict)
        for number, edge in edges:
            resource = resource_words(edge)
            if resource is None:
                self.connect(_handler(edge.source), _target(edge), call_words(edge), _kind(edge), (number,))
            else:
                reaching[edge.service, resource, _target(edge)].append((number, edge))
        for (service, resource, target), calls in reaching.items():
            callers: dict[tuple[str, str, ArrowKind, bool], list[int]] = defaultdict(list)
            for number, edge in calls:
                callers[edge.source, call_words(edge), _kind(edge), number in self.new].append(number)
            known = variants[service, resource]
            variant = known.setdefault(tuple(callers), len(known))
            key = f"resource:{service}:{resource}" + (f"#{variant}" if variant else "")
            node = self.add(GraphNode(key, "resource", f"{one_line(service)}\n{resource}"))
            for (source, words, kind, _), numbers in callers.items():
                self.connect(_handler(source), node, words, kind, numbers)
            stations = tuple(dict.fromkeys(station for _, edge in calls for station in station_words(edge)))
            sure: ArrowKind = "certain" if any(edge.certain for _, edge in calls) else "uncertain"
            words = "via " + ", ".join(stations) if stations else ""
            self.connect(node, target, words, sure, (number for number, _ in calls))

    def add_failing(self, edges: Iterable[tuple[int, Edge]]) -> None:
        for number, edge in edges:
            target = _target(edge)
            if edge.target is None:
                self.add(GraphNode(target, "unknown", "?"))
            words = f"{call_words(edge)}\n{STATUS_WORDS[edge.status]}"
            self.connect(_handler(edge.source), target, words, "failing", (number,))


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
