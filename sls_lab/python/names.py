"""What a name in the code means: the dotted name of something of a library, imports and other names resolved."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Sequence

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings, namespaces_within
from sls_lab.python.module import NamespaceNode
from sls_lab.python.scopes import owner

#: Names given to each other deeper than this are not followed.
_DEPTH = 8
_BUILT_IN = frozenset(dir(builtins))


def meanings(expression: ast.expr, scopes: Sequence[NamespaceNode], own: Collection[str] = ()) -> frozenset[str]:
    """The dotted names that `expression` may mean, such as `os.path.basename` or `builtins.int`.

    `scopes` are those whose names it sees, the innermost first, `own` the names of the application's modules, which
    come before a library's. Empty where it may be anything else: a function of the application, a parameter, what is
    bound again somewhere.
    """
    return frozenset(_Names(own).of(expression, tuple(scopes), _DEPTH) or ())


def dotted(expression: ast.expr, scopes: Sequence[NamespaceNode], own: Collection[str] = ()) -> str | None:
    """As `meanings`, where there is just one; else None."""
    found = meanings(expression, scopes, own)
    return next(iter(found)) if len(found) == 1 else None


class _Names:
    """One question. Each name is looked up once: one that is given itself, or the same ones again and again, costs no
    more than any other.
    """

    def __init__(self, own: Collection[str]) -> None:
        self._own = own
        self._known: dict[tuple[NamespaceNode, str], set[str] | None] = {}

    def of(self, expression: ast.expr, scopes: tuple[NamespaceNode, ...], depth: int) -> set[str] | None:
        if not depth:
            return None
        match expression:
            case ast.Attribute(value=value, attr=attribute):
                names = {f"{name}.{attribute}" for name in self.of(value, scopes, depth) or ()}
                return None if any(name in self._own for name in names) else names or None
            case ast.Name(id=name):
                scope = owner(name, scopes)
                if scope is None:
                    unsure = name not in _BUILT_IN or any(bindings(each).star for each in scopes)
                    return None if unsure else {f"builtins.{name}"}
                if (scope, name) not in self._known:
                    self._known[scope, name] = None  # what is given itself is not known
                    inner = scopes[scopes.index(scope) :]
                    self._known[scope, name] = _together(self._bound(name, scope, inner, depth - 1))
                return self._known[scope, name]
        return None

    def _bound(
        self, name: str, scope: NamespaceNode, scopes: tuple[NamespaceNode, ...], depth: int
    ) -> Iterator[set[str] | None]:
        """What each binding of a name gives it, None for what is not a library's name."""
        known = bindings(scope)
        if known.star and name in known.changed_elsewhere:
            yield None  # a later `from … import *` may bind it
        if name in known.changed_elsewhere:
            for inner in namespaces_within(scope):
                if inner is not scope and name in bindings(inner).globals | bindings(inner).nonlocals:
                    yield from (None for one in bindings(inner).every if one.name == name and one.binds)
        for one in known.every:
            if one.name != name or not one.binds or one.kind is BindingKind.DECLARED:
                continue
            if one.imported is not None:
                yield _library(one.imported, self._own)
            elif one.kind is BindingKind.VALUE and one.value is not None:
                yield self.of(one.value, scopes, depth)
            else:
                yield None


def _together(bound: Iterator[set[str] | None]) -> set[str] | None:
    found: set[str] = set()
    for names in bound:
        if names is None:
            return None
        found |= names
    return found or None


def _library(imported: tuple[str, int, str | None], own: Collection[str]) -> set[str] | None:
    module, level, name = imported
    if level or not module:
        return None
    whole = module if name is None else f"{module}.{name}"
    parts = whole.split(".")
    if any(".".join(parts[:length]) in own for length in range(1, len(parts) + 1)):
        return None
    return {whole}
