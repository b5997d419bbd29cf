"""Triggers, relays and subscriptions that a template declares as resources of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.custom_resources import read_custom_resources
from sls_lab.template.cloudformation.event_sources import read_mappings, read_pipes, read_rules
from sls_lab.template.cloudformation.http_entries import read_apis, read_other_doors, read_urls
from sls_lab.template.cloudformation.invoke_permissions import read_permissions
from sls_lab.template.cloudformation.openings import read_openings
from sls_lab.template.cloudformation.routes import read_routes
from sls_lab.template.cloudformation.subscriptions import read_buckets, read_destinations, read_topics
from sls_lab.template.model import Relay, Resource, Subscription, Trigger
from sls_lab.template.shared.template_part import Log
from sls_lab.template.shared.trigger_collector import Collector


@dataclass(frozen=True, slots=True)
class DeclaredTriggers:
    """What is declared outside the functions; `triggers` are by function name."""

    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    relays: tuple[Relay, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()


def read_declared(
    resources: tuple[Resource, ...],
    functions: Mapping[Pattern, str],
    log: Log,
    known: Mapping[str, tuple[Trigger, ...]] | None = None,
) -> DeclaredTriggers:
    """Read them from the resolved resources; `functions` gives a function's name by its deployed name.

    `known` are the triggers that the functions themselves declare. They are not repeated; a `Lambda::Permission`
    counts as evidence of a trigger only where neither they nor another resource says so.
    """
    collector = Collector(functions, resources, log)
    read_mappings(collector)
    read_topics(collector)
    read_buckets(collector)
    read_rules(collector)
    read_pipes(collector)
    read_destinations(collector)
    read_apis(collector)
    read_urls(collector)
    read_custom_resources(collector)
    read_other_doors(collector)
    read_routes(collector)
    read_permissions(collector, known or {})
    read_openings(collector)
    triggers = {function: tuple(found) for function, found in collector.triggers.items()}
    return DeclaredTriggers(triggers, tuple(collector.relays), tuple(collector.subscriptions))
