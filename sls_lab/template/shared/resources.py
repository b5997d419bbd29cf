"""The resources of a template, with their physical names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sls_lab.facts import Pattern, Reason, Span, Verdict
from sls_lab.template.cloudformation.intrinsics import condition_holds, resolve_intrinsics
from sls_lab.template.cloudformation.references import physical_name
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.model import Resource
from sls_lab.template.shared.node import EMPTY, Node


def read_resources(resources: Mapping[str, Node], scope: Scope) -> tuple[Resource, ...]:
    """Each resource of a `Resources` section (as written), resolved; those whose condition is false are left out.

    The resources must be those of `scope`. What is not a mapping with a `Type` gives a diagnostic and is left out.
    """
    read = (read_resource(logical_id, node, scope) for logical_id, node in resources.items())
    return tuple(resource for resource in read if resource is not None)


def read_resource(logical_id: str, node: Node, scope: Scope) -> Resource | None:
    """One resource, or None if there is nothing to read or its condition is false."""
    type_node = node.get("Type")
    type_name = type_node.text if type_node else None
    if type_name is None:
        message = f"The resource {logical_id} has no Type and is left out: add one."
        scope.log.say("resource-without-type", message, node.span)
        return None
    because: list[Reason] = []
    condition = node.get("Condition")
    if condition is not None and condition.pattern is not None:
        match condition_holds(condition, scope):
            case Verdict.NO:
                return None
            case Verdict.MAYBE:
                why = f"{logical_id} is deployed only where the condition {condition.pattern} holds, taken to hold"
                because.append(Reason(why, condition.span))
            case Verdict.YES:
                because.append(Reason(f"the condition {condition.pattern} holds", condition.span))
    written = node.get("Properties")
    properties = resolve_intrinsics(written, scope) if written else Node(EMPTY, node.span)
    name, why_name = physical_name(logical_id, scope, lambda inner: resolve_intrinsics(inner, scope))
    return Resource(logical_id, type_name, name, properties, whole_span(node), (*because, *why_name))


def whole_span(node: Node) -> Span:
    """The place of a mapping's entry, its key included."""
    key, end = node.key, node.span
    if key is None or key.file != end.file or (end.end_line, end.end_column) < (key.line, key.column):
        return node.span
    return Span(key.file, key.line, key.column, end.end_line, end.end_column)


def of_types(resources: Iterable[Resource], *types: str) -> tuple[Resource, ...]:
    """The resources of any of these types, in order."""
    return tuple(resource for resource in resources if resource.type in types)


def named(resources: Iterable[Resource], name: Pattern, *types: str) -> Resource | None:
    """The resource of one of these types that is called `name` for certain, or None."""
    return next((resource for resource in of_types(resources, *types) if resource.name == name), None)
