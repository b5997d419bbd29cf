"""What the target of a rule or of a pipe makes of an event before it hands it on.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from typing import Any

from sls_lab.services import build
from sls_lab.template.shared.node import Node
from sls_lab.template.shared.trigger_settings import Settings, first

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[['\"]([^'\"]+)['\"]\]|\[(\d+)\]")
_PLACEHOLDER = re.compile(r"<([\w.-]+|\$[^<>]*)>")  # a name, or in a pipe's template a JSON path
_STRING_OR_PLACEHOLDER = re.compile(rf'"(?:[^"\\]|\\.)*"|{_PLACEHOLDER.pattern}', re.DOTALL)


def transformed(event: ast.expr, settings: Settings) -> ast.expr:
    """`event` after the target's Input, InputPath, InputTransformer or pipe's InputTemplate, where it has one."""
    constant = first(settings, "input", "Input")
    if constant is not None:
        return plain(constant)
    path = first(settings, "inputPath", "InputPath")
    if path is not None and path.text:
        return at_path(event, path.text)
    transformer = first(settings, "inputTransformer", "InputTransformer")
    if transformer is not None:
        return _from_transformer(event, transformer)
    template = first(settings, "pipeTemplate")
    if template is not None:
        return _from_template(event, template, {})
    return event


def at_path(value: ast.expr, path: str) -> ast.expr:
    """`value` at a JSON path such as `$.detail.id`; a path that is not as simple gives the whole value."""
    steps = list(_STEP.finditer(path.removeprefix("$")))
    if not path.startswith("$") or "".join(step.group() for step in steps) != path[1:]:
        return value
    for step in steps:
        key = step.group(1) or step.group(2)
        value = entry_of(value, key if key is not None else int(step.group(3)))
    return value


def entry_of(value: ast.expr, key: str | int) -> ast.expr:
    """`value[key]`, looked up at once where `value` was built here."""
    if isinstance(value, ast.Dict) and not hasattr(value, "lineno"):
        for written, inner in zip(value.keys[::-1], value.values[::-1], strict=True):
            if isinstance(written, ast.Constant) and written.value == key:
                return inner
            if written is None:  # whatever is written before it, this may have it as well
                return entry_of(inner, key)
    return build.item(value, key)


def _from_transformer(event: ast.expr, transformer: Node) -> ast.expr:
    paths = transformer.get("inputPathsMap") or transformer.get("InputPathsMap")
    template = transformer.get("inputTemplate") or transformer.get("InputTemplate")
    named = {
        name: node.text for name, node in (paths.mapping if paths is not None else {}).items() if node.text is not None
    }
    return _from_template(event, template, named)


def _from_template(event: ast.expr, template: Node | None, paths: Mapping[str, str]) -> ast.expr:
    """The template with each `<name>` or `<$.path>` replaced by the value at its path.

    A template that is not JSON is a string.
    """
    text = str(template.pattern) if template is not None and template.pattern is not None else ""
    whole = ("aws.events.event", "aws.events.event.json", "aws.pipes.event.json")
    found = {name: at_path(event, path) for name, path in paths.items()} | dict.fromkeys(whole, event)
    found |= {path: at_path(event, path) for path in _PLACEHOLDER.findall(text) if path.startswith("$")}
    # Within a string a placeholder stays where it is; a bare one becomes a string that is nothing else.
    quoted = _STRING_OR_PLACEHOLDER.sub(lambda match: json.dumps(match[0]) if match[1] else match[0], text)
    try:
        parsed = json.loads(quoted)
    except (ValueError, RecursionError):
        return _filled(text, found)
    return _built(parsed, found)


def _built(value: Any, found: Mapping[str, ast.expr]) -> ast.expr:
    if isinstance(value, dict):
        return build.record({key: _built(inner, found) for key, inner in value.items()})
    if isinstance(value, list):
        return ast.List([_built(inner, found) for inner in value], ast.Load())
    return _filled(value, found) if isinstance(value, str) else build.const(value)


def _filled(text: str, found: Mapping[str, ast.expr]) -> ast.expr:
    """A string with values in it; one placeholder alone is the value itself."""
    pieces = _PLACEHOLDER.split(text)
    if len(pieces) == 3 and not pieces[0] and not pieces[2] and pieces[1] in found:
        return found[pieces[1]]
    if len(pieces) == 1:
        return build.const(text)
    result: ast.expr | None = None
    for index, piece in enumerate(pieces):
        inner = found.get(piece) if index % 2 else None
        value = build.call(build.name("str"), inner) if inner is not None else build.const(piece)
        if isinstance(value, ast.Constant) and not value.value:
            continue
        result = value if result is None else ast.BinOp(result, ast.Add(), value)
    return result if result is not None else build.const("")


def plain(node: Node) -> ast.expr:
    """The expression that writes out a template's value; a string of JSON is parsed."""
    if node.text is not None:
        try:
            return build.literal(json.loads(node.text))
        except (ValueError, RecursionError):
            return build.const(node.text)
    return _written_out(node)


def _written_out(node: Node) -> ast.expr:
    value = node.value
    if isinstance(value, Mapping):
        return ast.Dict([build.const(key) for key in value], [_written_out(inner) for inner in value.values()])
    if isinstance(value, tuple):
        return ast.List([_written_out(inner) for inner in value], ast.Load())
    if value is None or isinstance(value, bool | int | float):
        return build.const(value)
    return build.const(str(value))
