"""AWS Step Functions: executions started run the first tasks of a state machine.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import ast

from sls_lab.aws.registry import facts_of
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, Passage, Payload, Raised
from sls_lab.services.service import HandedOn, Service
from sls_lab.services.stepfunctions import RESUMING
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "stepfunctions"
# An execution is announced in each of them, one after the other.
_STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")
_MACHINE = ("stateMachineArn",)
_ACTIONS = {"start_execution": "states:StartExecution", "start_sync_execution": "states:StartSyncExecution"}


class StepFunctions(Service):
    """AWS Step Functions: executions started run the first tasks of a state machine."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """The execution."""
        if call.service == SERVICE and call.api == RESUMING:
            action = ("states:SendTaskSuccess",)
            return (Raised(SERVICE, (), action, (), ("",), NO_FACTS, (arguments.call_reason(call),)),)
        if call.service != SERVICE or call.api not in _ACTIONS:
            return ()
        machines = arguments.resource_names(call, view, SERVICE, *_MACHINE)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "state machine", machines, *_MACHINE))
        arns = tuple(map(self.arn, machines))
        return (Raised(SERVICE, machines, (_ACTIONS[call.api],), arns, ("",), NO_FACTS, because),)

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The execution's input, or the output of the task that goes on, read from its JSON."""
        word, reached = ("output", "next") if call.api == RESUMING else ("input", "first")
        written = arguments.sent(call, view, word)
        value = build.record({}) if written is None else view.parsed(written)
        found = arguments.argument(call, word)
        span = found.span if found else call.span
        because = (Reason(f"the {word}, read from its JSON, reaches the {reached} states", span),)
        return Payload(SERVICE, {"input": value}, event.names, event.facts, (), because)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """The execution's input."""
        return event.parts["input"]

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """The execution's input, where the first state hands it on as it is."""
        return self.document(events[0], settings)

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """Nothing filters an execution."""
        return Passage(Verdict.YES, (), event)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """The input; an event bus gets it as a string in its event about the execution.

        https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
        """
        if target != "events":
            return HandedOn(SERVICE, self.document(event, settings))
        states = ast.List([build.const(status) for status in _STATUSES], ast.Load())
        detail = build.record({"status": build.item(states, 0), "input": build.dumps(self.document(event, settings))})
        source, kind = facts_of(SERVICE).announces, "Step Functions Execution Status Change"
        parts: dict[str, ast.expr] = {
            "detail-type": build.const(kind),
            "source": build.const(source),
            "detail": detail,
        }
        return Payload(target, parts, facts={"Source": (Pattern.of(source),), "DetailType": (Pattern.of(kind),)})


BEHAVIOUR: Service = StepFunctions()
