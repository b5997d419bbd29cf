"""Build the expressions of event objects: new nodes without places around original ones."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from sls_lab.services.model import Element


def const(value: str | bytes | bool | int | float | None) -> ast.Constant:
    """A constant."""
    return ast.Constant(value)


def name(identifier: str) -> ast.Name:
    """A reference to a variable."""
    return ast.Name(identifier, ast.Load())


def record(entries: Mapping[str, ast.expr | None]) -> ast.Dict:
    """`{'key': value, …}` without the entries that are None."""
    present = {key: value for key, value in entries.items() if value is not None}
    return ast.Dict([const(key) for key in present], list(present.values()))


def item(value: ast.expr, key: str | int) -> ast.Subscript:
    """`value['key']` or `value[0]`."""
    return ast.Subscript(value, const(key), ast.Load())


def attribute(value: ast.expr, word: str) -> ast.Attribute:
    """`value.word`."""
    return ast.Attribute(value, word, ast.Load())


def call(function: ast.expr, *arguments: ast.expr) -> ast.Call:
    """`function(*arguments)`."""
    return ast.Call(function, list(arguments), [])


def method(value: ast.expr, word: str, *arguments: ast.expr) -> ast.Call:
    """`value.word(*arguments)`."""
    return call(attribute(value, word), *arguments)


def listing(elements: Sequence[Element]) -> ast.expr:
    """A list of all `elements`; one that represents many becomes a comprehension."""
    if len(elements) == 1 and elements[0].generators:
        return _comprehension(elements[0])
    return ast.List(
        [
            ast.Starred(_comprehension(element), ast.Load()) if element.generators else element.node
            for element in elements
        ],
        ast.Load(),
    )


def _comprehension(element: Element) -> ast.expr:
    """`[node for …]` of an element that represents many."""
    return ast.ListComp(element.node, list(element.generators))


def single(element: Element) -> ast.expr:
    """The expression for one element: the first of those that a comprehension gives."""
    return item(_comprehension(element), 0) if element.generators else element.node


def each(key: str, value: str, pairs: ast.expr, result: ast.expr) -> ast.DictComp:
    """`{key: result for key, value in pairs.items()}`."""
    target = ast.Tuple([ast.Name(key, ast.Store()), ast.Name(value, ast.Store())], ast.Store())
    generator = ast.comprehension(target, method(pairs, "items"), [], 0)
    return ast.DictComp(name(key), result, [generator])


def each_of(variable: str, iterable: ast.expr) -> Element:
    """Any element of `iterable`, called `variable`."""
    return Element(name(variable), (ast.comprehension(ast.Name(variable, ast.Store()), iterable, [], 0),))


def dumps(value: ast.expr) -> ast.Call:
    """`json.dumps(value)`."""
    return call(attribute(name("json"), "dumps"), value)


def loads(text: ast.expr) -> ast.Call:
    """`json.loads(text)`."""
    return call(attribute(name("json"), "loads"), text)


def literal(value: Any) -> ast.expr:
    """The expression that writes out a value read from JSON."""
    if isinstance(value, dict):
        return ast.Dict([const(key) for key in value], [literal(inner) for inner in value.values()])
    if isinstance(value, list):
        return ast.List([literal(inner) for inner in value], ast.Load())
    return const(value)


def merged(*mappings: ast.expr) -> ast.expr:
    """`{**first, **second}`; displays are joined into one display, in which each key is written once."""
    present = [mapping for mapping in mappings if not (isinstance(mapping, ast.Dict) and not mapping.keys)]
    if not present:
        return ast.Dict([], [])
    if len(present) == 1:
        return present[0]
    keys: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for mapping in present:
        if isinstance(mapping, ast.Dict) and not hasattr(mapping, "lineno"):
            keys += mapping.keys
            values += mapping.values
        else:
            keys.append(None)
            values.append(mapping)
    names = [key.value if isinstance(key, ast.Constant) else None for key in keys]
    last = [name is None or name not in names[at + 1 :] for at, name in enumerate(names)]
    return ast.Dict(
        [key for key, stays in zip(keys, last, strict=True) if stays],
        [value for value, stays in zip(values, last, strict=True) if stays],
    )
