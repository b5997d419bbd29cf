"""Who listens to what: triggers, relays, functions and state machines by the resource they listen to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sls_lab.aws.registry import facts_of
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services.state_calls import called_by
from sls_lab.template.model import Relay, State, StateMachine, Template, Trigger
from sls_lab.template.shared.node import Node

_MOST_HOPS = 6  # relays in a row; more are not built by people


@dataclass(frozen=True, slots=True)
class Listener:
    """A function that an event at `resource` of `service` reaches, with the way it takes from there."""

    service: str
    resource: Pattern
    function: str
    trigger: Trigger | None
    relays: tuple[Relay, ...] = ()
    states: tuple[State, ...] = ()
    machine: StateMachine | None = None

    @property
    def via(self) -> tuple[str, ...]:
        """The stations between the resource and the function."""
        stations = [f"{relay.target_service}:{relay.target}" for relay in self.relays]
        if self.machine is not None and not any(station.startswith("stepfunctions:") for station in stations):
            stations.append(f"stepfunctions:{self.machine.name}")
        return (*stations, *(self.trigger.via if self.trigger else ()))


class Listeners:
    """All listeners of a template, looked up by service and name in time independent of their number."""

    def __init__(self, template: Template) -> None:
        """Index the template's triggers, functions and machines by the resource that leads to them."""
        self._direct: dict[str, list[Listener]] = {}
        self._relays: dict[str, list[Relay]] = {}
        self._outcomes: list[Relay] = []
        for relay in (*template.relays, *_announcements(template)):
            if relay.source_service == "lambda":  # a function's output is not its input
                self._outcomes.append(relay)
                continue
            self._relays.setdefault(relay.source_service, []).append(relay)
        for function in template.functions:
            self._add(Listener("lambda", function.deployed_name, function.name, None))
            for trigger in function.triggers:
                if trigger.service is not None and trigger.resource is not None:
                    self._add(Listener(trigger.service, trigger.resource, function.name, trigger))
        for machine in template.state_machines:
            self._add_machine(machine)
        self._found: dict[str, list[Listener]] = {}
        self._by_text: dict[tuple[str, str], list[Listener]] = {}
        self._unclear: dict[str, list[Listener]] = {}
        for service in {*self._direct, *self._relays}:
            for listener in self._all(service):
                self._found.setdefault(service, []).append(listener)
                text = listener.resource.text
                if text is None:
                    self._unclear.setdefault(service, []).append(listener)
                else:
                    self._by_text.setdefault((service, text), []).append(listener)

    def at(self, service: str, name: Pattern) -> Iterator[tuple[Listener, Verdict]]:
        """The listeners at a resource that may be called `name`, with how sure that is."""
        text = name.text
        known = self._by_text.get((service, text), []) if text is not None else None
        candidates = self._found.get(service, []) if known is None else [*known, *self._unclear.get(service, [])]
        for listener in candidates:
            verdict = listener.resource.equals(name)
            if verdict.possible:
                yield listener, verdict

    def every(self) -> Iterator[Listener]:
        """All listeners, at whatever resource."""
        for found in self._found.values():
            yield from found

    def outcomes(self, function: Pattern) -> Iterator[Listener]:
        """The listeners after the destinations of a function, by its deployed name."""
        for relay in self._outcomes:
            if relay.source.equals(function).possible:
                for relays, listener in self._behind((relay,)):
                    yield replace(listener, service="lambda", resource=function, relays=relays)

    def _add(self, listener: Listener) -> None:
        self._direct.setdefault(listener.service, []).append(listener)

    def _add_machine(self, machine: StateMachine) -> None:
        for states in first_tasks(machine, machine.start):
            function = states[-1].function
            assert function is not None
            self._add(Listener("stepfunctions", machine.name, function, None, (), states, machine))
            for trigger in machine.triggers:
                if trigger.service is not None and trigger.resource is not None:
                    self._add(Listener(trigger.service, trigger.resource, function, trigger, (), states, machine))

    def _all(self, service: str) -> Iterator[Listener]:
        yield from self._direct.get(service, [])
        for relay in self._relays.get(service, []):
            for relays, listener in self._behind((relay,)):
                yield replace(listener, service=service, resource=relay.source, relays=relays)

    def _behind(self, relays: tuple[Relay, ...]) -> Iterator[tuple[tuple[Relay, ...], Listener]]:
        """The listeners after the last of `relays`; a circle of relays is walked once."""
        last = relays[-1]
        for listener in self._direct.get(last.target_service, []):
            if listener.resource.equals(last.target).possible:
                yield relays, listener
        if len(relays) < _MOST_HOPS:
            for relay in self._relays.get(last.target_service, []):
                if relay not in relays and relay.source.equals(last.target).possible:
                    yield from self._behind((*relays, relay))


def first_tasks(machine: StateMachine, start: str) -> Iterator[tuple[State, ...]]:
    """The ways from the state `start` to each task of a function that can come first, that task included."""
    return (way for way in _ways(machine, start) if way[-1].function is not None)


def first_senders(machine: StateMachine, start: str) -> Iterator[tuple[State, ...]]:
    """The ways from the state `start`, on which no function runs, to each state that calls AWS itself."""
    return (way for way in _ways(machine, start) if called_by(way[-1]) is not None)


def _ways(machine: StateMachine, start: str) -> Iterator[tuple[State, ...]]:
    """The ways from the state `start` to each that can be reached before a function has run, that state included."""
    pending: list[tuple[str, tuple[State, ...]]] = [(start, ())]
    seen: set[str] = set()
    while pending:
        name, before = pending.pop(0)
        state = machine.states.get(name)
        if state is None or name in seen:
            continue
        seen.add(name)
        yield (*before, state)
        if state.function is None:
            pending.extend((following, (*before, state)) for following in state.following)


def _announcements(template: Template) -> Iterator[Relay]:
    """From each state machine to the default event bus, where some rule asks for what is announced of executions."""
    source = facts_of("stepfunctions").announces
    triggers = [trigger for function in template.functions for trigger in function.triggers]
    triggers += [trigger for machine in template.state_machines for trigger in machine.triggers]
    settings = [trigger.settings for trigger in triggers if trigger.service == "events"]
    settings += [relay.settings for relay in template.relays if relay.source_service == "events"]
    if any(_asks_for(one, source) for one in settings):
        for machine in template.state_machines:
            reason = Reason(f"what becomes of executions of `{machine.name}` is announced to EventBridge", machine.span)
            bus = Pattern.of("default")
            yield Relay("stepfunctions", machine.name, "events", bus, {}, machine.span, (reason,))


def _asks_for(settings: Mapping[str, Node], source: str) -> bool:
    pattern = settings.get("pattern")
    sources = pattern.get("source") if pattern is not None else None
    return sources is not None and any(node.text == source for node in sources.listed())
