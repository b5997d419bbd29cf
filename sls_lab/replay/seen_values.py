"""The values that a replayed attack has at the steps of a static flow: what the trace says, seen."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sls_lab.facts import Span, split_lines
from sls_lab.replay.attacks import MARKER
from sls_lab.replay.confirming import confirm_flow
from sls_lab.replay.exchange import leaves, readable
from sls_lab.replay.model import Hop, Replay
from sls_lab.replay.requests_file import Scenario
from sls_lab.replay.simulation import Simulation
from sls_lab.taint.model import Flow, Step

_LONGEST: Final = 300


def values_at(simulation: Simulation, flow: Flow, scenarios: Sequence[Scenario]) -> tuple[str, tuple[str, ...]]:
    """What became of a flow, in a sentence, and the value seen at each of its steps; empty where none was seen."""
    confirmation = confirm_flow(simulation, flow, scenarios)
    if confirmation.request is None:
        return confirmation.why, ("",) * len(flow.steps)
    replay = simulation.replay(confirmation.request, watch=_lines(flow.steps))
    return confirmation.why, tuple(_value(step, replay, simulation) for step in flow.steps)


def _lines(steps: Sequence[Step]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for step in steps:
        found.setdefault(step.span.file, []).extend(range(step.span.line, step.span.end_line + 1))
    return found


def _value(step: Step, replay: Replay, simulation: Simulation) -> str:
    text = simulation.text_of(step.span.file) or ""
    found = (value for hop in replay.hops if hop.handler == step.handler for value in _values(step, hop, text))
    return next(found, "")


def _values(step: Step, hop: Hop, text: str) -> Iterator[str]:
    """What is known of a step in one hop, the best first."""
    if step.role == "sink":
        for danger in hop.dangers:
            if danger.reached and danger.span is not None and _meet(danger.span, step.span):
                yield _shown("", danger.value)
    if step.role == "source":
        yield from _holding(step.text if step.text.isidentifier() else "event", hop.event)
    if step.role in ("event", "store"):
        for call in hop.calls:
            if call.span is not None and _meet(call.span, step.span):
                yield from _holding("", call.arguments)
    here = {
        one.name: readable(one.value)
        for one in hop.seen
        if one.file == step.span.file and step.span.line <= one.line <= step.span.end_line
    }
    found = _looked_up(step.text, here)
    if found is not None:
        yield from _holding(step.text, found)
    for name in (*_targets(text, step.span), *re.findall(r"[A-Za-z_]\w*", step.text)):
        if name in here:
            yield from _holding(name, here[name])


def _looked_up(text: str, names: Mapping[str, object]) -> Any:
    """The value of an expression of names, keys and indices; None for any other, which is not worked out."""
    try:
        node: ast.expr = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
    keys: list[object] = []
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        keys.append(node.slice.value)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    found: Any = names.get(node.id)
    for key in reversed(keys):
        indexed = isinstance(found, list) and isinstance(key, int) and key < len(found)
        if not indexed and not (isinstance(found, dict) and key in found):
            return None
        found = found[key]
    return found


def _targets(text: str, span: Span) -> list[str]:
    """The names that the statement at a place gives a value to."""
    lines = split_lines(text)[span.line - 1 : span.line]
    found = (
        re.match(r"\s*(?:for\s+)?([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*)\s*(?:=(?!=)|in\b)", lines[0]) if lines else None
    )
    return re.findall(r"\w+", found[1]) if found else []


def _holding(name: str, value: object) -> Iterator[str]:
    """The part of a value that holds the marker, with the way to it; nothing where none does."""
    for path, leaf in leaves(readable(value)):
        if isinstance(leaf, str) and MARKER in leaf:
            way = name + (path if path.startswith("[") or not name else f".{path}" if path else "")
            yield _shown(way, leaf)
            return


def _meet(one: Span, other: Span) -> bool:
    return one.file == other.file and one.line <= other.end_line and other.line <= one.end_line


def _shown(name: str, value: object) -> str:
    """A value on one line, cut around the marker where it is long."""
    text = value if isinstance(value, str) else json.dumps(readable(value), ensure_ascii=False, default=str)
    if len(text) > _LONGEST:
        start = max(0, text.find(MARKER) - _LONGEST // 2)
        end = start + _LONGEST
        text = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return f"{name} = {text}" if name else text
