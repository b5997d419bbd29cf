"""A template's tree after its variables and intrinsic functions were resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sls_lab.facts import Pattern, Reason, Span

NodeValue = Pattern | int | float | bool | None | tuple["Node", ...] | MappingProxyType[str, "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """One resolved value, the place it is written at, and how it came to be.

    A string is a `Pattern`, a list a tuple, a mapping a read-only view with string keys. `because` is empty for what
    is written out, and holds one reason a step for what a variable or an intrinsic function gave. `key` is the place
    of the key that the value has in its mapping.
    """

    value: NodeValue
    span: Span
    because: tuple[Reason, ...] = ()
    key: Span | None = None

    @property
    def text(self) -> str | None:
        """The string where it is one and is known in full, else None."""
        return self.value.text if isinstance(self.value, Pattern) else None

    @property
    def pattern(self) -> Pattern | None:
        """The scalar as a string pattern (a number or truth value as YAML writes it), else None."""
        match self.value:
            case Pattern() as pattern:
                return pattern
            case bool() as truth:
                return Pattern.of("true" if truth else "false")
            case int() | float() as number:
                return Pattern.of(str(number))
            case _:
                return None

    @property
    def mapping(self) -> Mapping[str, Node]:
        """The mapping, empty when the value is something else."""
        return self.value if isinstance(self.value, MappingProxyType) else EMPTY

    @property
    def items(self) -> tuple[Node, ...]:
        """The list, empty when the value is something else."""
        return self.value if isinstance(self.value, tuple) else ()

    def get(self, *path: str) -> Node | None:
        """The node at `path` through nested mappings, or None."""
        node: Node | None = self
        for key in path:
            if node is None:
                return None
            node = node.mapping.get(key)
        return node

    def listed(self) -> Iterator[Node]:
        """The elements of a list; a single value counts as a list of one, null as an empty one."""
        if isinstance(self.value, tuple):
            yield from self.value
        elif self.value is not None:
            yield self


#: The mapping that holds nothing.
EMPTY: Final[MappingProxyType[str, Node]] = MappingProxyType({})
