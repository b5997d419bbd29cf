"""Intrinsic functions of state machines, as Python expressions over their arguments: `States.Format('a {}', $.name)`.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from sls_lab.services import build
from sls_lab.services.inputs import entry_of
from sls_lab.services.jsonata_functions import as_string, concatenated

#: A path, as an expression.
Selected = Callable[[str], ast.expr]
_TOKEN: Final = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|(States\.\w+)\s*\(|(\$[^,()\s]*)|([-\w.]+)|([,)]))")
_DEPTH: Final = 10


def intrinsic(text: str, selected: Selected) -> ast.expr | None:
    """What a call of an intrinsic function gives; None where it is not written as one."""
    tokens = _tokens(text)
    try:
        value = _argument(next(tokens), tokens, selected, 0)
    except StopIteration:
        return None
    return value if next(tokens, None) is None else None


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            return
        yield found
        position = found.end()


def _argument(token: re.Match[str], tokens: Iterator[re.Match[str]], selected: Selected, depth: int) -> ast.expr:
    """The value of one argument, or of a whole call. Raises StopIteration where it is cut off."""
    written, function, path, word, mark = token.groups()
    if written is not None:
        return build.const(re.sub(r"\\(.)", r"\1", written))
    if path is not None:
        return selected(path)
    if word is not None:
        return build.const(int(word)) if word.lstrip("-").isdigit() else build.const(word)
    if mark is not None or depth > _DEPTH:
        raise StopIteration
    arguments: list[ast.expr] = []
    token = next(tokens)
    while token[5] != ")":
        if token[5] is None:
            arguments.append(_argument(token, tokens, selected, depth + 1))
        token = next(tokens)
    return _FUNCTIONS.get(function, concatenated)(arguments) if arguments else build.const("")


def _format(arguments: Sequence[ast.expr]) -> ast.expr:
    template, *values = arguments
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return concatenated(arguments)
    pieces = template.value.split("{}")
    parts: list[ast.expr] = []
    for number, piece in enumerate(pieces):
        parts += [build.const(piece)] if piece else []
        parts += values[number : number + 1] if number < len(pieces) - 1 else []
    return concatenated(parts) if len(parts) > 1 else as_string(parts[0]) if parts else template


def _item(arguments: Sequence[ast.expr]) -> ast.expr:
    match arguments:
        case [holder, ast.Constant(value=int(index))]:
            return entry_of(holder, index)
    return build.item(arguments[0], 0)


def _merged(arguments: Sequence[ast.expr]) -> ast.expr:
    return build.merged(*arguments[:2])


def _nothing(arguments: Sequence[ast.expr]) -> ast.expr:
    return build.const(0)


_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[ast.expr]], ast.expr]]] = {
    "States.Format": _format,
    "States.StringToJson": lambda arguments: build.loads(arguments[0]),
    "States.JsonToString": lambda arguments: build.dumps(arguments[0]),
    "States.Array": lambda arguments: ast.List(list(arguments), ast.Load()),
    "States.ArrayGetItem": _item,
    "States.ArrayUnique": lambda arguments: arguments[0],
    "States.ArrayPartition": lambda arguments: ast.List([arguments[0]], ast.Load()),
    "States.StringSplit": lambda arguments: build.method(arguments[0], "split", *arguments[1:]),
    "States.JsonMerge": _merged,
    **dict.fromkeys(
        (
            "States.Hash",
            "States.UUID",
            "States.MathRandom",
            "States.MathAdd",
            "States.ArrayLength",
            "States.ArrayRange",
            "States.ArrayContains",
        ),
        _nothing,
    ),
}
