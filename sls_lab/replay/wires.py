"""Who is woken by an event: the triggers, relays and state machines of the template, asked each time.

Source of what a relay does: `sls_lab.replay.stations`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sls_lab.replay import shapes
from sls_lab.replay.deployment import Deployment, plain
from sls_lab.replay.raised_events import name_of
from sls_lab.replay.stations import Event, data_of, literal, passes, relayed, selected_of
from sls_lab.services.inputs import transformed
from sls_lab.template.model import Relay, StateMachine, Trigger

DEAD_LETTER: Final = "deadLetter"  #: the setting of a relay to a dead-letter queue: after how many tries
_MOST_RELAYS: Final = 6
_SINGLE: Final = frozenset({"s3", "sns", "events", "iot-data"})  #: services that wake a function once for each event


@dataclass(frozen=True, slots=True)
class Way:
    """A function or a state machine that events wake, with the event object; or why they wake nothing."""

    service: str
    resource: str
    function: str | None = None
    machine: StateMachine | None = None
    event: Any = None
    via: tuple[str, ...] = ()
    why: str = ""
    outside: str = ""  #: the address of a subscriber outside the application
    asynchronous: bool = False
    queue: str = ""  #: the queue that a message is taken from


class Wires:
    """The wires of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self._template, self._region = deployment.template, deployment.region
        self._functions = {str(function.deployed_name): function.name for function in self._template.functions}

    def function_called(self, name: str) -> str | None:
        """The function by the name or ARN that `invoke` is given."""
        return self._functions.get(name_of("lambda", name))

    def machine_called(self, name: str) -> StateMachine | None:
        """The state machine by its name or ARN."""
        short = name_of("stepfunctions", name)
        return next((one for one in self._template.state_machines if str(one.name) == short), None)

    def woken(self, events: Sequence[Event], via: tuple[str, ...] = ()) -> Iterator[Way]:
        """The ways of events that one call raised at one resource, which arrive together where AWS sends batches."""
        if not events:
            return
        service, resource = events[0].service, events[0].resource
        if service == "lambda":
            function = self._functions.get(resource)
            for event in events:
                yield Way(service, resource, function, None, event.content["input"], via, "", "", True)
            return
        if service == "stepfunctions":
            machine = self.machine_called(resource)
            for event in events:
                yield Way(service, resource, None, machine, event.content["input"], via)
            return
        yield from self._triggered(events, via)
        if len(via) < _MOST_RELAYS:
            yield from self._relayed(events, via)
        if service == "sns":
            for subscription in self._template.subscriptions:
                if str(subscription.topic) == resource:
                    yield Way(service, resource, via=via, outside=f"{subscription.protocol}:{subscription.endpoint}")

    def heard_outside(self, topic: str) -> bool:
        """Whether anyone outside the application subscribes to a topic (its ARN)."""
        name = name_of("sns", topic)
        return any(str(subscription.topic) == name for subscription in self._template.subscriptions)

    def outcomes(self, function: str, condition: str) -> Iterator[Relay]:
        """The destinations of a function for `OnSuccess` or `OnFailure`."""
        deployed = str(self._template.function(function).deployed_name)
        for relay in self._template.relays:
            wanted = plain(relay.settings.get("destination")) or "OnSuccess"
            if relay.source_service == "lambda" and str(relay.source) == deployed and wanted == condition:
                yield relay

    def _triggered(self, events: Sequence[Event], via: tuple[str, ...]) -> Iterator[Way]:
        service, resource = events[0].service, events[0].resource
        for function in self._template.functions:
            for trigger in function.triggers:
                if trigger.service == service and str(trigger.resource) == resource:
                    stations = (*via, *trigger.via)
                    yield from self._through(events, trigger, stations, function.name, None)
        for machine in self._template.state_machines:
            for trigger in machine.triggers:
                if trigger.service == service and str(trigger.resource) == resource:
                    yield from self._through(events, trigger, via, None, machine)

    def _through(
        self,
        events: Sequence[Event],
        trigger: Trigger,
        via: tuple[str, ...],
        function: str | None,
        machine: StateMachine | None,
    ) -> Iterator[Way]:
        """The ways of those events that a trigger's filters let pass."""
        service, resource = events[0].service, events[0].resource
        passed = []
        for event in events:
            through, why = passes(event, trigger.settings)
            if through:
                passed.append(event)
            else:
                yield Way(service, resource, function, machine, None, via, why or "a filter stops it")
        groups = [[event] for event in passed] if service in _SINGLE else [passed]
        queue = resource if service == "sqs" else ""
        for group in groups:
            if group:
                event_object = self.event_object(group, trigger)
                yield Way(service, resource, function, machine, event_object, via, "", "", service in _SINGLE, queue)

    def _relayed(self, events: Sequence[Event], via: tuple[str, ...]) -> Iterator[Way]:
        service, resource = events[0].service, events[0].resource
        for relay in self._template.relays:
            if relay.source_service != service or str(relay.source) != resource or DEAD_LETTER in relay.settings:
                continue  # what goes to a dead-letter queue is what failed: see `outcomes`
            passed = []
            for event in events:
                through, why = passes(event, relay.settings)
                if through:
                    passed.append(relayed(event, relay))
                else:
                    target = f"{relay.target_service}:{relay.target}"
                    yield Way(service, resource, via=(*via, target), why=why or "a filter stops it")
            yield from self.woken(passed, (*via, f"{relay.target_service}:{relay.target}"))

    def event_object(self, events: Sequence[Event], trigger: Trigger) -> Any:
        """What the function is called with."""
        service, resource, region = events[0].service, events[0].resource, self._region
        contents = [event.content for event in events]
        match service:
            case "s3":
                return shapes.s3_event(contents, region)
            case "sqs":
                return shapes.sqs_event(contents, resource, region)
            case "sns":
                return shapes.sns_event(contents, resource, region)
            case "dynamodb":
                return shapes.dynamodb_event(contents, resource, region)
            case "kinesis":
                return shapes.kinesis_event(contents, resource, region)
            case "firehose":
                return shapes.firehose_event(contents, resource, region)
            case "iot-data":
                return selected_of(contents[0], trigger.settings)
            case "events":
                return data_of(transformed(literal(shapes.bus_event(contents[0], region)), trigger.settings))
        return contents[0].get("input")
