"""String formatting: f-strings, `%` and `str.format`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import Formatter

from sls_lab.code.interpret.string_operations import concatenation
from sls_lab.code.interpret.values import Scalar, Value, hole
from sls_lab.facts import Pattern

# https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[-+ #0]*)(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?[hlL]?(?P<type>.)"
)
_FIELD = re.compile(r"(?P<first>[^.\[]*)(?P<rest>.*)", re.DOTALL)
_STEP = re.compile(r"\.(?P<attribute>[^.\[]+)|\[(?P<index>[^\]]+)\]")

#: Gives the pattern of a value as `str` (or, where true, `repr`) would write it.
Render = Callable[[Value, bool], Pattern]
#: Gives a value by the name or number of a replacement field.
Find = Callable[[str], Value]


def percent(template: str, find: Callable[[str | None], Value], render: Render) -> Pattern:
    """`template % values`; `find(None)` gives the next positional value, `find(key)` that of a mapping."""
    result = Pattern.of()
    end = 0
    for match in _CONVERSION.finditer(template):
        result = concatenation(result, template[end : match.start()])
        end = match.end()
        if match["type"] == "%":
            result = concatenation(result, "%")
            continue
        for star in (match["width"], match["precision"]):
            if star == "*":
                find(None)
        value = find(match["key"])
        result = concatenation(result, _converted(match, value, render))
    return concatenation(result, template[end:])


def _converted(match: re.Match[str], value: Value, render: Render) -> Pattern:
    plain = not (match["flags"] or match["width"] or match["precision"])
    pattern = render(value, match["type"] in "ra")
    if match["type"] in "sr" and plain:
        return pattern
    scalar = value[0] if len(value) == 1 and isinstance(value[0], Scalar) else None
    number = scalar.value if scalar else None
    width, precision = match["width"] or "", match["precision"]
    if isinstance(number, int) and match["type"] in "diuxX" and _short(width, precision or ""):
        exact = f".{precision}" if precision else ""
        return Pattern.of(f"%{match['flags']}{width}{exact}{match['type']}" % number)
    return pattern if plain and pattern.holes else hole(str(pattern))


def formatted(pattern: Pattern, value: Value, specification: str | None) -> Pattern:
    """`format(value, specification)`, where `pattern` is the value as `str` writes it; None is an unknown one."""
    if specification == "":
        return pattern
    if specification is not None and _short(*re.findall(r"\d+", specification)):
        scalar = value[0] if len(value) == 1 and isinstance(value[0], Scalar) else None
        known = pattern.text if scalar is None else scalar.value
        if isinstance(known, str | int | float):
            try:
                return Pattern.of(format(known, specification))
            except (ValueError, TypeError, OverflowError):
                return hole(str(pattern))
    return hole(pattern.holes[0].label if len(pattern.holes) == 1 else str(pattern))


def _short(*widths: str) -> bool:
    """Whether widths and precisions are written out and ask for no more text than a name has."""
    return all(not width or (width.isdigit() and len(width) <= 2) for width in widths)


def fields(template: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """The literal parts and replacement fields of a `str.format` template. Raises ValueError if it is malformed."""
    return iter(list(Formatter().parse(template)))


def path(field: str) -> tuple[str, list[tuple[bool, str]]]:
    """A replacement field as its first name and its steps: an attribute (True) or an index (False) each."""
    match = _FIELD.match(field)
    first, rest = (match["first"], match["rest"]) if match else (field, "")
    return first, [(step["attribute"] is not None, step["attribute"] or step["index"]) for step in _STEP.finditer(rest)]
