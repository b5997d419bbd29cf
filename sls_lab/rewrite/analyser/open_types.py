"""Annotations that say no more than "a dictionary", such as `dict`, `Dict[str, Any]` and `Mapping[str, object] | None`.

What is read out of such a dictionary has no type, and so no methods: of `event["Records"][0].get("body")` nothing is
known. The type that `Event` stands for (see the stub `sls_lab_event`) says more, for its parts are dictionaries again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from sls_lab.python.names import dotted

_DICTIONARIES: Final = frozenset(
    {
        "builtins.dict",
        "collections.OrderedDict",
        "collections.abc.Mapping",
        "collections.abc.MutableMapping",
        "typing.Dict",
        "typing.Mapping",
        "typing.MutableMapping",
        "typing.OrderedDict",
    }
)
_LISTS: Final = frozenset(
    {
        "builtins.list",
        "builtins.tuple",
        "collections.abc.Collection",
        "collections.abc.Iterable",
        "collections.abc.Iterator",
        "collections.abc.Sequence",
        "typing.Collection",
        "typing.Iterable",
        "typing.Iterator",
        "typing.List",
        "typing.Sequence",
        "typing.Tuple",
    }
)
_ANYTHING: Final = frozenset({"builtins.object", "typing.Any", "typing_extensions.Any"})
_CHOICES: Final = frozenset({"typing.Optional", "typing.Union"})
#: An annotation that is a longer chain of aliases or strings is left as it is.
_DEPTH: Final = 8


class OpenTypes:
    """Asks the annotations of one module which of them leave open what their dictionaries hold."""

    def __init__(self, tree: ast.Module, event: str) -> None:
        """`event` is what stands for such a dictionary."""
        self._tree = tree
        self._event = event

    def instead(self, annotation: ast.expr, *, or_anything: bool = False) -> str | None:
        """The type to write in the place of one that leaves open what its dictionaries hold; None for any other.

        With `or_anything`, `Any` and `object` are such types as well.
        """
        return self._instead(annotation, or_anything, _DEPTH)

    def _instead(self, node: ast.expr, or_anything: bool, depth: int) -> str | None:
        if not depth:
            return None
        match node:
            case ast.Constant(value=str(text)):
                read = _read(text)
                return None if read is None else self._instead(read, or_anything, depth - 1)
            case ast.BinOp(op=ast.BitOr()) | ast.Subscript() if parts := self._choices(node):
                found = [self._instead(part, or_anything, depth - 1) for part in parts]
                return next((one for one in found if one is not None), None)
            case ast.Subscript(value=holder, slice=ast.Tuple(elts=[_, value])) if self._means(holder, _DICTIONARIES):
                return self._event if self._instead(value, True, depth - 1) is not None else None
            case ast.Subscript(value=holder, slice=inner) if self._means(holder, _LISTS):
                first = inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner
                part = self._instead(first, True, depth - 1)
                return None if part is None else f"list[{part}]"
            case ast.Name(id=name) if name in self._aliases:
                return self._instead(self._aliases[name], or_anything, depth - 1)
            case ast.Name() | ast.Attribute():
                wanted = _DICTIONARIES | _ANYTHING if or_anything else _DICTIONARIES
                return self._event if self._means(node, wanted) else None
        return None

    def _choices(self, node: ast.expr) -> list[ast.expr]:
        """The types among which an annotation leaves the choice; empty where it does not."""
        match node:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return [*(self._choices(left) or [left]), right]
            case ast.Subscript(value=holder, slice=inner) if self._means(holder, _CHOICES):
                return inner.elts if isinstance(inner, ast.Tuple) else [inner]
        return []

    def _means(self, node: ast.expr, wanted: frozenset[str]) -> bool:
        return dotted(node, (self._tree,)) in wanted

    @cached_property
    def _aliases(self) -> dict[str, ast.expr]:
        """The names that the module gives to types once, such as `JSON = Dict[str, Any]`."""
        found: dict[str, list[ast.expr]] = {}
        for name, value in _assigned(self._tree):
            found.setdefault(name, []).append(value)
        return {name: values[0] for name, values in found.items() if len(values) == 1}


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                named, meant = getattr(statement, "name", None), getattr(statement, "value", None)
                if isinstance(named, ast.Name) and isinstance(meant, ast.expr):  # `type JSON = …`, from Python 3.12 on
                    yield named.id, meant


def _read(text: str) -> ast.expr | None:
    """The annotation that is written as a string; None for what does not parse."""
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        return None
