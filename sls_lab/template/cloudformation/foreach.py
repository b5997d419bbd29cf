"""`Fn::ForEach` of CloudFormation's language extensions: one entry of a mapping for each item of a list.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sls_lab.facts import Pattern
from sls_lab.template.cloudformation.intrinsics import resolve_intrinsics
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.shared.node import Node

_PREFIX = "Fn::ForEach::"
_MAX_ENTRIES = 20_000  #: of all loops of a template together; loops within loops multiply


def unfolded(template: Node, scope: Scope) -> Node:
    """The template with every loop replaced by the entries it makes.

    A loop may be an entry of `Resources`, `Conditions`, `Outputs` or of a resource's properties, and may hold loops.
    Its list is resolved in `scope`: written out, a parameter, or found in a mapping. A loop that is malformed or whose
    list is known only at deployment is left out, with a diagnostic.
    """
    return _Unfolding(scope).node(template, {}) if _has_loop(template) else template


def _has_loop(node: Node) -> bool:
    pending = [node.value]
    while pending:
        here = pending.pop()
        if isinstance(here, MappingProxyType):
            if any(key.startswith(_PREFIX) for key in here):
                return True
            below: Iterable[Node] = here.values()
        elif isinstance(here, tuple):
            below = here
        else:
            continue
        pending += [one.value for one in below]
    return False


@dataclass(frozen=True, slots=True)
class _Loop:
    identifier: str
    items: tuple[str, ...]
    entries: Node


class _Unfolding:
    """Writes out the loops of one template; `named` are the identifiers of the loops around a place."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.left = _MAX_ENTRIES

    def node(self, node: Node, named: Mapping[str, str]) -> Node:
        if isinstance(node.value, tuple):
            return Node(tuple(self.node(item, named) for item in node.items), node.span, node.because, node.key)
        if isinstance(node.value, MappingProxyType):
            referred = node.mapping.get("Ref") if len(node.mapping) == 1 else None
            item = named.get(referred.text or "") if referred is not None else None
            if item is not None:
                return Node(Pattern.of(item), node.span, node.because, node.key)
            entries = dict(self._entries(node, named))
            return Node(MappingProxyType(entries), node.span, node.because, node.key)
        if isinstance(node.value, Pattern) and named:
            parts = (_substituted(part, named) if isinstance(part, str) else part for part in node.value.parts)
            return Node(Pattern.of(*parts), node.span, node.because, node.key)
        return node

    def _entries(self, node: Node, named: Mapping[str, str]) -> Iterator[tuple[str, Node]]:
        for key, entry in node.mapping.items():
            if not key.startswith(_PREFIX):
                yield _substituted(key, named), self.node(entry, named)
                continue
            loop = self._loop(key, entry, named)
            for item in loop.items if loop is not None else ():
                assert loop is not None
                self.left -= 1
                if self.left < 0:
                    if self.left == -1:  # said once; the loops around this one go on to the same answer
                        message = f"This template's loops make more than {_MAX_ENTRIES:,} entries: shorten the lists."
                        self.scope.log.say("loop-too-long", message, entry.span)
                    return
                yield from self._entries(loop.entries, {**named, loop.identifier: item})

    def _loop(self, key: str, entry: Node, named: Mapping[str, str]) -> _Loop | None:
        identifier = entry.items[0].text if len(entry.items) == 3 else None
        if identifier is None or not entry.items[2].mapping:
            message = f"{key} is left out: it takes a name, a list, and a mapping of what each item makes."
            self.scope.log.say("loop-malformed", message, entry.span)
            return None
        resolved = resolve_intrinsics(self.node(entry.items[1], named), self.scope)
        texts = [item.pattern.text if item.pattern is not None else None for item in resolved.items]
        if not isinstance(resolved.value, tuple) or None in texts:
            message = f"The list of {key} is known only at deployment, so it is not unfolded: give its value."
            self.scope.log.say("loop-not-unfolded", message, entry.items[1].span)
            return None
        return _Loop(identifier, tuple(text for text in texts if text is not None), entry.items[2])


def _substituted(text: str, named: Mapping[str, str]) -> str:
    """`text` with `${Name}` replaced by an item, and `&{Name}` by the letters and digits of it."""
    if not named or "{" not in text:
        return text

    def item(found: re.Match[str]) -> str:
        value = named.get(found["name"])
        if value is None:
            return found[0]
        return value if found["mark"] == "$" else re.sub(r"[^A-Za-z0-9]", "", value)

    return re.sub(r"(?P<mark>[$&])\{(?P<name>[A-Za-z0-9]+)\}", item, text)
