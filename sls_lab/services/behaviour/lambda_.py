"""AWS Lambda: one function invokes another.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import ast

from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import arguments, build
from sls_lab.services.call_values import View
from sls_lab.services.model import NO_FACTS, Passage, Payload, Raised
from sls_lab.services.service import Service
from sls_lab.template.shared.trigger_settings import Settings

SERVICE = "lambda"
_FUNCTION = ("FunctionName", "function_name", "func_name")
# `invoke_with_response_stream` and the older `invoke_async` hand over the same document.
_PAYLOADS = {"invoke": "Payload", "invoke_with_response_stream": "Payload", "invoke_async": "InvokeArgs"}


class Lambda(Service):
    """AWS Lambda: one function invokes another."""

    client = SERVICE

    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """The invocation; a dry run invokes nothing."""
        if call.service != SERVICE or call.api not in _PAYLOADS:
            return ()
        kind = arguments.argument(call, "InvocationType")
        if kind is not None and kind.values and all(value.text == "DryRun" for value in kind.values):
            return ()
        functions = arguments.resource_names(call, view, SERVICE, *_FUNCTION)
        because = (arguments.call_reason(call), *arguments.naming_reasons(call, "function", functions, *_FUNCTION))
        arns = tuple(map(self.arn, functions))
        return (Raised(SERVICE, functions, ("lambda:InvokeFunction",), arns, ("",), NO_FACTS, because),)

    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """The document that the call hands over, read from its JSON."""
        word = _PAYLOADS[call.api]
        written = arguments.sent(call, view, word, "Payload", "payload")
        found = arguments.argument(call, word, "Payload", "payload")
        value = build.record({}) if written is None else view.parsed(written)
        because = (Reason("the payload, read from its JSON, is the event object", found.span if found else call.span),)
        return Payload(SERVICE, {"input": value}, event.names, event.facts, (), because)

    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """Nothing filters an invocation."""
        return Passage(Verdict.YES, (), event)

    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """The payload."""
        return event.parts["input"]

    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """The payload is the event object."""
        return self.document(events[0], settings)

    def is_asynchronous(self, call: BotoCall) -> Verdict:
        """Whether the type of the invocation is `Event`."""
        if call.api == "invoke_async":
            return Verdict.YES
        kind = arguments.argument(call, "InvocationType")
        if kind is None:
            return Verdict.MAYBE if "**" in call.arguments else Verdict.NO
        return Verdict.any(value.equals(Pattern.of("Event")) for value in kind.values) if kind.values else Verdict.MAYBE


BEHAVIOUR: Service = Lambda()
