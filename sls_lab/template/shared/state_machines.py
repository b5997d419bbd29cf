"""State machines written in the Amazon States Language.

Source: https://states-language.net/spec.html and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-states-language.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from sls_lab.aws.arn import arn_name, parse_arn
from sls_lab.facts import Pattern, Span
from sls_lab.template.cloudformation.substitution_syntax import Name, split_substitution
from sls_lab.template.model import Enclosure, State, StateMachine, Trigger
from sls_lab.template.shared.json_text import from_json
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.template_part import Log

_LANGUAGE = "QueryLanguage"


def read_definition(
    definition: Node,
    functions: Mapping[Pattern, str],
    log: Log,
    *,
    logical_id: str,
    name: Pattern,
    span: Span,
    triggers: tuple[Trigger, ...] = (),
) -> StateMachine | None:
    """The machine of a resolved definition: a mapping, or a string of JSON that may hold unknown parts.

    `functions` gives a function's name by its deployed name. The states of parallel branches and of maps are
    listed among the others: their first states follow the state that holds them, and its successors follow their last
    ones.
    None, with a diagnostic, where it is not a definition; a state that leads to an unknown one gives a diagnostic too.
    """
    tree = definition
    if definition.pattern is not None:
        parsed = from_json(definition.pattern, definition.span)
        if parsed is None:
            message = f"The definition of {logical_id} is not JSON and is not analysed: fix it."
            log.say("definition-broken", message, definition.span)
            return None
        tree = parsed
    start = tree.get("StartAt")
    states = tree.get("States")
    if start is None or start.text is None or states is None or not states.mapping:
        message = f"The definition of {logical_id} lacks StartAt or States and is not analysed: add them."
        log.say("definition-incomplete", message, definition.span)
        return None
    flattened = _Flattened(functions, log, {}, tree.get(_LANGUAGE))
    names = flattened.add(states, ())
    first = names.get(start.text)
    if first is None:
        message = f"{logical_id} starts at {start.text}, which is not one of its states: fix StartAt."
        log.say("state-missing", message, start.span)
        return None
    known = _with_variables(flattened.states)
    return StateMachine(logical_id, name, first, MappingProxyType(known), triggers, span)


def _with_variables(states: Mapping[str, State]) -> dict[str, State]:
    """The states, each with what any of them assigns to variables, and puts into its input."""
    assigned = (state.settings.get("Assign") for state in states.values())
    names = tuple(dict.fromkeys(name for node in assigned if node is not None for name in node.mapping))
    paths = (state.settings.get("ResultPath") for state in states.values())
    keys = [(path.text or "").removeprefix("$.").partition(".")[0] for path in paths if path is not None]
    results = tuple(dict.fromkeys(key for key in keys if key.isidentifier()))
    return {name: replace(state, variables=names, results=results) for name, state in states.items()}


def substitute(definition: Node, values: Mapping[str, Node]) -> Node:
    """The definition with each `${Name}` of `DefinitionSubstitutions` replaced; other places stay as written.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/tutorial-lambda-sam-definition-substitutions.html
    """
    value = definition.value
    if isinstance(value, Pattern):
        if not any(isinstance(part, str) and "${" in part for part in value.parts):
            return definition
        replaced = Pattern.of()
        because = definition.because
        for piece in split_substitution(value):
            if isinstance(piece, Pattern):
                replaced += piece
                continue
            given = values.get(piece.text)
            replaced += _given(given, piece)
            because = (*because, *(given.because if given else ()))
        return Node(replaced, definition.span, because)
    if isinstance(value, tuple):
        return Node(tuple(substitute(item, values) for item in value), definition.span, definition.because)
    if isinstance(value, Mapping):
        entries = {key: substitute(entry, values) for key, entry in value.items()}
        return Node(MappingProxyType(entries), definition.span, definition.because)
    return definition


def _given(node: Node | None, name: Name) -> Pattern:
    if node is None or node.pattern is None:
        return Pattern.of("${", name.text, "}")
    return node.pattern


class _Flattened:
    """Collects the states of a machine, those of nested scopes with them."""

    def __init__(
        self, functions: Mapping[Pattern, str], log: Log, states: dict[str, State], language: Node | None
    ) -> None:
        self.functions = functions
        self.log = log
        self.states = states
        # A state that names no query language speaks the machine's.
        self.common: Mapping[str, Node] = {_LANGUAGE: language} if language is not None else {}

    def add(self, states: Node, after: tuple[str, ...], around: tuple[Enclosure, ...] = ()) -> dict[str, str]:
        """Add the states of one scope, which is followed by `after`; their names within it and in the whole."""
        # Names should be unique in the whole machine; where they are not, the later ones get a number. All are taken
        # before the inner scopes are read, so that theirs give way.
        names: dict[str, str] = {}
        for local, node in states.mapping.items():
            unique, number = local, 2
            while unique in self.states:
                unique, number = f"{local} ({number})", number + 1
            names[local] = unique
            self.states[unique] = State(unique, "", None, (), self._settings(node), node.span)
        for local, node in states.mapping.items():
            self._add_state(names[local], node, names, after, around)
        return names

    def _add_state(
        self,
        name: str,
        node: Node,
        names: Mapping[str, str],
        after: tuple[str, ...],
        around: tuple[Enclosure, ...],
    ) -> None:
        kind = node.get("Type")
        type_name = (kind.text if kind else None) or "Task"
        next_states = self._next(node, names, after)
        caught = self._targets(node.get("Catch"), names)
        inner: list[str] = []
        here = State(name, type_name, None, (), self._settings(node), node.span, around)
        scopes = _inner(node)
        for number, scope in enumerate(scopes):
            states, start = scope.get("States"), scope.get("StartAt")
            if states is None or start is None:
                continue
            inner_names = self.add(states, next_states, (*around, Enclosure(here, number, len(scopes))))
            inner.extend(self._known(start, inner_names))
        following = tuple(dict.fromkeys((*(inner or next_states), *caught)))
        function = self._function(node) if type_name == "Task" else None
        self.states[name] = replace(here, function=function, following=following)

    def _settings(self, node: Node) -> Mapping[str, Node]:
        return {**self.common, **node.mapping}

    def _next(self, node: Node, names: Mapping[str, str], after: tuple[str, ...]) -> tuple[str, ...]:
        kind = node.get("Type")
        if kind is not None and kind.text == "Fail":
            return ()
        following: list[str] = []
        for key in ("Next", "Default"):
            target = node.get(key)
            if target is not None:
                following.extend(self._known(target, names))
        following.extend(self._targets(node.get("Choices"), names))
        if not following and node.get("Next") is None and (kind is None or kind.text != "Choice"):
            return after
        return tuple(dict.fromkeys(following))

    def _targets(self, rules: Node | None, names: Mapping[str, str]) -> list[str]:
        found: list[str] = []
        for rule in rules.items if rules else ():
            target = rule.get("Next")
            if target is not None:
                found.extend(self._known(target, names))
        return found

    def _known(self, target: Node, names: Mapping[str, str]) -> list[str]:
        name = names.get(target.text or "")
        if name is None:
            message = f"There is no state called {target.pattern} here: fix the name."
            self.log.say("state-missing", message, target.span)
            return []
        return [name]

    def _function(self, node: Node) -> str | None:
        """https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html"""
        resource = node.get("Resource")
        pattern = resource.pattern if resource else None
        if pattern is None:
            return None
        arn = parse_arn(pattern)
        if arn is not None and arn.service.text == "states":
            if not str(arn.resource).startswith(("lambda:invoke", "aws-sdk:lambda:invoke")):
                return None
            called = node.get("Parameters", "FunctionName") or node.get("Arguments", "FunctionName")
            if called is None or called.pattern is None:
                return None
            pattern = called.pattern
        return self.functions.get(arn_name("lambda", pattern))


def _inner(node: Node) -> list[Node]:
    """The scopes within a Parallel or Map state; `Iterator` is the older word for `ItemProcessor`."""
    branches = node.get("Branches")
    scopes = list(branches.items) if branches else []
    for key in ("ItemProcessor", "Iterator"):
        scope = node.get(key)
        if scope is not None:
            scopes.append(scope)
    return scopes
