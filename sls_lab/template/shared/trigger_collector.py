"""Collects what wakes the functions of one template."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sls_lab.aws.arn import Arn, arn_name, parse_arn
from sls_lab.aws.registry import facts_by_word
from sls_lab.facts import Pattern, Reason, Span
from sls_lab.template.model import ANYONE, OUTSIDE, Relay, Resource, Subscription, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log


@dataclass(slots=True)
class Collector:
    """Triggers by function name, relays and subscriptions, while a template is read.

    `functions` gives a function's name by its deployed name; `resources` are the template's, resolved.
    """

    functions: Mapping[Pattern, str]
    resources: tuple[Resource, ...]
    log: Log
    triggers: dict[str, list[Trigger]] = field(default_factory=dict)
    relays: list[Relay] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)
    by_name: dict[tuple[str, Pattern], Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for resource in self.resources:
            self.by_name.setdefault((resource.type, resource.name), resource)

    def of_type(self, *types: str) -> Iterable[Resource]:
        """The resources of any of these types, in order."""
        return (resource for resource in self.resources if resource.type in types)

    def named(self, type_name: str, name: Pattern) -> Resource | None:
        """The resource of this type that is called `name`, or None."""
        return self.by_name.get((type_name, name))

    def function(self, reference: Pattern) -> str | None:
        """The function that a name, an ARN or an API integration's URI means, None where it is not of this template."""
        return self.functions.get(arn_name("lambda", reference))

    def open_to_all(
        self, service: str, name: Pattern, span: Span, why: tuple[Reason, ...], given: Mapping[str, Node] | None = None
    ) -> None:
        """Note that anyone may send to the resource called `name` of `service`, without a function in between."""
        self.relays.append(Relay(OUTSIDE, ANYONE, service, name, given or {}, span, why))

    def wake(self, function: str, trigger: Trigger) -> None:
        """Note one trigger of a function."""
        self.triggers.setdefault(function, []).append(trigger)

    def wake_target(self, target: Node, trigger: Trigger, what: str) -> None:
        """Note the trigger of the function that `target` means; one that is not of this template is a note."""
        function = self.function(target.pattern) if target.pattern is not None else None
        if function is None:
            message = f"{what} wakes {target.pattern}, which is not a function of this template: it is left out."
            self.log.say("target-unknown", message, target.span)
            return
        self.wake(function, trigger)


def target_of(reference: Pattern) -> tuple[str, Pattern] | None:
    """The boto3 client and the name of the resource that an ARN means, None for other services and unknown ones."""
    arn: Arn | None = parse_arn(reference)
    facts = facts_by_word(arn.service.text or "") if arn else None
    return (facts.client, arn_name(facts.client, reference)) if facts is not None and facts.target else None


def written_arn(node: Node | None) -> Pattern | None:
    """The ARN that a template writes out in full, None for what it puts together or only names."""
    known = node is not None and node.text is not None and not node.because
    return node.pattern if known and node is not None and node.pattern and parse_arn(node.pattern) else None


def settings(**entries: Node | None) -> Mapping[str, Node]:
    """The settings that are there."""
    return MappingProxyType({name: node for name, node in entries.items() if node is not None})


def word(text: str, span: Span) -> Node:
    """A setting that the template implies without writing it."""
    return Node(Pattern.of(text), span)


def because(text: str, span: Span, *nodes: Node | None) -> tuple[Reason, ...]:
    """A reason of its own, then those of the values it rests on, each once."""
    inner = (reason for node in nodes if node is not None for reason in node.because)
    return tuple(dict.fromkeys((Reason(text, span), *inner)))
