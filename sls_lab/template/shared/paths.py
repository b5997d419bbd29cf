"""Find values in a resource's properties by a path, as the facts about AWS write it.

A path is keys joined by dots. `*` is every key of a mapping, `Key[]` every entry of the list at `Key`, and
`Key[Name=Value]` every entry whose `Name` is `Value`: `Rule.Actions[].LambdaAction.FunctionArn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sls_lab.template.shared.node import Node

_STEP = re.compile(r"(?P<key>[^\[]+)(?P<list>\[(?:(?P<name>\w+)=(?P<value>[^\]]*))?\])?")


def values_at(node: Node, path: str) -> tuple[Node, ...]:
    """All values at `path` below `node`, in the order written."""
    found: tuple[Node, ...] = (node,)
    for step in path.split("."):
        found = tuple(inner for outer in found for inner in _step(outer, step))
    return found


def value_at(node: Node, path: str) -> Node | None:
    """The first value at `path` below `node`, None if there is none."""
    return next(iter(values_at(node, path)), None)


def _step(node: Node, step: str) -> Iterator[Node]:
    parsed = _STEP.fullmatch(step)
    if parsed is None:
        raise ValueError(f"{step!r} is not a step of a path")
    key = parsed["key"]
    below = node.mapping.values() if key == "*" else [inner for inner in (node.get(key),) if inner is not None]
    if parsed["list"] is None:
        yield from below
        return
    for inner in below:
        for entry in inner.items:
            given = entry.get(parsed["name"]) if parsed["name"] else None
            if parsed["name"] is None or (given is not None and given.text == parsed["value"]):
                yield entry
