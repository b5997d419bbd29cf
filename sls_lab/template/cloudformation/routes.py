"""Resources that lead events to functions and to other resources, where the facts of their service say all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sls_lab.aws.arn import arn_name
from sls_lab.aws.model import Route, Target
from sls_lab.aws.registry import FACTS, facts_of
from sls_lab.aws.triggers import exposure
from sls_lab.facts import Pattern
from sls_lab.template.model import Relay, Resource, Trigger
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.paths import value_at, values_at
from sls_lab.template.shared.trigger_collector import Collector, because, settings, target_of


def read_routes(collector: Collector) -> None:
    """Each route that the facts of any service know: a function is woken, what else is reached is a relay."""
    for facts in FACTS.values():
        for route in facts.routes:
            for resource in collector.of_type(route.type):
                declared = _Declared(collector, route, resource, route.client or facts.client)
                if not declared.is_off():
                    declared.read()


@dataclass(frozen=True, slots=True)
class _Declared:
    """One resource that is a route for events of the service `client`."""

    collector: Collector
    route: Route
    resource: Resource
    client: str

    def is_off(self) -> bool:
        """Whether the template switches it off."""
        if self.route.off is None:
            return False
        path, closed = self.route.off
        found = value_at(self.resource.properties, path)
        return found is not None and str(found.pattern).lower() == closed.lower()

    def read(self) -> None:
        """Note all that it leads to."""
        properties = self.resource.properties
        given = settings(**{name: value_at(properties, path) for name, path in self.route.settings.items()})
        for target in self.route.targets:
            itself = Node(self.resource.name, self.resource.span)
            for node in values_at(properties, target.path) if target.path else (itself,):
                self._lead(target, node, given)

    def _source(self) -> Pattern | None:
        """The name of the resource where the events arise, None for events from outside."""
        if self.route.source is None:
            return None
        shared = facts_of(self.client).shared
        if shared:
            return Pattern.of(shared)
        if not self.route.source:
            return self.resource.name
        found = value_at(self.resource.properties, self.route.source)
        return arn_name(self.client, found.pattern) if found is not None and found.pattern is not None else None

    def _lead(self, target: Target, node: Node, given: Mapping[str, Node]) -> None:
        if node.pattern is None:
            return
        source, span = self._source(), self.resource.span
        raised_by = self.client if source is not None else None
        if target.client in ("", "lambda") and self.collector.function(node.pattern) is not None:
            reasons = because(f"{self.resource.logical_id} calls the function", span, node)
            trigger = Trigger(self.route.trigger, raised_by, source, given, span, reasons)
            self.collector.wake_target(node, trigger, self.resource.logical_id)
            return
        found = (target.client, arn_name(target.client, node.pattern)) if target.client else target_of(node.pattern)
        if found is None or found[0] == "lambda":
            return
        reasons = because(f"{self.resource.logical_id} hands it on to {found[1]}", span, node)
        if source is None:
            if exposure(self.route.trigger) == "public":
                self.collector.open_to_all(*found, span, reasons)
            return
        self.collector.relays.append(Relay(self.client, source, *found, given, span, reasons))
