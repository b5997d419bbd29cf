"""What the AST explorer says about one node, as JSON for the browser."""

from __future__ import annotations

import ast
from typing import Any, Final

from sls_lab.report.display import one_line, visible
from sls_lab.widgets import ast_words
from sls_lab.widgets.ast_model import Shared, TreeModel, constant, label

_POSITIONS: Final = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_MOST_CHILDREN: Final = 100
_LONGEST_TEXT: Final = 20_000
_LONGEST_VALUE: Final = 300


def detail(model: TreeModel, number: int) -> dict[str, Any]:
    """A node's class, fields, positions and source."""
    row = model.rows[number]
    return {
        "node": number,
        "class": row.name,
        "held": row.held,
        "sentence": ast_words.sentence(row.name),
        "link": ast_words.documentation(row.name),
        "path": [{"node": each, "text": model.rows[each].name} for each in model.ancestors(number)],
        "fields": [_field(model, number, name, value) for name, value in ast.iter_fields(row.node)],
        "positions": [
            {"name": name, "value": getattr(row.node, name)} for name in _POSITIONS if hasattr(row.node, name)
        ],
        "note": _note(model, number),
        "source": visible(shortened(model.source(number)), keep="\n\t"),
    }


def as_dump(node: ast.AST) -> str:
    """The node as `ast.dump` shows it."""
    try:
        return visible(shortened(ast.dump(node, indent=2)), keep="\n")
    except RecursionError:
        return "This node is nested too deeply to be shown as a whole: choose one inside it."


def as_code(node: ast.AST) -> str:
    """The node turned back into code: the same meaning in Python's own layout, without comments."""
    try:
        return visible(shortened(ast.unparse(node)), keep="\n\t")
    except RecursionError:
        return "This node is nested too deeply to be shown as a whole: choose one inside it."


def shortened(text: str) -> str:
    """The beginning of a very long text, with what is left out counted."""
    if len(text) <= _LONGEST_TEXT:
        return text
    return f"{text[:_LONGEST_TEXT]}\n… and {len(text) - _LONGEST_TEXT:,} characters more"


def type_words(value: object) -> str:
    """The type of a field's value: `Call`, `list[Call]`, `list[Assign | Expr]`, `str`, `None`."""
    if not isinstance(value, list):
        return "None" if value is None else type(value).__name__
    kinds = sorted({type_words(each) for each in value})
    return f"list[{' | '.join(kinds[:4]) + (' | …' if len(kinds) > 4 else '')}]" if kinds else "list"


def _field(model: TreeModel, number: int, name: str, value: object) -> dict[str, Any]:
    children = [child for child in model.children[number] if model.rows[child].field == name]
    return {
        "name": name,
        "type": type_words(value),
        "nodes": [
            {"node": child, "text": f"{model.rows[child].name} {model.label(child)}".strip()}
            for child in children[:_MOST_CHILDREN]
        ],
        "more": max(0, len(children) - _MOST_CHILDREN),
        "text": "" if children else _value_words(value),
        "words": _shared_words(value),
    }


def _value_words(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value_words, value))}]"
    if isinstance(value, ast.AST):
        return f"{type(value).__name__}() {label(value)}".strip()
    words = one_line(constant(value))
    return words if len(words) <= _LONGEST_VALUE else f"{words[:_LONGEST_VALUE]}…"


def _shared_words(value: object) -> list[str]:
    """What the contexts and operators among a field's values mean."""
    values = value if isinstance(value, list) else [value]
    return [ast_words.sentence(type(each).__name__) for each in values if isinstance(each, Shared)]


def _note(model: TreeModel, number: int) -> str:
    """What a reader of the positions has to know."""
    row = model.rows[number]
    if not hasattr(row.node, "lineno"):
        return "Nodes of this class have no position of their own."
    if row.span is None:
        return "Inside an f-string this Python gives no right place, so nothing is marked."
    if not all(map(str.isascii, model.lines[row.span.line - 1 : row.span.end_line])):
        return "Columns count the bytes of UTF-8: a letter that is not ASCII takes more than one."
    return ""
