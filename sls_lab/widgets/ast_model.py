"""A syntax tree as a table of nodes: the model of the AST explorer."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, Final

from sls_lab.facts import SlsLabError, Span, split_lines
from sls_lab.python.module import Module
from sls_lab.report.display import one_line
from sls_lab.widgets import ast_words
from sls_lab.widgets.sources import ShownText

#: Nodes that have neither fields nor a place and are shared by all that hold them: they are shown as values of fields.
Shared: Final = ast.expr_context | ast.boolop | ast.operator | ast.unaryop | ast.cmpop

_NOWHERE: Final = ((1, 0), (1, 0))
_LABEL: Final = 40


class UnknownClass(SlsLabError):
    """A search names a class that syntax trees do not have."""


@dataclass(frozen=True, slots=True)
class Row:
    """One node: what contains it, and where. `index` is its place in a list; `span` is None where it has no place."""

    node: ast.AST
    parent: int
    field: str
    index: int | None
    span: Span | None

    @property
    def name(self) -> str:
        """The name of its class."""
        return type(self.node).__name__

    @property
    def held(self) -> str:
        """Where its parent holds it: `body[0]`."""
        return self.field if self.index is None else f"{self.field}[{self.index}]"


class TreeModel:
    """All nodes of a module in the order of the source, numbered from 0, the root."""

    def __init__(self, module: Module) -> None:
        """Nothing but places is computed before it is asked for."""
        self.module = module
        self.text = ShownText(module.text)
        self.rows = tuple(_rows(module))
        self.children: list[list[int]] = [[] for _ in self.rows]
        for number, row in enumerate(self.rows):
            if number:
                self.children[row.parent].append(number)

    def ancestors(self, number: int) -> tuple[int, ...]:
        """The nodes around a node, the root first, itself excluded."""
        found: list[int] = []
        while number:
            number = self.rows[number].parent
            found.append(number)
        return tuple(reversed(found))

    def innermost(self, span: Span) -> int:
        """The innermost node around a place, the root if there is none."""
        best = 0
        for number, row in enumerate(self.rows):
            # A node comes before those in it, so that the last one that covers the place is the innermost.
            if row.span and row.span.contains(span):
                best = number
        return best

    def matching(self, query: str) -> tuple[int, ...]:
        """The nodes of a class, given as `Call` or `ast.Call`, or of a group such as `stmt`, in source order.

        A context or an operator is found at the nodes that hold it. Raises UnknownClass.
        """
        wanted = query.strip().removeprefix("ast.")
        known = {name.lower(): name for name in ast_words.names()} | {name: name for name in ast_words.names()}
        name = known.get(wanted) or known.get(wanted.lower())
        if name is None:
            near = get_close_matches(wanted.lower(), known, n=1)
            hint = f"; did you mean {known[near[0]]}?" if near else "."
            raise UnknownClass(f"Syntax trees have no class {one_line(wanted)}{hint}")
        found = (at for at, row in enumerate(self.rows) if any(name in _classes(node) for node in _held(row.node)))
        return tuple(sorted(found, key=self.order))

    def order(self, number: int) -> tuple[int, int, int]:
        """What to sort nodes by, so that they are in the order of the source: a decorator before the body."""
        around = number
        while around and self.rows[around].span is None:
            around = self.rows[around].parent
        span = self.rows[around].span
        return (span.line, span.column, number) if span else (0, 0, number)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the source, with their ends."""
        return split_lines(self.module.text)

    def source(self, number: int) -> str:
        """The text that a node covers, empty where it covers none."""
        span = self.rows[number].span
        if span is None:
            return ""
        lines = self.lines[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        return "".join(lines)

    def label(self, number: int) -> str:
        """What distinguishes a node from others of its class: a name, a value written out; empty for most."""
        return label(self.rows[number].node)

    @cached_property
    def table(self) -> dict[str, Any]:
        """The nodes as columns, for the browser; places are in UTF-16 units of the text as shown, -1 for none."""
        classes = sorted({row.name for row in self.rows})
        fields = sorted({row.field for row in self.rows})
        class_numbers = {name: number for number, name in enumerate(classes)}
        field_numbers = {name: number for number, name in enumerate(fields)}
        places = [self._range(row.span) for row in self.rows]
        return {
            "classes": classes,
            "fields": fields,
            "class": [class_numbers[row.name] for row in self.rows],
            "field": [field_numbers[row.field] for row in self.rows],
            "index": [-1 if row.index is None else row.index for row in self.rows],
            "parent": [row.parent for row in self.rows],
            "start": [start for start, _ in places],
            "end": [end for _, end in places],
            "label": [label(row.node) for row in self.rows],
        }

    def _range(self, span: Span | None) -> tuple[int, int]:
        if span is None:
            return -1, -1
        return self.text.offset(span.line, span.column), self.text.offset(span.end_line, span.end_column)


def label(node: ast.AST) -> str:
    """What distinguishes a node from others of its class, in a few characters."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return _short(name)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return _short(name)
        case ast.keyword(arg=argument):
            return _short(argument or "**")
        case ast.alias(name=name):
            return _short(name)
        case ast.ImportFrom(module=module, level=level):
            return _short("." * level + (module or ""))
        case ast.Constant(value=value):
            return _short(constant(value))
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) | ast.UnaryOp(op=operator) | ast.BoolOp(op=operator):
            return type(operator).__name__
        case ast.Compare(ops=operators):
            return _short(", ".join(type(each).__name__ for each in operators))
        case _:
            return ""


def constant(value: object) -> str:
    """A value as written in code; a number too long for Python to print is named so."""
    try:
        return repr(value)
    except ValueError:
        return "a very long number"


def _short(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _LABEL else text[: _LABEL - 1] + "…"


def _classes(node: ast.AST) -> frozenset[str]:
    """The names of a node's class and of the groups it belongs to."""
    return frozenset(each.__name__ for each in type(node).__mro__)


def _held(node: ast.AST) -> Iterator[ast.AST]:
    """The node and the shared ones that it holds."""
    yield node
    for value in vars(node).values():
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, Shared):
                yield each


def _rows(module: Module) -> Iterator[Row]:
    """Each node before those in it, in the order of the fields."""
    waiting: list[tuple[ast.AST, int, str, int | None]] = [(module.tree, 0, "", None)]
    ascii_only = module.text.isascii()
    places: list[Span | None] = []
    order: list[tuple[ast.AST, int, str, int | None]] = []
    while waiting:
        entry = waiting.pop()
        number = len(order)
        order.append(entry)
        places.append(_place(module, entry[0], ascii_only))
        waiting.extend(reversed(list(_children(entry[0], number))))
    # A node without a place of its own covers what those in it cover; they come after it.
    for number in range(len(order) - 1, 0, -1):
        node, parent, _, _ = order[number]
        span = places[number]
        if span and not hasattr(order[parent][0], "lineno") and not isinstance(order[parent][0], ast.Module):
            places[parent] = _around(places[parent], span)
    for (node, parent, field, index), span in zip(order, places, strict=True):
        yield Row(node, parent, field, index, span)


def _children(node: ast.AST, number: int) -> Iterator[tuple[ast.AST, int, str, int | None]]:
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST) and not isinstance(value, Shared):
            yield value, number, field, None
        elif isinstance(value, list):
            for index, each in enumerate(value):
                if isinstance(each, ast.AST) and not isinstance(each, Shared):
                    yield each, number, field, index


def _place(module: Module, node: ast.AST, ascii_only: bool) -> Span | None:
    """What a node covers, decorators included; None where it has no place or this Python gives a wrong one."""
    if not hasattr(node, "lineno"):
        return None
    decorators: Sequence[ast.expr] = getattr(node, "decorator_list", ())
    if (
        ascii_only
        and isinstance(node, ast.expr | ast.stmt)
        and not decorators
        and not hasattr(node, "_broken_positions")
    ):
        # The common case, for which the library would give just this: bytes are characters.
        return Span(module.file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
    place = module.tokens.get_text_positions(node, padded=False)
    if place == _NOWHERE:
        return None
    (line, column), (end_line, end_column) = place
    if decorators:
        # The library begins at the first decorator's name: the sign before it belongs to the definition as well.
        column = max(column - 1, 0)
    return Span(module.file, line, column, end_line, end_column)


def _around(one: Span | None, other: Span) -> Span:
    if one is None:
        return other
    (line, column) = min((one.line, one.column), (other.line, other.column))
    (end_line, end_column) = max((one.end_line, one.end_column), (other.end_line, other.end_column))
    return Span(one.file, line, column, end_line, end_column)
