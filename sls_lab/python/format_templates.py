"""What goes into the places of a string template, by `%` or by `format`.

https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting and
https://docs.python.org/3/library/string.html#format-string-syntax
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_PLACE = re.compile(r"%(?:\((?P<key>[^)]*)\))?(?P<look>[#0\- +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?)[hlL]?(?P<kind>[a-zA-Z%])")
_FIRST_NAME = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that is part of the string as `str(value)` is."""

    value: ast.expr


#: A string, a value as it is, or an expression from which the part is somehow made; None where that is not known.
Filling = str | Shown | ast.expr | None
Fill = Callable[[str], Iterator[Filling]]


def percent(right: ast.expr) -> Fill:
    """The parts of `template % right`."""

    def fill(template: str) -> Iterator[Filling]:
        places = list(_PLACE.finditer(template))
        values = list(right.elts) if isinstance(right, ast.Tuple) else [right]
        counted = sum(place["kind"] != "%" and place["key"] is None for place in places)
        matched = counted == len(values) and not any(isinstance(value, ast.Starred) for value in values)
        end = 0
        for place in places:
            yield template[end : place.start()]
            end = place.end()
            if place["kind"] == "%":
                yield "%"
                continue
            value = _entry(right, place["key"]) if place["key"] is not None else None
            if place["key"] is None and matched:
                value = values.pop(0)
            if value is None:
                yield right
            else:
                yield Shown(value) if place["kind"] == "s" and not place["look"] else value
        yield template[end:]

    return fill


def braces(call: ast.Call) -> Fill:
    """The parts of `template.format(…)`."""

    def fill(template: str) -> Iterator[Filling]:
        try:
            parsed = list(string.Formatter().parse(template))
        except ValueError:  # it raises when it runs
            yield template.partition("{")[0]
            yield None
            return
        count = 0
        for text, name, look, conversion in parsed:
            yield text
            if name is None:
                continue
            first = _FIRST_NAME.split(name, maxsplit=1)[0]
            if not first:
                first, count = str(count), count + 1
            value = _given(call, first)
            plain = name in ("", first) and not look and conversion in (None, "s")
            yield Shown(value) if plain and value is not None else value

    return fill


def _given(call: ast.Call, name: str) -> ast.expr | None:
    """The argument that a place of `format` names."""
    if name.isdecimal():
        number = int(name) if len(name) < 4 else len(call.args)
        before = call.args[: number + 1]
        if number >= len(call.args) or any(isinstance(one, ast.Starred) for one in before):
            return None
        return call.args[number]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _entry(mapping: ast.expr, key: str) -> ast.expr | None:
    """The value of a key of a dict that is written out."""
    if isinstance(mapping, ast.Dict):
        for written, value in zip(reversed(mapping.keys), reversed(mapping.values), strict=True):
            if written is None:
                return None
            if isinstance(written, ast.Constant) and written.value == key:
                return value
    return None
