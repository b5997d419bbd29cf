"""From values to what a `BotoCall` says of its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.code.interpret.call_log import bounded_patterns
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import EnumMember
from sls_lab.code.interpret.values import (
    Atom,
    Because,
    Bound,
    DictRef,
    External,
    ListRef,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
)
from sls_lab.code.model import Argument
from sls_lab.facts import Pattern, Span

#: How deep, and how many, elements of one argument are described.
_DEPTH = 6
_PARTS = 400


def patterns(value: Value) -> tuple[Pattern, ...]:
    """The string patterns among a value's alternatives."""
    return bounded_patterns(pattern for atom in value for pattern in _patterns_of(atom))


def _patterns_of(atom: Atom) -> Iterator[Pattern]:
    match atom:
        case Text(pattern=pattern) | PathText(pattern=pattern):
            yield pattern
        case Unknown(label=label) | External(name=label):
            yield Pattern.any(label)
        case Scalar(missing=label) if label:
            yield Pattern.fixed(label)
        case EnumMember(value=value):
            yield from patterns(value)


class Describer:
    """Describes the arguments of one call."""

    def __init__(self, machine: Machine, span: Span) -> None:
        """`span` is that of the call, for what has no expression of its own."""
        self._machine = machine
        self._span = span
        self._left = _PARTS

    def argument(self, name: str, bound: Bound, span: Span | None) -> Argument:
        """One argument with the elements of what it holds."""
        return self._describe(name, bound.value, bound.node, span or self._span, 0, ())

    def _describe(
        self, name: str, value: Value, node: ast.expr | None, span: Span, depth: int, keys: tuple[Pattern, ...]
    ) -> Argument:
        self._left -= 1
        parts: dict[str, Argument] = {}
        if depth < _DEPTH:
            for atom in value:
                for part in self._parts(atom, node, span, depth + 1):
                    parts.setdefault(part.name, part)
        because = self._machine.recorder.reasons(self._because(value))
        return Argument(name, node, patterns(value), span, because, tuple(parts.values()), keys)

    def _because(self, value: Value) -> Because:
        return self._machine.because(value)

    def _parts(self, atom: Atom, node: ast.expr | None, span: Span, depth: int) -> Iterator[Argument]:
        contents: Sequence | Record | None = None
        if isinstance(atom, ListRef | DictRef):
            contents = self._machine.contents(atom)
        elif isinstance(atom, Sequence):
            contents = atom
        elif isinstance(atom, Text):
            for inner in atom.decoded:
                yield from self._parts(inner, None, span, depth)
        if isinstance(contents, Sequence):
            for index, item in enumerate(contents.items):
                if self._left <= 0:
                    return
                yield self._describe(str(index), item, element(node, index), span, depth, ())
        elif isinstance(contents, Record):
            for key, item in contents.entries:
                if self._left <= 0:
                    return
                name = key_name(key)
                keys = patterns((key,))
                yield self._describe(name, item, entry(node, name, len(contents.entries)), span, depth, keys)
        if contents is not None and contents.rest and self._left > 0:
            yield self._describe("*", contents.rest, None, span, depth, ())


def key_name(key: Atom) -> str:
    """A key as text."""
    match key:
        case Text(pattern=pattern):
            return str(pattern)
        case Scalar(value=value):
            return str(value)
        case _:
            return "*"


def element(node: ast.expr | None, index: int) -> ast.expr | None:
    """The expression of a list's element: as written in a display, else `x[0]`."""
    match node:
        case None:
            return None
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            starred = any(isinstance(each, ast.Starred) for each in elements[: index + 1])
            return None if starred or index >= len(elements) else elements[index]
        case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.Call():
            return None
        case _:
            return ast.Subscript(value=node, slice=ast.Constant(value=index), ctx=ast.Load())


def entry(node: ast.expr | None, key: str, count: int = 0) -> ast.expr | None:
    """The expression of a dict's entry: as written in a display or `dict(key=…)`, else `x["key"]`.

    `count` is the number of entries: a display of one entry is matched though its key is a name.
    """
    match node:
        case None:
            return None
        case ast.Dict(keys=keys, values=values):
            for written, value in zip(keys, values, strict=True):
                if isinstance(written, ast.Constant) and str(written.value) == key:
                    return value
            if keys.count(None) == 1 and all(one is None or isinstance(one, ast.Constant) for one in keys):
                return entry(values[keys.index(None)], key)  # `**values`
            return values[0] if count == 1 and len(values) == 1 and keys[0] is not None else None
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return next((keyword.value for keyword in keywords if keyword.arg == key), None)
        case ast.Call() | ast.DictComp():
            return None
        case _:
            return ast.Subscript(value=node, slice=ast.Constant(value=key), ctx=ast.Load())
