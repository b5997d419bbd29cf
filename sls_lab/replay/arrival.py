"""In which form a marker arrives in a dangerous call: with its power, or as harmless data.

A marker is a made-up word. Whoever attacks puts characters around it that would break out of the place where the data
belongs; it has its power (is *live*) where it stands as a command, as code, as an address, and so on.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from sls_lab.facts import Span
from sls_lab.replay.attacks import ATTACKS
from sls_lab.replay.exchange import texts_in
from sls_lab.replay.model import Danger
from sls_lab.replay.shell_commands import commands_of
from sls_lab.taint.model import Flow

#: What ends a piece of SQL's text in which nothing is code: a string, a quoted name, a comment.
_SQL_PIECE: Final = re.compile(
    r"'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|`[^`]*`|--[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL
)
#: Arguments of DynamoDB that are the program and not its data.
_EXPRESSIONS: Final = ("Expression", "AttributesToGet", "ComparisonOperator", "ConditionalOperator")
_FILTERS: Final = ("ScanFilter", "QueryFilter", "KeyConditions", "Expected")


def meets(danger: Danger, flow: Flow) -> bool:
    """Whether a dangerous call is the sink of a flow: of a kind with it, and at its place."""
    kinds, _ = ATTACKS.get(flow.rule.name, (frozenset(), ()))
    return danger.kind in kinds and danger.span is not None and _overlap(danger.span, flow.sink.span)


def _overlap(one: Span, other: Span) -> bool:
    return one.file == other.file and one.line <= other.end_line and other.line <= one.end_line


def judged(danger: Danger, marker: str) -> Danger:
    """The call with `reached` and `live` decided for a marker."""
    reached = any(marker.lower() in text.lower() for text in texts_in([danger.value, dict(danger.detail)]))
    live = reached and _TESTS.get(danger.kind, _anywhere)(danger, marker)
    return replace(danger, reached=reached, live=live)


def _anywhere(danger: Danger, marker: str) -> bool:
    """Whoever chooses the value has the power already: which secret, which group, what is sent."""
    return any(marker in text for text in texts_in(danger.value))


def _as_command(danger: Danger, marker: str) -> bool:
    return any(command.program == marker for command in commands_of(danger))


def _as_program(danger: Danger, marker: str) -> bool:
    words = danger.value if isinstance(danger.value, list) else [danger.value]
    return bool(words) and marker in str(words[0])


def _as_code(danger: Danger, marker: str) -> bool:
    text = str(danger.value)
    try:
        names = {node.id for node in ast.walk(ast.parse(text.strip())) if isinstance(node, ast.Name)}
        return marker in names
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return marker in _names(text)


def _names(text: str) -> set[str]:
    """The names in code that does not parse, as far as it can be cut into tokens."""
    found = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                found.add(token.string)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return found
    return found


def _as_statement(danger: Danger, marker: str) -> bool:
    return marker in _SQL_PIECE.sub(" ", str(danger.value))


def _as_expression(danger: Danger, marker: str) -> bool:
    return _in_program(danger.value, marker)


def _in_program(value: Any, marker: str) -> bool:
    """Whether a marker is part of what DynamoDB reads as program: an expression, an operator, the name of a field."""
    if not isinstance(value, Mapping):
        return False
    for key, inner in value.items():
        if key.endswith(_EXPRESSIONS) and any(marker in text for text in texts_in(inner)):
            return True
        fields = inner if key in _FILTERS and isinstance(inner, Mapping) else {}
        if any(marker in name or _in_program(field, marker) for name, field in fields.items()):
            return True
    return False


def _as_template(danger: Danger, marker: str) -> bool:
    return re.search(r"\{[{%][^{}]*" + re.escape(marker), str(danger.value)) is not None


def _as_path(danger: Danger, marker: str) -> bool:
    path = str(danger.value)
    return marker in path and (bool(danger.detail.get("outside")) or f"../{marker}" in path)


def _as_address(danger: Danger, marker: str) -> bool:
    try:
        host = urlsplit(str(danger.value)).hostname or ""
    except ValueError:
        return False
    return marker in host


def _as_object(danger: Danger, marker: str) -> bool:
    return any(marker in str(call) for call in danger.detail.get("calls") or ())


def _as_tag(danger: Danger, marker: str) -> bool:
    return re.search(r"!!python/[\w/]+:" + re.escape(marker), str(danger.value)) is not None


_TESTS: Final[Mapping[str, Callable[[Danger, str], bool]]] = {
    "shell": _as_command,
    "program": _as_program,
    "code": _as_code,
    "sql": _as_statement,
    "partiql": _as_statement,
    "nosql": _as_expression,
    "template": _as_template,
    "file": _as_path,
    "file-removal": _as_path,
    "url": _as_address,
    "pickle": _as_object,
    "yaml": _as_tag,
}
