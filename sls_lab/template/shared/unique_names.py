"""Keep apart what several templates of one application call alike.

Each template is deployed as a stack of its own. A name that the deployment makes up for the queue `Queue` of one is
another than that for the queue `Queue` of the next, and so are their stacks' names; region and account are shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

from sls_lab.facts import Diagnostic, Hole, HoleKind, Pattern, Reason, Span
from sls_lab.template.shared.stack_links import STACK_NAMES, of_stack
from sls_lab.template.shared.template_part import TemplatePart


def separate(parts: list[TemplatePart]) -> list[TemplatePart]:
    """The parts with holes of their own: a label that two of them use gets the template's path after it."""
    if len(parts) < 2:
        return parts
    counts = Counter(label for part in parts for label in set(_generated(part)))
    shared = {label for label, count in counts.items() if count > 1}
    shared |= {label for part in parts for label in _given_to_others(part)}
    renamed: list[TemplatePart] = []
    for part in parts:
        own = [Hole(label, HoleKind.FIXED) for label in STACK_NAMES]
        own += [Hole(label, HoleKind.GENERATED) for label in shared]
        renamed.append(_renamed(part, {hole: of_stack(hole, part.files[0]) for hole in own}))
    return renamed


def _generated(part: TemplatePart) -> Iterator[str]:
    for resource in part.resources:
        yield from _labels(resource.name)
    for function in part.functions:
        yield from _labels(function.deployed_name)
    for relay in part.relays:
        yield from _labels(relay.target)


def _given_to_others(part: TemplatePart) -> Iterator[str]:
    """The labels that others know, with this template's path after them."""
    suffix = f" of {part.files[0]}"
    for value in (*part.outputs.values(), *(value for child in part.children for value in child.parameters.values())):
        yield from (label.removesuffix(suffix) for label in _labels(value) if label.endswith(suffix))


def _labels(name: Pattern) -> Iterator[str]:
    return (hole.label for hole in name.holes if hole.kind is HoleKind.GENERATED)


def _renamed_parts(parts: tuple[str | Hole, ...], holes: Mapping[Hole, Hole]) -> tuple[str | Hole, ...]:
    """The parts of a pattern, and what its made-up names begin with, with the holes replaced."""
    return tuple(
        replace(holes.get(part, part), begins=_renamed_parts(part.begins, holes)) if isinstance(part, Hole) else part
        for part in parts
    )


def _renamed(value: Any, holes: Mapping[Hole, Hole]) -> Any:
    """The same value with the holes replaced wherever they occur; what contains none of them stays as it is."""
    if value is None or isinstance(value, str | int | float | Span | Reason | Diagnostic):
        return value
    if isinstance(value, Pattern):
        return Pattern(_renamed_parts(value.parts, holes)) if value.holes else value
    if isinstance(value, tuple):
        items = tuple(_renamed(item, holes) for item in value)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items
    if isinstance(value, Mapping):
        entries = {key: _renamed(entry, holes) for key, entry in value.items()}
        return value if all(entries[key] is entry for key, entry in value.items()) else MappingProxyType(entries)
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: getattr(value, field.name) for field in fields(value)}
        changed = {name: new for name, old in found.items() if (new := _renamed(old, holes)) is not old}
        return replace(value, **changed) if changed else value
    return value
