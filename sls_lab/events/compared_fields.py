"""Which fields of an event object can only be one of a few constants, since a Choice or a filter has compared them.

A comparison with a string lets no list and no number pass in Step Functions, nor in the filter of a stream, whose
values are typed. In EventBridge and SQS a list passes of which one element matches, so that nothing follows from a
filter there.
https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from sls_lab.events.model import Edge
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.services import build
from sls_lab.services.call_values import View
from sls_lab.services.filters import FilterRule, Matcher, filters_of, rule_of
from sls_lab.services.inputs import at_path
from sls_lab.services.state_data import speaks_jsonata
from sls_lab.services.stepfunctions import task_input
from sls_lab.template.model import State, StateMachine, Template
from sls_lab.template.shared.node import Node

#: Keys that lead to a field; `*` is any element of a list.
FieldPath = tuple[str, ...]
_EQUAL: Final = frozenset({"StringEquals", "NumericEquals", "BooleanEquals"})
_TEXT: Final = r"(?:'[^'\\]*'|\"[^\"\\]*\")"
_INPUT: Final = r"\$states\.input((?:\.\w+)+)"
_CONDITION: Final = re.compile(rf"\(?\s*{_INPUT}\s*(?:=\s*{_TEXT}|in\s*\[\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*\])\s*\)?")


def compared(template: Template, edge: Edge, path: Sequence[str]) -> Reason | None:
    """Why the part of an event object at `path` is one of a few constants, None where it need not be."""
    for field, reason in compared_fields(template, edge):
        if len(path) >= len(field) and all(key in ("*", one) for key, one in zip(field, path, strict=False)):
            return reason
    return None


def compared_fields(template: Template, edge: Edge) -> Iterator[tuple[FieldPath, Reason]]:
    """The fields of what `edge` wakes its target with that are one of a few constants, each with the reason."""
    if edge.sent:
        return
    machine = next((one for one in template.state_machines if _has(one, edge.states)), None)
    if machine is not None:
        yield from _by_choices(machine, edge.states, first=edge.call is None)
    elif edge.trigger is not None and edge.trigger.service == "dynamodb" and not edge.relays:
        yield from _by_stream(filters_of(edge.trigger.settings))


def chosen(states: Sequence[State], value: ast.expr, view: View) -> tuple[Verdict, tuple[Reason, ...]]:
    """Whether the Choice states with which `states` begin may lead on when `value` enters the first."""
    verdicts, reasons = [], []
    for state, following in pairwise(states):
        if state.type != "Choice" or speaks_jsonata(state):
            break
        answers = [(_next(rule), _holds(rule, value, view)) for rule in _rules(state)]
        leading = [verdict for name, verdict in answers if name == following.name]
        if _text(state.settings.get("Default")) == following.name:
            leading.append(Verdict.any(verdict for _, verdict in answers).negated() if answers else Verdict.YES)
        verdict = Verdict.any(leading) if leading else Verdict.MAYBE
        verdicts.append(verdict)
        if verdict is Verdict.NO:
            reasons.append(Reason(f"what `{state.name}` compares never leads to `{following.name}`", state.span))
    return Verdict.all(verdicts), tuple(reasons)


def _has(machine: StateMachine, states: Sequence[State]) -> bool:
    return bool(states) and machine.states.get(states[0].name) is states[0]


def _by_choices(machine: StateMachine, states: Sequence[State], *, first: bool) -> Iterator[tuple[FieldPath, Reason]]:
    """`first` says that the first state is a task, which has run."""
    for number, state in enumerate(states[:-1]):
        following = states[number + 1].name
        if state.type != "Choice" or _leads_otherwise(machine, states, number, first=first):
            continue
        rules = [rule for rule in _rules(state) if _next(rule) == following]
        if not rules or _text(state.settings.get("Default")) == following:
            continue
        known = frozenset.intersection(*(_compared(rule, jsonata=speaks_jsonata(state)) for rule in rules))
        entered = build.name("input")
        given = task_input(states[number:], entered)
        for path in sorted(known):
            reason = Reason(f"`{state.name}` lets only constants pass here as `{'.'.join(path)}`", state.span)
            for place in _places(given, ast.dump(at_path(entered, "$." + ".".join(path))), path):
                yield place, reason


def _leads_otherwise(machine: StateMachine, states: Sequence[State], number: int, *, first: bool) -> bool:
    """Whether the last of `states` can come next without a step from the Choice to the state after it here."""
    left, entered, target = states[number].name, states[number + 1].name, states[-1].name
    waiting = list(states[0].following) if first else [states[0].name]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name == target:
            return True
        state = machine.states.get(name)
        if name in seen or state is None or state.function is not None:
            continue
        seen.add(name)
        waiting += [one for one in state.following if (name, one) != (left, entered)]
    return False


def _compared(rule: Node, *, jsonata: bool) -> frozenset[FieldPath]:
    """The fields that are one of a few constants where a rule holds."""
    if jsonata:
        return _by_condition(_text(rule.get("Condition")))
    alternatives, together = rule.get("Or"), rule.get("And")
    if alternatives is not None and alternatives.items:
        return frozenset.intersection(*(_compared(one, jsonata=False) for one in alternatives.items))
    if together is not None:
        return frozenset[FieldPath]().union(*(_compared(one, jsonata=False) for one in together.items))
    path = _path(rule)
    return frozenset({path}) if path and any(rule.get(word) is not None for word in _EQUAL) else frozenset()


def _by_condition(condition: str) -> frozenset[FieldPath]:
    """The field of a condition in JSONata that is nothing but comparisons of one field, with `or` between them."""
    inner = condition.strip().removeprefix("{%").removesuffix("%}")
    found = [_CONDITION.fullmatch(part.strip()) for part in re.split(r"\bor\b", inner)]
    paths = {tuple(match[1].split(".")[1:]) for match in found if match is not None}
    return frozenset(paths) if None not in found and len(paths) == 1 else frozenset()


def _places(given: ast.expr, wanted: str, path: FieldPath, before: FieldPath = ()) -> Iterator[FieldPath]:
    """Where in what a function is given the expression `wanted` is."""
    if isinstance(given, ast.Name):  # the whole input, of which the field is a part
        yield (*before, *path)
    elif ast.dump(given) == wanted:
        yield before
    elif isinstance(given, ast.Dict):
        for key, value in zip(given.keys, given.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from _places(value, wanted, path, (*before, key.value))


def _by_stream(patterns: Sequence[Node]) -> Iterator[tuple[FieldPath, Reason]]:
    """The attributes that every filter of a stream compares with constants."""
    found = [dict(_constants(rule_of(pattern))) for pattern in patterns]
    for path in found[0] if found else ():
        if all(path in one for one in found):
            yield (
                ("Records", "*", *path),
                Reason(f"the filter lets only constants pass as `{path[2]}`", patterns[0].span),
            )


def _constants(rule: FilterRule) -> Iterator[tuple[FieldPath, bool]]:
    data = rule.get("dynamodb") if isinstance(rule, Mapping) else None
    for name in ("NewImage", "OldImage", "Keys"):
        image = data.get(name) if isinstance(data, Mapping) else None
        for attribute, typed in image.items() if isinstance(image, Mapping) else ():
            for kind, wanted in typed.items() if isinstance(typed, Mapping) else ():
                options = wanted if isinstance(wanted, list) else [wanted]
                if kind in ("S", "N") and all(isinstance(one, Pattern) and one.text is not None for one in options):
                    yield ("dynamodb", name, str(attribute), kind), True


def _holds(rule: Node, value: ast.expr, view: View) -> Verdict:
    """Whether a rule of a Choice holds for what enters it."""
    alternatives, together, other = rule.get("Or"), rule.get("And"), rule.get("Not")
    if alternatives is not None:
        return Verdict.any(_holds(one, value, view) for one in alternatives.items)
    if together is not None:
        return Verdict.all(_holds(one, value, view) for one in together.items)
    if other is not None:
        return _holds(other, value, view).negated()
    path, wanted = _path(rule), rule.get("StringEquals")
    if not path or wanted is None or wanted.text is None:
        return Verdict.MAYBE
    wanted_there: FilterRule = [Pattern.of(wanted.text)]
    for key in reversed(path):
        wanted_there = {key: wanted_there}
    return Matcher(view).match(wanted_there, value)


def _rules(state: State) -> Sequence[Node]:
    listed = state.settings.get("Choices")
    return listed.items if listed is not None else ()


def _next(rule: Node) -> str:
    return _text(rule.get("Next"))


def _path(rule: Node) -> FieldPath:
    """`$.kind.name` as keys; empty for what is not as simple."""
    text = _text(rule.get("Variable"))
    return tuple(text.split(".")[1:]) if re.fullmatch(r"\$(?:\.\w+)+", text) else ()


def _text(node: Node | None) -> str:
    return node.text or "" if node is not None else ""
