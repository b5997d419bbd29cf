"""What the event graph explorer says about one edge or one node, and the places in both files that show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sls_lab.events.model import Edge, Knowledge
from sls_lab.facts import Reason, Span
from sls_lab.report.display import one_line
from sls_lab.report.edges import call_words, edge_line, station_words, waking_words
from sls_lab.report.graph import Graph, GraphNode
from sls_lab.widgets.relinking import Relinked
from sls_lab.widgets.sources import ShownText, SourceMark

STATUS: dict[str, str] = {
    "linked": "delivered",
    "denied": "not delivered: not permitted",
    "filtered": "not delivered: filtered out",
    "unresolved": "not known: the name could not be resolved",
}
ENTRY = {
    "public": "public: anyone can send it an event",
    "internal": "internal: only this application or a clock wakes it",
    "external": "external: something outside this application wakes it",
    "deployment": "deployment: CloudFormation wakes it while the application is deployed",
}


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """A range of a file that belongs to what is shown; `kind` is that of its mark."""

    kind: Literal["call", "trigger", "handler"]
    span: Span
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Edges under a heading, each in words with its number (None where no edge of the graph represents it)."""

    title: str
    rows: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """All that is said about an edge or node; `reasons` can be shown one by one."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    groups: tuple[Group, ...] = ()
    why: str = ""
    reasons: tuple[Reason, ...] = ()
    places: tuple[MarkedPlace, ...] = field(default=())


def edge_panel(results: Relinked, number: int) -> Panel:
    """An edge in words, whether and why it holds, and the call and the trigger."""
    edge = results.events.edges[number]
    line = edge_line(edge)
    facts = [("Status", STATUS[edge.status])]
    if edge.linked:
        doubt = line.verdict.removeprefix("(not certain").removesuffix(")")
        facts.append(("Certain", "yes" if edge.certain else f"no{doubt}"))
    if number in results.new:
        facts.append(("New", f"holds only while {and_words(results.events.ignored)} are ignored"))
    if stations := station_words(edge):
        facts.append(("Via", ", then ".join(stations)))
    why = {"linked": "Why it is delivered", "unresolved": "Why it is not known"}.get(
        edge.status, "Why it is not delivered"
    )
    return Panel(line.words, tuple(facts), (), why, edge.because, tuple(_edge_places(results, edge)))


def node_panel(results: Relinked, graph: Graph, node: GraphNode) -> Panel:
    """A handler with what wakes it and what it wakes, or a resource with what writes to it and what listens to it."""
    if node.handler is not None:
        return _handler_panel(results, node.handler, node)
    coming = [arrow for arrow in graph.arrows if arrow.target == node.key]
    going = [arrow for arrow in graph.arrows if arrow.source == node.key]
    names = {one.key: one for one in graph.nodes}
    edges = results.events.edges
    numbers = dict.fromkeys(edge for arrow in (*coming, *going) for edge in arrow.edges)
    places = tuple(dict.fromkeys(place for number in numbers for place in _edge_places(results, edges[number])))
    if node.kind == "resource":
        writing = [
            (f"{names[arrow.source].name} by {arrow.label}", edge) for arrow in coming for edge in arrow.edges[:1]
        ]
        listening = [
            (f"{names[arrow.target].name} {arrow.label}".rstrip(), edge) for arrow in going for edge in arrow.edges[:1]
        ]
        groups = Group("Who writes", tuple(writing)), Group("Who listens", tuple(listening))
        return Panel(f"resource {node.label.replace(chr(10), ' ')}", (), groups, places=places)
    if node.kind == "unknown":
        calls = tuple((edge_line(edges[number]).words, number) for number in numbers)
        return Panel("a target that could not be resolved", (), (Group("Calls", calls),), places=places)
    woken = [names[arrow.target] for arrow in going]
    triggers = tuple(
        MarkedPlace("trigger", trigger.span, f"what wakes {one_line(one.handler)}")
        for one in woken
        if one.handler is not None
        for trigger in results.template.function(one.handler).triggers
    )
    where = "the outside world" if node.kind == "public" else "a clock, or something that no handler here writes to"
    wakes = Group("Wakes", tuple((one.name, None) for one in woken))
    return Panel(node.name, (("Comes from", where),), (wakes,), places=triggers)


def _handler_panel(results: Relinked, name: str, node: GraphNode) -> Panel:
    function = results.template.function(name)
    entry = results.events.entries[name]
    coming: list[tuple[str, int | None]] = []
    going: list[tuple[str, int | None]] = []
    for number, edge in enumerate(results.events.edges):
        line = edge_line(edge)
        status = "" if edge.linked else f" ({edge.status})"
        if edge.target == name:
            coming.append((f"{line.source} by {line.call}{status}", number))
        if edge.source == name:
            going.append((f"{line.target} by {line.call}{status}", number))
    outside = tuple((words, None) for words in waking_words(results, name))
    handler = results.code.handlers.get(name)
    places = [MarkedPlace("handler", function.handler_span, f"the function {one_line(name)}")]
    places += [MarkedPlace("trigger", trigger.span, f"a {trigger.type} trigger") for trigger in function.triggers]
    if handler is not None:
        places.append(MarkedPlace("handler", handler.span, f"the handler of {one_line(name)}"))
    facts = [("Entry", ENTRY[entry.kind])]
    if not node.analysed:
        unseen = results.code.unseen.get(name)
        facts.append(("Not analysed", one_line(unseen.message) if unseen else "its handler was not found"))
    groups = Group("Listens to", outside), Group("Woken by", tuple(coming)), Group("Wakes", tuple(going))
    return Panel(f"handler {one_line(name)}", tuple(facts), groups, "Why this entry", entry.because, tuple(places))


def _edge_places(results: Relinked, edge: Edge) -> Iterable[MarkedPlace]:
    """The call in the code, and the trigger (or what acts as one) in the template."""
    handler = results.code.handlers.get(edge.source)
    if edge.span is not None:
        yield MarkedPlace("call", edge.span, f"the call {call_words(edge)}")
    elif handler is not None:
        yield MarkedPlace("handler", handler.span, f"the handler of {one_line(edge.source)}")
    if edge.trigger is not None:
        yield MarkedPlace(
            "trigger", edge.trigger.span, f"the {edge.trigger.type} trigger of {one_line(edge.target or '?')}"
        )
    elif edge.states:
        yield MarkedPlace("trigger", edge.states[-1].span, f"the state {one_line(edge.states[-1].name)}")
    elif edge.target is not None:
        span = results.template.function(edge.target).handler_span
        yield MarkedPlace("trigger", span, f"the function {one_line(edge.target)}")


def and_words(ignored: Iterable[Knowledge]) -> str:
    """`filters`, `filters and permissions`, …; the environment is one thing, here its variables."""
    words = sorted("environment variables" if kind == "environment" else kind for kind in ignored)
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def sources(results: Relinked, panel: Panel, reason: int | None) -> dict[str, Any]:
    """The two source views of a panel, code and template.

    Each shows the file of the reason that is looked at, otherwise that of the panel's first place there.
    """
    marks = [*_place_marks(panel), *_reason_marks(panel)]
    looked = panel.reasons[reason].span if reason is not None else None
    spans = [span for span in (looked, *(mark.span for mark in marks)) if span is not None]
    code = {file: module.text for file, module in results.code.modules.items()}
    return {
        "code": _first(spans, code, marks),
        "template": _first(spans, {**results.template.texts}, marks),
    }


def chosen_marks(panel: Panel, reason: int | None) -> dict[str, Any]:
    """What to highlight in the source views: a reason that has a place, otherwise the panel's own places."""
    places = [mark.id for mark in _place_marks(panel)]
    reasons = [mark.id for mark in _reason_marks(panel)]
    looked = reason is not None and panel.reasons[reason].span is not None
    return {"chosen": [f"r{reason}"] if looked else places, "related": places if looked else reasons}


def _place_marks(panel: Panel) -> list[SourceMark]:
    return [
        SourceMark(f"{place.kind}{number}", place.kind, place.span, place.title)
        for number, place in enumerate(panel.places)
    ]


def _reason_marks(panel: Panel) -> list[SourceMark]:
    return [
        SourceMark(f"r{number}", "reason", one.span, one.text) for number, one in enumerate(panel.reasons) if one.span
    ]


def _first(spans: Sequence[Span], texts: dict[str, str], marks: Sequence[SourceMark]) -> dict[str, Any] | None:
    """The first of the files that is among `texts`, as a source view."""
    for span in spans:
        if span.file in texts:
            return ShownText(texts[span.file]).view(span.file, marks)
    return None
