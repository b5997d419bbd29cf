"""The `Conditions` of a template, decided as far as their parameters are known."""

from __future__ import annotations

from collections.abc import Callable

from sls_lab.facts import Pattern, Verdict
from sls_lab.template.cloudformation.scope import Scope
from sls_lab.template.shared.node import Node

Resolve = Callable[[Node], Node]


def decide_condition(name: str, scope: Scope, resolve: Resolve, at: Node) -> Verdict:
    """Whether the condition `name` holds; `MAYBE` where a parameter without a value decides it.

    A condition that does not exist or depends on itself is a diagnostic at `at`, and `MAYBE`.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
    """
    memory = scope.memory
    if name in memory.conditions:
        return memory.conditions[name]
    node = scope.conditions.get(name)
    if node is None:
        message = f"There is no condition called {name}: add it under Conditions or fix the name."
        scope.log.say("reference-missing", message, at.span)
        return Verdict.MAYBE
    key = f"condition {name}"
    if key in memory.pending:
        scope.log.say("reference-cycle", f"The condition {name} depends on itself: rewrite it.", node.span)
        return Verdict.MAYBE
    memory.pending.add(key)
    try:
        memory.conditions[name] = _decide(node, scope, resolve)
    finally:
        memory.pending.discard(key)
    return memory.conditions[name]


def _decide(node: Node, scope: Scope, resolve: Resolve) -> Verdict:
    with scope.memory.deeper(5) as room:
        if room:
            return _decided(node, scope, resolve)
    message = "This condition depends on too many others and is not decided: shorten it."
    scope.log.say("reference-too-deep", message, node.span)
    return Verdict.MAYBE


def _decided(node: Node, scope: Scope, resolve: Resolve) -> Verdict:
    if len(node.mapping) != 1:
        return Verdict.MAYBE
    [(function, argument)] = node.mapping.items()
    match function:
        case "Condition" if argument.text:
            return decide_condition(argument.text, scope, resolve, argument)
        case "Fn::And":
            return Verdict.all(_decide(item, scope, resolve) for item in argument.items)
        case "Fn::Or":
            return Verdict.any(_decide(item, scope, resolve) for item in argument.items)
        case "Fn::Not":
            return Verdict.all(_decide(item, scope, resolve).negated() for item in argument.items)
        case "Fn::Equals" if len(argument.items) == 2:
            left, right = (resolve(item).pattern for item in argument.items)
            return _equal(left, right)
        case _:
            return Verdict.MAYBE


def _equal(left: Pattern | None, right: Pattern | None) -> Verdict:
    return Verdict.MAYBE if left is None or right is None else left.equals(right)
