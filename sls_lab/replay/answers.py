"""What the kit itself answers: functions, state machines, schedules, delivery streams, topics of devices, and mail."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from sls_lab.aws.arn import parse_arn
from sls_lab.facts import Pattern
from sls_lab.replay import shapes
from sls_lab.replay.exchange import readable
from sls_lab.replay.hop_builder import HopBuilder
from sls_lab.replay.model import Delivery, Note
from sls_lab.replay.raised_events import raised_events
from sls_lab.replay.state_machines import Execution, TaskFailed
from sls_lab.replay.stations import Event
from sls_lab.replay.wires import Way
from sls_lab.template.model import StateMachine

if TYPE_CHECKING:
    from sls_lab.replay.simulation import Simulation

_MAIL: Final = frozenset({"ses", "sesv2"})


class Answers:
    """The answers in one simulation."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._executions: dict[str, dict[str, Any]] = {}

    def answer(
        self, hop: HopBuilder, call: int, service: str, api: str, arguments: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """The response to a call, None where moto is to give it."""
        match service, api:
            case "lambda", "invoke" | "invoke_async":
                return self._invoked(hop, call, arguments)
            case "stepfunctions", "start_execution":
                return self._started(hop, call, arguments)
            case "stepfunctions", "start_sync_execution":
                return self._run_through(hop, call, arguments)
            case "stepfunctions", "describe_execution":
                return self._executions.get(arguments.get("executionArn", ""), {"status": "RUNNING"})
        response = _handed_on(service, api, arguments)
        if response is not None:
            for group in raised_events(service, api, arguments, {"response": response}):
                ways = list(self._simulation.wires.woken(group))
                self._store(group, ways)
                self._simulation.spread(hop, call, ways, group[0].service, group[0].resource)
            return response
        if service in _MAIL and api.startswith("send"):
            return {"MessageId": shapes.made_up(readable(arguments))}
        return None

    def _store(self, events: Sequence[Event], ways: Sequence[Way]) -> None:
        """Put what a delivery stream delivers into its bucket, so that whoever is woken finds it there."""
        data = b"".join(event.content["data"] for event in events if event.service == "firehose")
        for way in ways:
            for record in way.event["Records"] if way.service == "s3" and way.event is not None else ():
                place = record["s3"]
                given = {"Bucket": place["bucket"]["name"], "Key": unquote_plus(place["object"]["key"]), "Body": data}
                self._simulation.own("s3", "put_object", given)

    def _invoked(self, hop: HopBuilder, call: int, arguments: Mapping[str, Any]) -> dict[str, Any]:
        name = self._simulation.wires.function_called(arguments["FunctionName"])
        payload = arguments.get("Payload", arguments.get("InvokeArgs")) or b"null"
        event = _json(payload)
        kind = arguments.get("InvocationType", "RequestResponse")
        resource = str(arguments["FunctionName"])
        if "InvokeArgs" in arguments or kind == "Event":
            way = Way("lambda", resource, name, event=event, asynchronous=True)
            self._simulation.spread(hop, call, [way], "lambda", resource)
            return {"StatusCode": 202, "Status": 202, "Payload": b""}
        if kind == "DryRun":
            return {"StatusCode": 204, "Payload": b""}
        if not self._simulation.runnable(name):
            why = f"{name} cannot be run here" if name else f"nothing here is called {resource}"
            hop.deliveries.append(Delivery("lambda", resource, name, "not-run", call, why))
            return {"StatusCode": 200, "Payload": b"null"}
        assert name is not None
        hop.deliveries.append(Delivery("lambda", resource, name, "delivered", call))
        at = len(hop.deliveries) - 1
        if not self._simulation.room(hop, at):
            return {"StatusCode": 200, "Payload": b"null"}
        inner = self._simulation.run(name, event, hop.number)
        self._simulation.link(hop, at, inner.number)
        if inner.failed:
            told = {"errorMessage": inner.error, "errorType": inner.error_type}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": json.dumps(told).encode("utf-8")}
        return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.dumps(inner.result).encode("utf-8")}

    def _started(self, hop: HopBuilder, call: int, arguments: Mapping[str, Any]) -> dict[str, Any]:
        resource = str(arguments["stateMachineArn"])
        machine = self._simulation.wires.machine_called(resource)
        event = _json(arguments.get("input") or "{}")
        ways = [Way("stepfunctions", resource, None, machine, event)] if machine is not None else []
        self._simulation.spread(hop, call, ways, "stepfunctions", resource)
        return {"executionArn": f"{resource.replace(':stateMachine:', ':execution:')}:{shapes.made_up(event)}"}

    def _run_through(self, hop: HopBuilder, call: int, arguments: Mapping[str, Any]) -> dict[str, Any]:
        machine = self._simulation.wires.machine_called(str(arguments["stateMachineArn"]))
        given = arguments.get("input") or "{}"
        if machine is None:
            return {"status": "FAILED", "error": "StateMachineDoesNotExist", "input": given}
        found = self.execute(machine, _json(given), hop, None, call)
        return {"executionArn": "execution", "input": given, **found}

    def execute(
        self,
        machine: StateMachine,
        given: Any,
        source: HopBuilder | None,
        delivery: int | None,
        call: int | None = None,
    ) -> dict[str, Any]:
        """Run a state machine to its end; says how that was."""
        run = _Run(self._simulation, machine, source, delivery, call)
        try:
            return {"status": "SUCCEEDED", "output": json.dumps(Execution(machine, run.task).run(given))}
        except TaskFailed as failure:
            run.tell(failure)
            return {"status": "FAILED", "error": failure.error, "cause": failure.cause}


class _Run:
    """The tasks of one execution. Each function's run is woken by the one before it, the first by the starting call."""

    def __init__(
        self,
        simulation: Simulation,
        machine: StateMachine,
        source: HopBuilder | None,
        delivery: int | None,
        call: int | None,
    ) -> None:
        self._simulation, self._machine = simulation, machine
        self._before, self._delivery, self._call = source, delivery, call

    def tell(self, failure: TaskFailed) -> None:
        """Note how the execution failed at the hop that ran last."""
        if self._before is not None:
            message = f"the execution of {self._machine.name} fails with {failure.error}: {failure.cause}"
            self._before.notes.append(Note("execution-failed", message, self._machine.span))

    def task(self, resource: str, arguments: Any, state: Mapping[str, Any]) -> Any:
        """Run one task state."""
        arn = parse_arn(Pattern.of(resource))
        if arn is not None and arn.service.text == "lambda":
            return self._function(resource, arguments)
        integration = str(arn.resource) if arn is not None else resource
        name = integration.removeprefix("aws-sdk:").split(".")[0]
        if name.startswith("lambda:invoke"):
            result = self._function(str(arguments.get("FunctionName", "")), arguments.get("Payload"))
            return {"Payload": result, "StatusCode": 200, "ExecutedVersion": "$LATEST"}
        if name.startswith(("activity", "http")):
            raise TaskFailed("States.Runtime", f"the task {resource} is not simulated")
        return self._service(name, arguments)

    def _function(self, called: str, payload: Any) -> Any:
        simulation = self._simulation
        name = simulation.wires.function_called(called)
        if not simulation.runnable(name):
            raise TaskFailed("Lambda.ResourceNotFoundException", f"{called} cannot be run here")
        assert name is not None
        at = self._linked(name)
        if not simulation.room(self._before, at):
            raise TaskFailed("States.Runtime", "the bound of hops is reached")
        hop = simulation.run(name, payload, self._before.number if self._before else None)
        simulation.link(self._before, at, hop.number)
        self._before, self._delivery, self._call = hop, None, None
        if hop.failed:
            raise TaskFailed(hop.error_type or "States.TaskFailed", hop.error)
        return hop.result

    def _linked(self, name: str) -> int | None:
        """The delivery that wakes a task: the one of the starting call, with its target now known, or a new one."""
        if self._before is None:
            return None
        via = (f"stepfunctions:{self._machine.name}",)
        if self._delivery is not None:
            old = self._before.deliveries[self._delivery]
            self._before.deliveries[self._delivery] = Delivery(
                old.service, old.resource, name, "delivered", old.call, "", old.via
            )
            return self._delivery
        found = Delivery("stepfunctions", str(self._machine.name), name, "delivered", self._call, "", via)
        self._before.deliveries.append(found)
        return len(self._before.deliveries) - 1

    def _service(self, integration: str, arguments: Any) -> Any:
        """An integration such as `sqs:sendMessage`: the call is made, and what it wakes waits."""
        service, _, operation = integration.partition(":")
        service = {"sfn": "stepfunctions", "eventbridge": "events"}.get(service, service)
        api = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")
        given = {key: _as_text(service, key, value) for key, value in (arguments or {}).items()}
        if service == "events":
            given = {"Entries": [{**one, "Detail": _text(one.get("Detail"))} for one in given.get("Entries", [])]}
        answer = self._simulation.own(service, api, given)
        if answer["outcome"] == "failed":
            raise TaskFailed(f"{service}.Exception", str(answer["error"]))
        for group in raised_events(service, api, given, answer):
            ways = list(self._simulation.wires.woken(group))
            if self._before is not None:
                self._simulation.spread(self._before, None, ways, service, group[0].resource)
        return readable(answer["response"])


def _as_text(service: str, key: str, value: Any) -> Any:
    """Messages are given as strings to boto3, and as any JSON to an integration."""
    if (service, key) in {("sqs", "MessageBody"), ("sns", "Message")}:
        return _text(value)
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _handed_on(service: str, api: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The response of a service that keeps nothing here but passes on what it is given; None for any other call."""
    match service, api:
        case "firehose", "put_record":
            return {"RecordId": shapes.made_up(readable(arguments))}
        case "firehose", "put_record_batch":
            answers = [{"RecordId": shapes.made_up(readable(entry))} for entry in arguments.get("Records", ())]
            return {"FailedPutCount": 0, "RequestResponses": answers}
        case "iot-data", "publish":
            return {}
        case "scheduler", "create_schedule" | "update_schedule":
            return {"ScheduleArn": f"arn:aws:scheduler:::schedule/default/{arguments.get('Name', '')}"}
    return None


def _json(payload: Any) -> Any:
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else str(payload)
    try:
        return json.loads(text)
    except ValueError:
        return {}
