"""The edges of the event graph in words."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.events.model import Edge, EventGraph
from sls_lab.linked import Linked
from sls_lab.report.display import one_line
from sls_lab.template.model import Trigger

STATUS_WORDS = {
    "linked": "linked",
    "denied": "not permitted",
    "filtered": "filtered out",
    "unresolved": "not resolved",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One edge in words: `call` is what raises the event, `verdict` why it is uncertain or does not hold."""

    edge: Edge
    source: str
    target: str
    call: str
    place: str
    verdict: str

    @property
    def words(self) -> str:
        """The edge in one sentence: `submit → store by sqs.send_message on jobs`."""
        return f"{self.source} → {self.target} by {self.call}"


def edge_lines(events: EventGraph) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The edges that hold, and those that do not, each in the order of the graph."""
    lines = [edge_line(edge) for edge in events.edges]
    return (
        tuple(line for line in lines if line.edge.linked),
        tuple(line for line in lines if not line.edge.linked),
    )


def call_words(edge: Edge) -> str:
    """What raises the event: `s3.put_object`, or `next` and the two states of a machine."""
    if edge.call is None and edge.way:
        return one_line(f"{edge.api}: {edge.way[0].name} → {edge.way[-1].name}")
    return one_line(f"{edge.service}.{edge.api}" if edge.call else edge.api)


def resource_words(edge: Edge) -> str | None:
    """What the event is put into first: a bucket, a topic, a state machine; None for a direct invocation."""
    if edge.relays:
        return one_line(str(edge.relays[0].source))
    if edge.trigger is not None and edge.trigger.resource is not None:
        return one_line(str(edge.trigger.resource))
    if edge.via:
        # A state machine is a station without a trigger, such as `stepfunctions:orders`.
        return one_line(edge.via[0].partition(":")[2] or edge.via[0])
    return None


def station_words(edge: Edge) -> tuple[str, ...]:
    """The stations after that resource, up to the handler."""
    is_resource = not edge.relays and (edge.trigger is None or edge.trigger.resource is None)
    return tuple(map(one_line, edge.via[1:] if is_resource else edge.via))


def trigger_words(trigger: Trigger) -> str:
    """What wakes a handler, in a few words: `http POST /upload`, `s3 photos`, `sqs jobs via topic news`."""
    words = [trigger.type]
    for key in ("method", "path", "route", "rate", "schedule"):
        node = trigger.settings.get(key)
        if node is not None and node.pattern is not None:
            words.append(str(node.pattern).upper() if key == "method" else str(node.pattern))
    if trigger.resource is not None:
        words.append(str(trigger.resource))
    if trigger.via:
        words.append("via " + ", ".join(trigger.via))
    return one_line(" ".join(words))


def waking_words(results: Linked, name: str) -> tuple[str, ...]:
    """All that wakes the function `name`: its triggers, state machines that run it, and calls that name it."""
    words = [trigger_words(trigger) for trigger in results.template.function(name).triggers]
    for machine in results.template.state_machines:
        if any(state.function == name for state in machine.states.values()):
            words.append(one_line(f"state machine {machine.name}"))
    for edge in results.events.edges:
        if edge.linked and edge.target == name and edge.trigger is None and not edge.states:
            words.append(one_line(f"{call_words(edge)} in {edge.source}"))
    return tuple(dict.fromkeys(words))


def edge_line(edge: Edge) -> Line:
    """One edge in words."""
    return Line(
        edge=edge,
        source=one_line(edge.source),
        target=one_line(edge.target) if edge.target is not None else "?",
        call=_call(edge),
        place=one_line(edge.span.place) if edge.span else "",
        verdict=_verdict(edge),
    )


def _call(edge: Edge) -> str:
    words = [call_words(edge)]
    resource = resource_words(edge)
    if resource is not None:
        words.append(f"on {resource}")
    stations = station_words(edge)
    if stations:
        words.append("via " + ", ".join(stations))
    return " ".join(words)


def _verdict(edge: Edge) -> str:
    if edge.linked:
        if edge.certain:
            return ""
        doubts = [one_line(reason.text) for reason in edge.because if reason.kind == "doubt"]
        return f"(not certain: {doubts[0]})" if doubts else "(not certain)"
    reason = one_line(edge.because[-1].text) if edge.because else ""
    return STATUS_WORDS[edge.status] + (f": {reason}" if reason else "")
