"""Triggers, relays and subscriptions that a template declares as resources of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sls_lab.facts import Pattern
from sls_lab.template.model import Relay, Resource, Subscription, Trigger
from sls_lab.template.parts import Log


@dataclass(frozen=True, slots=True)
class Declared:
    """What stands outside the functions; `triggers` are by function name."""

    triggers: Mapping[str, tuple[Trigger, ...]] = field(default_factory=dict)
    relays: tuple[Relay, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()


def read_declared(resources: tuple[Resource, ...], functions: Mapping[Pattern, str], log: Log) -> Declared:
    """Read them from the resolved resources; `functions` gives a function's name by its deployed name."""
    raise NotImplementedError
