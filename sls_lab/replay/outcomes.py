"""What happens after a handler has ended: another try, a dead-letter queue, a destination.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-retries.html and
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sls_lab.replay import shapes
from sls_lab.replay.deployment import function_arn, plain
from sls_lab.replay.hop_builder import HopBuilder
from sls_lab.replay.model import Note
from sls_lab.replay.raised_events import name_of, raised_events
from sls_lab.replay.stations import Event, relayed
from sls_lab.replay.wires import DEAD_LETTER

if TYPE_CHECKING:
    from sls_lab.replay.simulation import Pending, Simulation

TRIES: Final = 3


class Outcomes:
    """Settles each delivery after its hop."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._redrives = self._dead_letter_queues()

    def settle(self, pending: Pending, hop: HopBuilder) -> None:
        """Deliver again what failed, up to three times, then give it up; hand results to destinations."""
        way = pending.way
        failed = hop.failed
        again = way.event
        if way.queue and not failed:
            left = _not_done(hop)
            failed = bool(left)
            again = {"Records": left}
        if failed:
            most = self._redrives.get(way.queue, ("", TRIES))[1] if way.queue else TRIES
            if pending.attempt < most:
                event = _received_again(again, pending.attempt + 1) if way.queue else again
                self._simulation.later(replace(pending, way=replace(way, event=event), attempt=pending.attempt + 1))
                return
            self._given_up(pending, hop, again)
        elif way.asynchronous and way.function is not None:
            self._handed_on(hop, "OnSuccess", way.event)

    def _given_up(self, pending: Pending, hop: HopBuilder, event: Any) -> None:
        way = pending.way
        if way.queue in self._redrives:
            for record in event.get("Records", []):
                self._sent(hop, self._redrives[way.queue][0], record["body"])
            return
        if way.function is None:
            return
        self._handed_on(hop, "OnFailure", event)
        letters = self._letters_of(way.function)
        if letters and way.asynchronous:
            self._sent(hop, letters, json.dumps(event))
        hop.notes.append(Note("given-up", f"after {pending.attempt} tries the event is given up", hop.span))

    def _handed_on(self, hop: HopBuilder, condition: str, event: Any) -> None:
        simulation = self._simulation
        function = simulation.deployment.template.function(hop.handler)
        for relay in simulation.wires.outcomes(hop.handler, condition):
            record = shapes.outcome_record(
                event,
                function_arn(function, simulation.deployment.region),
                result=hop.result,
                error=hop.error,
                error_type=hop.error_type,
                tries=hop.attempt,
            )
            if relay.target_service == "events":
                kind = "Success" if condition == "OnSuccess" else "Failure"
                detail_type = f"Lambda Function Invocation Result - {kind}"
                content = {"source": "lambda", "detail-type": detail_type, "detail": record}
                handed = Event("events", str(relay.target), content)
            else:
                handed = relayed(Event("lambda", str(relay.source), {"input": record}), relay)
            ways = simulation.wires.woken([handed], (f"{relay.target_service}:{relay.target}",))
            simulation.spread(hop, None, ways, relay.target_service, str(relay.target))

    def _sent(self, hop: HopBuilder, queue: str, body: str) -> None:
        """A message for a dead-letter queue."""
        simulation = self._simulation
        url = f"https://sqs.{simulation.deployment.region}.amazonaws.com/123456789012/{queue}"
        arguments = {"QueueUrl": url, "MessageBody": body}
        answer = simulation.own("sqs", "send_message", arguments)
        if answer["outcome"] == "failed":
            hop.notes.append(
                Note("dead-letter-lost", f"the dead-letter queue {queue} takes nothing: {answer['error']}")
            )
            return
        hop.notes.append(
            Note("dead-letter", f"after {hop.attempt} tries the event goes to the queue {queue}", hop.span)
        )
        for group in raised_events("sqs", "send_message", arguments, answer):
            simulation.spread(hop, None, simulation.wires.woken(group), "sqs", queue)

    def _dead_letter_queues(self) -> dict[str, tuple[str, int]]:
        """By queue, the one that takes what fails, and after how many tries."""
        found = {}
        for relay in self._simulation.deployment.template.relays:
            if relay.source_service == "sqs" and DEAD_LETTER in relay.settings:
                count = str(plain(relay.settings[DEAD_LETTER]))
                tries = min(int(count), TRIES) if count.isdigit() else TRIES
                found[str(relay.source)] = (str(relay.target), max(1, tries))
        return found

    def _letters_of(self, name: str) -> str:
        """The dead-letter queue of a function."""
        letters = self._simulation.deployment.template.function(name).dead_letters
        return next((name_of("sqs", str(arn)) for arn in letters if ":sqs:" in str(arn)), "")


def _not_done(hop: HopBuilder) -> list[Any]:
    """The messages that a handler reports as failed.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    result = hop.result if isinstance(hop.result, dict) else {}
    failures = result.get("batchItemFailures")
    if not isinstance(failures, list):
        return []
    names = {one.get("itemIdentifier") for one in failures if isinstance(one, dict)}
    return [record for record in hop.event.get("Records", []) if record.get("messageId") in names]


def _received_again(event: Any, count: int) -> Any:
    records = [
        {**record, "attributes": {**record["attributes"], "ApproximateReceiveCount": str(count)}}
        for record in event.get("Records", [])
    ]
    return {**event, "Records": records}
