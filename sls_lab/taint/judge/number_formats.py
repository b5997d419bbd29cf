"""Places in a string that a format lets only numbers into: `f"{x:d}"`, `"%d" % x`, `"{:.2f}".format(x)`.

https://docs.python.org/3/library/string.html#format-specification-mini-language,
https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from string import Formatter
from typing import Final

_NUMBERS: Final = frozenset("bdeEfFgGnoxX%")
_CONVERSION: Final = re.compile(r"%(?:%|(?P<key>\(\w*\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z]))")
_OLD_NUMBERS: Final = frozenset("diouxXeEfFgG")


def is_number_place(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether what is not a number cannot get past an expression; `above` has the nodes around each node."""
    if isinstance(node, ast.FormattedValue):
        return _lets_numbers(_written(node.format_spec))
    match above.get(node):
        case ast.Tuple(elts=elements) as given if node in elements:
            return _is_converted(above.get(given), given, elements.index(node))
        case ast.BinOp() as formatted if not isinstance(node, ast.Tuple):
            return _is_converted(formatted, node, 0)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format"), args=args):
            return node in args and _lets_numbers(_place(text, args.index(node), ""))
        case ast.keyword(arg=str() as name) as keyword:
            match above.get(keyword):
                case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
                    return _lets_numbers(_place(text, -1, name))
    return False


def _is_converted(formatted: ast.AST | None, right: ast.AST, number: int) -> bool:
    """Whether the conversion of that number in `"…" % right` gives a number."""
    match formatted:
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod(), right=given) if given is right:
            found = [one for one in _CONVERSION.finditer(text) if one["kind"]]
            known = not any(one["key"] for one in found) and "*" not in text
            return known and number < len(found) and found[number]["kind"] in _OLD_NUMBERS
    return False


def _place(text: str, number: int, name: str) -> str | None:
    """The format of a place in a string, where one place alone is meant by that number or name."""
    try:
        fields = [(field, spec) for _, field, spec, _ in Formatter().parse(text) if field is not None]
    except ValueError:
        return None
    counted = [(field or str(at), spec) for at, (field, spec) in enumerate(fields)]
    found = [spec for field, spec in counted if field == (name or str(number))]
    others = [field for field, _ in counted if re.split(r"[.\[]", field)[0] == (name or str(number))]
    return found[0] if len(found) == 1 == len(others) else None


def _written(spec: ast.expr | None) -> str | None:
    match spec:
        case ast.JoinedStr(values=[ast.Constant(value=str() as text)]):
            return text
    return None


def _lets_numbers(spec: str | None) -> bool:
    return bool(spec) and spec is not None and "{" not in spec and spec[-1] in _NUMBERS
