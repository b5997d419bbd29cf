"""What a state machine keeps beside what it hands to a function: inputs of states, and variables.

A function with `Parameters` or `Arguments` of its own is given a part of its state's input, and what it is not given
goes on all the same: by `ResultPath`, `$states.input`, or a variable. In the calls that are written, this travels in
the event object, as `event["$states"]["Look"]` for the input of the state `Look`, `event["$states"]["Look.found"]` for
what a `ResultPath` has put into it at `found`, and `event["$states"]["$name"]` for a variable.
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.services import build
from sls_lab.services.inputs import entry_of
from sls_lab.template.model import State
from sls_lab.template.shared.node import Node

#: The entry of an event object that holds what is kept.
KEPT = "$states"


def speaks_jsonata(state: State) -> bool:
    """Whether the settings of a state are written in JSONata."""
    language = state.settings.get("QueryLanguage")
    return language is not None and language.text == "JSONata"


def keeps_input(state: State) -> bool:
    """Whether what leaves a state has its input, beside the result."""
    if speaks_jsonata(state):
        return any(
            "$states.input" in text for name in ("Output", "Assign") for text in _texts(state.settings.get(name))
        )
    path = state.settings.get("ResultPath")
    return path is not None and path.text != "$"


def kept_before(state: State, entered: ast.expr, *, own: bool) -> dict[str, ast.expr]:
    """What was kept when the function of `state` was given `entered`; `own` says that its state's input is."""
    held = build.item(entered, KEPT)
    kept = {}
    for name in _names(state, own=own):
        placed = {key: entry_of(held, f"{name}.{key}") for key in state.results if not name.startswith("$")}
        kept[name] = build.merged(entry_of(held, name), build.record(placed))
    return kept


def with_kept(given: ast.expr, state: State, kept: Mapping[str, ast.expr], *, own: bool) -> ast.expr:
    """What the function of `state` is given, with what is kept meanwhile."""
    entries: dict[str, ast.expr | None] = {}
    for name in _names(state, own=own):
        value = kept.get(name)
        if value is not None and not name.startswith("$"):
            entries[name] = _without_placed(value)
            entries |= {f"{name}.{key}": entry_of(value, key) for key in state.results}
        elif value is not None:
            entries[name] = value
    if not entries or isinstance(given, ast.Constant | ast.List | ast.BinOp):
        return given
    return build.merged(given, build.record({KEPT: build.record(entries)}))


def _without_placed(value: ast.expr) -> ast.expr:
    """`input` of `{**input, "found": result}` that was built here, else the value itself."""
    if isinstance(value, ast.Dict) and not hasattr(value, "lineno") and value.keys and value.keys[0] is None:
        return value.values[0]
    return value


def _names(state: State, *, own: bool) -> Iterator[str]:
    yield from (one.state.name for one in state.around if keeps_input(one.state))
    if own:
        yield state.name
    yield from (f"${name}" for name in state.variables)


def _texts(node: Node | None) -> Iterator[str]:
    """All strings in a setting."""
    if node is None:
        return
    if isinstance(node.value, Mapping):
        for inner in node.mapping.values():
            yield from _texts(inner)
    elif isinstance(node.value, tuple):
        for inner in node.items:
            yield from _texts(inner)
    elif node.pattern is not None:
        yield str(node.pattern)
