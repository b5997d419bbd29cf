"""Paths into a resource's properties."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from sls_lab.facts import Pattern, Span
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.paths import value_at, values_at

SPAN = Span("template.yaml", 1, 0, 1, 1)


def node(value: object) -> Node:
    """A tree of nodes for a plain value."""
    match value:
        case dict():
            return Node(MappingProxyType({key: node(inner) for key, inner in value.items()}), SPAN)
        case list():
            return Node(tuple(node(inner) for inner in value), SPAN)
    return Node(Pattern.of(str(value)), SPAN)


TREE = node(
    {
        "Rule": {"Actions": [{"A": "1"}, {"B": "2"}, {"A": "3"}]},
        "One": {"Parts": [{"Name": "x", "Value": "4"}, {"Name": "y", "Value": "5"}]},
        "Two": {"Parts": "none"},
    }
)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Rule.Actions[].A", ["1", "3"]),
        ("Rule.Actions[].C", []),
        ("One.Parts[Name=y].Value", ["5"]),
        ("*.Parts[Name=x].Value", ["4"]),
        ("Two.Parts[].A", []),
        ("Two.Parts", ["none"]),
        ("Nothing.Here", []),
    ],
)
def test_values_at_a_path(path: str, expected: list[str]) -> None:
    assert [found.text for found in values_at(TREE, path)] == expected
    first = value_at(TREE, path)
    assert (first.text if first is not None else None) == (expected[0] if expected else None)


def test_what_is_no_path_is_an_error() -> None:
    with pytest.raises(ValueError, match="is not a step of a path"):
        values_at(TREE, "Rule.[]")
