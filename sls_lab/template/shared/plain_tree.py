"""A raw tree as nodes, for templates whose strings hold no variables of a framework."""

from __future__ import annotations

from types import MappingProxyType

from sls_lab.facts import Pattern
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.raw_tree import RawNode


def plain_node(raw: RawNode) -> Node:
    """The tree with each string as a known pattern; places and keys stay."""
    value = raw.value
    if isinstance(value, str):
        return Node(Pattern.of(value), raw.span, (), raw.key)
    if isinstance(value, tuple):
        return Node(tuple(map(plain_node, value)), raw.span, (), raw.key)
    if isinstance(value, dict):
        entries = {key: plain_node(entry) for key, entry in value.items()}
        return Node(MappingProxyType(entries), raw.span, (), raw.key)
    return Node(value, raw.span, (), raw.key)
