"""JSONata's own functions, as Python expressions over their arguments.

A function is written as one that passes on the same arguments as the original, not as one that computes the same: what
counts is which data reaches where.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sls_lab.services import build
from sls_lab.services.inputs import entry_of


def as_string(value: ast.expr) -> ast.expr:
    """`value` as a string: `str(value)`, or itself where it is a string for certain."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value
    if isinstance(value, ast.BinOp) or (isinstance(value, ast.Call) and isinstance(value.func, ast.Name)):
        return value
    return build.call(build.name("str"), value)


def concatenated(values: Sequence[ast.expr]) -> ast.expr:
    """One value that may hold any part of `values`."""
    if len(values) == 1:
        return values[0]
    result: ast.expr = build.const("")
    for value in values:
        result = ast.BinOp(result, ast.Add(), as_string(value))
    return result


Make = Callable[[Sequence[ast.expr]], ast.expr]


def _clean(values: Sequence[ast.expr]) -> ast.expr:
    return build.const(0)


def _same(values: Sequence[ast.expr]) -> ast.expr:
    return values[0] if values else build.const("")


def _written(values: Sequence[ast.expr]) -> ast.expr:
    return as_string(values[0]) if values else build.const("")


def _as_number(values: Sequence[ast.expr]) -> ast.expr:
    return build.call(build.name("float"), values[0]) if values else build.const(0)


def _read_json(values: Sequence[ast.expr]) -> ast.expr:
    return build.loads(values[0]) if values else build.const(None)


def _merged(values: Sequence[ast.expr]) -> ast.expr:
    listed = values[0].elts if len(values) == 1 and isinstance(values[0], ast.List) else values
    return build.merged(*listed)


def _appended(values: Sequence[ast.expr]) -> ast.expr:
    return ast.List(
        [ast.Starred(value, ast.Load()) if not isinstance(value, ast.Constant) else value for value in values],
        ast.Load(),
    )


def _joined(values: Sequence[ast.expr]) -> ast.expr:
    separator = values[1] if len(values) > 1 else build.const("")
    return build.method(separator, "join", values[0]) if values else build.const("")


def _found(values: Sequence[ast.expr]) -> ast.expr:
    if len(values) == 2 and isinstance(values[1], ast.Constant) and isinstance(values[1].value, str):
        return entry_of(values[0], values[1].value)
    return concatenated(values)


def _method(word: str) -> Make:
    return lambda values: build.method(as_string(values[0]), word, *values[1:]) if values else build.const("")


_CLEANING: Final = (
    "$abs $boolean $ceil $contains $count $exists $floor $hash $length $max $millis $min $not $now $power $random "
    "$range $round $sqrt $sum $average $toMillis $type $uuid"
)
_OF_A_STRING: Final = (
    "$string $substring $substringBefore $substringAfter $base64encode $base64decode $encodeUrl $decodeUrl "
    "$encodeUrlComponent $decodeUrlComponent $pad"
)

#: What each function makes of its arguments (https://docs.jsonata.org/string-functions and the pages beside it).
FUNCTIONS: Final[Mapping[str, Make]] = {
    **dict.fromkeys(_CLEANING.split(), _clean),
    **dict.fromkeys(_OF_A_STRING.split(), _written),
    **dict.fromkeys(["$distinct", "$reverse", "$shuffle", "$sort", "$spread"], _same),
    "$number": _as_number,
    "$parse": _read_json,
    "$eval": _read_json,
    "$merge": _merged,
    "$append": _appended,
    "$join": _joined,
    "$lookup": _found,
    "$split": _method("split"),
    "$replace": _method("replace"),
    "$uppercase": _method("upper"),
    "$lowercase": _method("lower"),
    "$trim": _method("strip"),
}
