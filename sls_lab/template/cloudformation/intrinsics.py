"""CloudFormation's intrinsic functions, resolved into string patterns.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sls_lab.facts import HoleKind, Pattern, Reason, Verdict
from sls_lab.template.cloudformation.conditions import decide_condition
from sls_lab.template.cloudformation.references import (
    NO_VALUE,
    Meaning,
    find_attribute,
    find_reference,
    referred_names,
)
from sls_lab.template.cloudformation.scope import Implicit, Scope
from sls_lab.template.cloudformation.substitution_syntax import Name, split_pseudo, split_substitution
from sls_lab.template.model import Resolution
from sls_lab.template.shared.json_text import to_json
from sls_lab.template.shared.node import Node, NodeValue

__all__ = ["Implicit", "Scope", "condition_holds", "resolve_intrinsics"]

# Longer than any string that CloudFormation takes (a template has at most 1 MB): names built from names twice each
# would grow without end.
_MAX_LENGTH = 1_000_000
_MAX_PARTS = 10_000
_MAX_LABEL = 200

# Stands for `AWS::NoValue` until the mapping or list around it leaves it out.
_ABSENT: NodeValue = MappingProxyType({})


def resolve_intrinsics(node: Node, scope: Scope) -> Node:
    """Replace each intrinsic function in `node` by its value, with a reason for each step.

    What cannot be known becomes a fixed hole named after it; `AWS::NoValue` removes its entry. A reference to nothing,
    a function with wrong arguments and a circle are diagnostics in `scope.log`. A node in which there is nothing to
    resolve is returned as it is.
    """
    resolved = _resolve(node, scope)
    return Node(None, resolved.span, resolved.because, node.key) if resolved.value is _ABSENT else resolved


def condition_holds(node: Node, scope: Scope) -> Verdict:
    """Whether the `Condition` of a resource, given as a node with the condition's name, holds."""
    if node.text is None:
        return Verdict.MAYBE
    return decide_condition(node.text, scope, lambda inner: resolve_intrinsics(inner, scope), node)


def _resolve(node: Node, scope: Scope) -> Node:
    value = node.value
    if isinstance(value, Pattern):
        if any(isinstance(part, str) and "#{AWS::" in part for part in value.parts):
            replaced = _substituted(node, split_pseudo(value), {}, scope)
            return Node(replaced.value, node.span, replaced.because, node.key)
        return node
    if not isinstance(value, (tuple, MappingProxyType)):
        return node
    with scope.memory.deeper(2) as room:
        return _collection(node, scope) if room else _too_deep(node, scope)


def _collection(node: Node, scope: Scope) -> Node:
    value = node.value
    if isinstance(value, tuple):
        items = tuple(_resolve(item, scope) for item in value)
        if all(new is old for new, old in zip(items, value, strict=True)):
            return node
        return Node(tuple(item for item in items if item.value is not _ABSENT), node.span, node.because, node.key)
    if isinstance(value, MappingProxyType):
        if len(value) == 1:
            [(name, argument)] = value.items()
            function = _FUNCTIONS.get(name)
            if function is not None:
                return _called(name, function, argument, node, scope)
        entries = {key: _resolve(entry, scope) for key, entry in value.items()}
        if all(entries[key] is entry for key, entry in value.items()):
            return node
        kept = {key: entry for key, entry in entries.items() if entry.value is not _ABSENT}
        return Node(MappingProxyType(kept), node.span, node.because, node.key)
    return node


Intrinsic = Callable[[Node, Node, Scope], Node]


def _called(name: str, function: Intrinsic, argument: Node, node: Node, scope: Scope) -> Node:
    # A function is a dozen calls deep at most before the next node is resolved.
    with scope.memory.deeper(12) as room:
        resolved = _bounded(function(argument, node, scope), node, scope) if room else _too_deep(node, scope)
    if resolved.value is not _ABSENT and isinstance(resolved.value, Pattern):
        written, referred = _written(name, argument), referred_names(name, argument)
        scope.log.resolutions.append(Resolution(written, resolved.value, node.span, resolved.because, referred))
    return Node(resolved.value, node.span, (*node.because, *resolved.because), node.key)


def _bounded(resolved: Node, node: Node, scope: Scope) -> Node:
    if not isinstance(resolved.value, Pattern):
        return resolved
    parts = resolved.value.parts
    if len(parts) <= _MAX_PARTS and sum(len(part) for part in parts if isinstance(part, str)) <= _MAX_LENGTH:
        return resolved
    message = f"This string has more than {_MAX_LENGTH:,} characters and is left out: shorten it."
    scope.log.say("string-too-long", message, node.span)
    return _unknown("a string too long to read", node)


def _too_deep(node: Node, scope: Scope) -> Node:
    message = "This refers to names through too many others and is left out: write the value out."
    scope.log.say("reference-too-deep", message, node.span)
    return _unknown("a chain of names too long to follow", node)


def _label(text: str, node: Node) -> str:
    """What an unknown value is called: the same for the same expression, and of bounded length."""
    return text if len(text) <= _MAX_LABEL else f"{text[:_MAX_LABEL]}… at {node.span.place}"


def _written(name: str, argument: Node) -> str:
    short = "!" + name.removeprefix("Fn::")
    if argument.pattern is not None:
        return f"{short} {argument.pattern}"
    first = argument.items[0].pattern if argument.items else None
    if name == "Fn::GetAtt":
        return f"{short} " + ".".join(str(item.pattern) for item in argument.items)
    return f"{short} {first} …" if first is not None else f"{short} …"


def _ref(argument: Node, node: Node, scope: Scope) -> Node:
    name = argument.text
    if name is None:
        return _wrong("Ref", "the name of a parameter or a resource", node, scope)
    if name == NO_VALUE:
        return Node(_ABSENT, node.span)
    found = find_reference(name, scope, _resolver(scope))
    if found is None:
        return _missing(name, node, scope)
    return _node(found, f"!Ref {name}", node)


def _get_att(argument: Node, node: Node, scope: Scope) -> Node:
    pieces = [resolve_intrinsics(item, scope).text for item in argument.items]
    if argument.text is not None:
        pieces = list(argument.text.split(".", 1))
    if len(pieces) < 2 or None in pieces:
        return _wrong("Fn::GetAtt", "a resource and one of its attributes", node, scope)
    name, key = pieces[0] or "", ".".join(piece or "" for piece in pieces[1:])
    found = find_attribute(name, key, scope, _resolver(scope))
    if found is None:
        return _missing(name, node, scope)
    return _node(found, f"!GetAtt {name}.{key}", node)


def _sub(argument: Node, node: Node, scope: Scope) -> Node:
    template, own = argument, dict[str, Node]()
    if argument.items:
        template = resolve_intrinsics(argument.items[0], scope)
        if len(argument.items) > 1:
            own = {key: resolve_intrinsics(value, scope) for key, value in argument.items[1].mapping.items()}
    if not isinstance(template.value, Pattern):
        return _wrong("Fn::Sub", "a string, or a list of a string and a mapping", node, scope)
    return _substituted(Node(template.value, node.span), split_substitution(template.value), own, scope)


def _substituted(node: Node, pieces: Iterator[Pattern | Name], own: Mapping[str, Node], scope: Scope) -> Node:
    value = Pattern.of()
    because: list[Reason] = []
    for piece in pieces:
        if isinstance(piece, Pattern):
            value += piece
            continue
        part = own[piece.text] if piece.text in own else _looked_up(piece.text, node, scope)
        value += part.pattern if part.pattern is not None else Pattern.fixed(piece.text)
        because.extend(reason for reason in part.because if reason not in because)
    return Node(value, node.span, (*node.because, Reason(f"substituted: {value}", node.span, "value"), *because))


def _looked_up(name: str, node: Node, scope: Scope) -> Node:
    found = find_reference(name, scope, _resolver(scope))
    if found is None and "." in name:
        resource, _, key = name.partition(".")
        found = find_attribute(resource, key, scope, _resolver(scope))
    if found is None:
        return _missing(name, node, scope)
    return Node(found.pattern, node.span, found.because)


def _join(argument: Node, node: Node, scope: Scope) -> Node:
    items = argument.items
    separator = resolve_intrinsics(items[0], scope).pattern if len(items) == 2 else None
    if separator is None:
        return _wrong("Fn::Join", "a separator and a list", node, scope)
    listed = _list(items[1], scope)
    if listed is None:
        return _unknown("Fn::Join", node)
    value = Pattern.of()
    because: list[Reason] = []
    for index, item in enumerate(listed):
        piece = item.pattern if item.pattern is not None else Pattern.any("list")
        value = Pattern.of(value, separator if index else "", piece)
        because.extend(reason for reason in item.because if reason not in because)
    return Node(value, node.span, (Reason(f"joined: {value}", node.span, "value"), *because))


def _split(argument: Node, node: Node, scope: Scope) -> Node:
    items = argument.items
    separator = resolve_intrinsics(items[0], scope).text if len(items) == 2 else None
    whole = resolve_intrinsics(items[1], scope) if len(items) == 2 else node
    if not separator or whole.pattern is None:
        return _wrong("Fn::Split", "a separator and a string", node, scope)
    pieces = whole.pattern.split(separator)
    return Node(tuple(Node(piece, node.span, whole.because) for piece in pieces), node.span, whole.because)


def _select(argument: Node, node: Node, scope: Scope) -> Node:
    items = argument.items
    index = resolve_intrinsics(items[0], scope).pattern if len(items) == 2 else None
    if index is None:
        return _wrong("Fn::Select", "an index and a list", node, scope)
    listed = _list(items[1], scope)
    if listed is None or index.text is None:
        return _unknown("Fn::Select", node)
    if not (index.text.isascii() and index.text.isdecimal() and int(index.text) < len(listed)):
        # A piece after an unknown one may exist once that is known, so only a list without holes is a mistake.
        if any(item.pattern and item.pattern.holes for item in listed):
            return _unknown("Fn::Select", node)
        return _wrong("Fn::Select", f"an index below {len(listed)}", node, scope)
    chosen = listed[int(index.text)]
    if _before_unknown(listed, int(index.text)):
        return _unknown("Fn::Select", node)
    why = Reason(f"item {index.text} is selected", node.span, "value")
    return Node(chosen.value, node.span, (why, *chosen.because))


def _before_unknown(listed: tuple[Node, ...], index: int) -> bool:
    """Whether a string of any form comes before the item, so that a split might count differently."""
    holes = (hole for item in listed[:index] if item.pattern for hole in item.pattern.holes)
    return any(hole.kind is HoleKind.ANY for hole in holes)


def _if(argument: Node, node: Node, scope: Scope) -> Node:
    items = argument.items
    name = items[0].text if len(items) == 3 else None
    if name is None:
        return _wrong("Fn::If", "a condition and two values", node, scope)
    verdict = decide_condition(name, scope, _resolver(scope), items[0])
    yes, no = items[1], items[2]
    if verdict is not Verdict.MAYBE:
        chosen = _resolve(yes if verdict is Verdict.YES else no, scope)
        held = "holds" if verdict is Verdict.YES else "does not hold"
        why = Reason(f"the condition {name} {held}", node.span, "value")
        return Node(chosen.value, node.span, (why, *chosen.because))
    first, second = _resolve(yes, scope), _resolve(no, scope)
    why = Reason(f"whether the condition {name} holds is known only at deployment", node.span, "value")
    if first.value == second.value:
        return Node(first.value, node.span, (why, *first.because))
    if first.pattern is not None or second.pattern is not None:
        return Node(Pattern.fixed(_label(f"{first.pattern} if {name} else {second.pattern}", node)), node.span, (why,))
    taken = second if first.value is _ABSENT else first
    note = Reason("the alternative that is written out is taken", taken.span)
    return Node(taken.value, node.span, (why, note, *taken.because))


def _find_in_map(argument: Node, node: Node, scope: Scope) -> Node:
    keys = [resolve_intrinsics(item, scope) for item in argument.items]
    texts = [key.text if key.pattern is None else str(key.pattern) for key in keys[:3]]
    if len(texts) < 3 or None in texts:
        return _wrong("Fn::FindInMap", "a mapping and two keys", node, scope)
    default = keys[3].get("DefaultValue") if len(keys) > 3 else None
    mapping = scope.mappings.get(texts[0] or "")
    if mapping is None:
        return _missing(texts[0] or "", node, scope)
    rows = _chosen(mapping, keys[1])
    cells = [cell for row in rows for cell in _chosen(row, keys[2])]
    label = ".".join(text or "" for text in texts)
    if not cells and keys[1].text is not None and keys[2].text is not None:
        return default or _missing(label, node, scope)
    why = Reason(f"looked up in the mapping: {label}", node.span, "value")
    if cells and all(cell.value == cells[0].value for cell in cells):
        return Node(cells[0].value, node.span, (why, *keys[1].because, *keys[2].because))
    return Node(Pattern.fixed(_label(label, node)), node.span, (why, *keys[1].because, *keys[2].because))


def _chosen(mapping: Node, key: Node) -> tuple[Node, ...]:
    """The entry under a known key; all entries under an unknown one."""
    text = key.pattern.text if key.pattern else None
    if text is None:
        return tuple(mapping.mapping.values())
    entry = mapping.mapping.get(text)
    return (entry,) if entry else ()


def _import_value(argument: Node, node: Node, scope: Scope) -> Node:
    name = resolve_intrinsics(argument, scope)
    value = scope.given.exports.get(str(name.pattern))
    if value is not None:
        why = Reason(f"another template of this application exports {name.pattern}: {value}", node.span, "value")
        return Node(value, node.span, (why, *name.because))
    why = Reason(f"{name.pattern} is exported by another stack: its value is known there alone", node.span, "value")
    return Node(Pattern.fixed(_label(f"ImportValue {name.pattern}", node)), node.span, (why, *name.because))


def _base64(argument: Node, node: Node, scope: Scope) -> Node:
    inner = resolve_intrinsics(argument, scope)
    if inner.text is None:
        return _unknown("Fn::Base64", node)
    encoded = base64.b64encode(inner.text.encode()).decode()
    return Node(Pattern.of(encoded), node.span, (Reason("encoded in Base64", node.span, "value"), *inner.because))


def _length(argument: Node, node: Node, scope: Scope) -> Node:
    listed = _list(argument, scope)
    return _unknown("Fn::Length", node) if listed is None else Node(len(listed), node.span)


def _to_json_string(argument: Node, node: Node, scope: Scope) -> Node:
    inner = resolve_intrinsics(argument, scope)
    return Node(to_json(inner), node.span, (Reason("written as JSON", node.span, "value"), *inner.because))


def _get_azs(argument: Node, node: Node, scope: Scope) -> Node:
    zones = (Node(Pattern.fixed(f"availability zone {index}"), node.span) for index in range(3))
    return Node(tuple(zones), node.span)


def _cidr(argument: Node, node: Node, scope: Scope) -> Node:
    return Node(tuple(Node(Pattern.fixed(f"CIDR block {index}"), node.span) for index in range(16)), node.span)


_FUNCTIONS: Mapping[str, Intrinsic] = MappingProxyType(
    {
        "Ref": _ref,
        "Fn::GetAtt": _get_att,
        "Fn::Sub": _sub,
        "Fn::Join": _join,
        "Fn::Split": _split,
        "Fn::Select": _select,
        "Fn::If": _if,
        "Fn::FindInMap": _find_in_map,
        "Fn::ImportValue": _import_value,
        "Fn::Base64": _base64,
        "Fn::Length": _length,
        "Fn::ToJsonString": _to_json_string,
        "Fn::GetAZs": _get_azs,
        "Fn::Cidr": _cidr,
    }
)


def _resolver(scope: Scope) -> Callable[[Node], Node]:
    return lambda node: resolve_intrinsics(node, scope)


def _list(node: Node, scope: Scope) -> tuple[Node, ...] | None:
    """The resolved list, None where it is known only at deployment."""
    resolved = resolve_intrinsics(node, scope)
    return resolved.value if isinstance(resolved.value, tuple) else None


def _node(found: Meaning, written: str, node: Node) -> Node:
    shown = found.value if isinstance(found.value, Pattern) else "a list"
    return Node(found.value, node.span, (Reason(f"{written} is {shown}", node.span, "value"), *found.because))


def _unknown(what: str, node: Node) -> Node:
    # The label holds the place, so that two unknown values are never taken for the same one.
    why = Reason(f"what {what} gives is known only at deployment", node.span, "value")
    return Node(Pattern.fixed(f"{what} at {node.span.place}"), node.span, (why,))


def _wrong(name: str, wanted: str, node: Node, scope: Scope) -> Node:
    scope.log.say("intrinsic-wrong", f"{name} takes {wanted}: fix its arguments.", node.span)
    return Node(Pattern.any(name), node.span, (Reason(f"{name} has wrong arguments", node.span, "value"),))


def _missing(name: str, node: Node, scope: Scope) -> Node:
    message = f"Nothing in this template is called {name}: fix the name or add the parameter or resource."
    scope.log.say("reference-missing", message, node.span)
    return Node(Pattern.fixed(name), node.span, (Reason(f"nothing here is called {name}", node.span, "value"),))
