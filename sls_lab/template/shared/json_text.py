"""JSON text with holes: written from nodes and read back into them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from sls_lab.facts import Hole, Pattern, Span
from sls_lab.template.shared.node import Node, NodeValue

# A hole travels through the JSON parser as one character of a private use area, its index added to this one.
_FIRST = 0xF0000
_LAST = 0x10FFFF
_MAX_DEPTH = 64


def to_json(node: Node) -> Pattern:
    """The node as one line of JSON; the holes of its strings stay holes."""
    match node.value:
        case Pattern() as text:
            escaped = (json.dumps(part)[1:-1] if isinstance(part, str) else part for part in text.parts)
            return Pattern.of('"', *escaped, '"')
        case tuple() as items:
            return Pattern.of("[", _separated([to_json(item) for item in items]), "]")
        case Mapping() as entries:
            written = [Pattern.of(json.dumps(key), ": ", to_json(entry)) for key, entry in entries.items()]
            return Pattern.of("{", _separated(written), "}")
        case scalar:
            return Pattern.of(json.dumps(scalar))


def from_json(text: Pattern, span: Span) -> Node | None:
    """The tree of a JSON document, each node with the span of its source; None where it does not parse.

    A hole may be part of a string or a whole value.
    """
    holes: list[Hole] = []
    pieces: list[str] = []
    quoted = False
    for part in text.parts:
        if isinstance(part, Hole):
            marker = chr(_FIRST + len(holes))
            holes.append(part)
            pieces.append(marker if quoted else f'"{marker}"')
        else:
            pieces.append(part)
            quoted = _ends_quoted(part, quoted)
    if len(holes) > _LAST - _FIRST:
        return None
    try:
        tree = json.loads("".join(pieces), strict=False)
    except (ValueError, RecursionError):
        return None
    return _node(tree, holes, span, 0)


def _ends_quoted(text: str, quoted: bool) -> bool:
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and quoted:
            escaped = True
        elif character == '"':
            quoted = not quoted
    return quoted


def _node(tree: object, holes: list[Hole], span: Span, depth: int) -> Node | None:
    if depth > _MAX_DEPTH:
        return None
    value: NodeValue
    match tree:
        case str():
            value = _unmarked(tree, holes)
        case list():
            items = [_node(item, holes, span, depth + 1) for item in tree]
            if None in items:
                return None
            value = tuple(item for item in items if item is not None)
        case dict():
            entries = {str(key): _node(entry, holes, span, depth + 1) for key, entry in tree.items()}
            if None in entries.values():
                return None
            value = MappingProxyType({key: entry for key, entry in entries.items() if entry is not None})
        case bool() | int() | float() | None:
            value = tree
        case _:
            return None
    return Node(value, span)


def _unmarked(text: str, holes: list[Hole]) -> Pattern:
    if not holes:
        return Pattern.of(text)
    pieces = (
        holes[ord(character) - _FIRST] if _FIRST <= ord(character) < _FIRST + len(holes) else character
        for character in text
    )
    return Pattern.of(*pieces)


def _separated(patterns: list[Pattern]) -> Pattern:
    parts: list[Pattern | str] = []
    for index, pattern in enumerate(patterns):
        parts.extend((", ", pattern) if index else (pattern,))
    return Pattern.of(*parts)
