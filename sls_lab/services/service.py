"""What each service must be able to answer: one class for each in `sls_lab/services/behaviour`."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sls_lab.aws.arn import resource_arn
from sls_lab.code.model import BotoCall
from sls_lab.facts import Pattern, Verdict
from sls_lab.services import build
from sls_lab.services.call_values import View
from sls_lab.services.inputs import transformed
from sls_lab.services.model import NO_FACTS, Element, Passage, Payload, Raised, StoredContent
from sls_lab.template.shared.trigger_settings import Settings

_GIVEN_LISTS = frozenset({"lambda", "stepfunctions"})


@dataclass(frozen=True, slots=True)
class HandedOn:
    """What the service `sender` passes on to another: a JSON document.

    `generators` are the clauses around `value`, as in `Element`; `written` is the string where one was given,
    `attributes` go with a message.
    """

    sender: str
    value: ast.expr
    generators: tuple[ast.comprehension, ...] = ()
    written: ast.expr | None = None
    attributes: ast.expr | None = None

    @property
    def text(self) -> ast.expr:
        """The string that arrives where a string is expected."""
        return self.written if self.written is not None else build.dumps(self.value)


def piped(sender: str, document: ast.expr, event: Payload, target: str, settings: Settings) -> HandedOn:
    """A record as a pipe hands it on: functions and state machines are given a list of such.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
    """
    value = transformed(document, settings)
    if target in _GIVEN_LISTS:
        return HandedOn(sender, ast.List([build.single(Element(value, event.generators))], ast.Load()))
    return HandedOn(sender, value, event.generators)


class Service(Protocol):
    """The behaviour of one service; `client` is the name of its boto3 client.

    `one_by_one` says that each event wakes a function separately, although one call raised several.
    """

    client: str
    one_by_one: bool = False

    @abstractmethod
    def raised(self, call: BotoCall, view: View) -> tuple[Raised, ...]:
        """The events that a call of this service may raise; none for a call that wakes no function."""

    @abstractmethod
    def payload(self, event: Raised, call: BotoCall, view: View) -> Payload:
        """What travels of an event that `call` has raised."""

    @abstractmethod
    def document(self, event: Payload, settings: Settings) -> ast.expr:
        """One event or record as filters and other services see it."""

    @abstractmethod
    def lambda_event(self, events: tuple[Payload, ...], settings: Settings) -> ast.expr:
        """The event object of a function that is woken by a trigger of this service with these settings."""

    @abstractmethod
    def check(self, event: Payload, settings: Settings, view: View) -> Passage:
        """Whether the settings of a trigger or relay let an event pass."""

    def arn(self, name: Pattern, facts: Mapping[str, tuple[Pattern, ...]] = NO_FACTS) -> Pattern:
        """The ARN that a call needs its permission on, for the resource called `name` and the event's `facts`."""
        return resource_arn(self.client, name)

    def handed_on(self, event: Payload, target: str, settings: Settings, view: View) -> HandedOn | Payload:
        """What of an event is passed on to the service `target`, by a relay with these settings.

        That is a document, or what arrives there where that is of the sender's own making.
        """
        return HandedOn(self.client, self.document(event, settings), event.generators)

    def received(self, handed: HandedOn, target: Pattern, settings: Settings, view: View) -> Payload:
        """What becomes of a document that another service passes on to the resource called `target` of this one."""
        return Payload(self.client, {"input": build.single(Element(handed.value, handed.generators))})

    def needed(self, call: BotoCall, view: View) -> tuple[tuple[str, Pattern], ...]:
        """The permissions that a call needs which raises no event, as pairs of action and ARN; none if not known."""
        return ()

    def stored(self, call: BotoCall, view: View) -> StoredContent | None:
        """What the call makes the content of an object, None for calls that store none."""
        return None

    def is_asynchronous(self, call: BotoCall) -> Verdict:
        """Whether a call that invokes a function leaves the event with Lambda and does not wait for the result."""
        return Verdict.NO
