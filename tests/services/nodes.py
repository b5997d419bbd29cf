"""Values of a template, as its reader gives them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from sls_lab.facts import Pattern, Span
from sls_lab.template.shared.node import Node

PLACE = Span("template.yaml", 1, 0, 1, 1)


def node(value: Any) -> Node:
    """A template's value."""
    if isinstance(value, dict):
        return Node(MappingProxyType({key: node(inner) for key, inner in value.items()}), PLACE)
    if isinstance(value, list):
        return Node(tuple(map(node, value)), PLACE)
    return Node(Pattern.of(value) if isinstance(value, str) else value, PLACE)
