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
    return frozenset(_meanings(expression, tuple(scopes), own, _DEPTH) or ())


def dotted(expression: ast.expr, scopes: Sequence[NamespaceNode], own: Collection[str] = ()) -> str | None:
    """As `meanings`, where there is just one; else None."""
    found = meanings(expression, scopes, own)
    return next(iter(found)) if len(found) == 1 else None


def _meanings(
    expression: ast.expr, scopes: tuple[NamespaceNode, ...], own: Collection[str], depth: int
) -> set[str] | None:
    if not depth:
        return None
    match expression:
        case ast.Attribute(value=value, attr=attribute):
            owners = _meanings(value, scopes, own, depth)
            names = {f"{name}.{attribute}" for name in owners or ()}
            return None if any(name in own for name in names) else names or None
        case ast.Name(id=name):
            scope = owner(name, scopes)
            if scope is None:
                unsure = name not in _BUILT_IN or any(bindings(each).star for each in scopes)
                return None if unsure else {f"builtins.{name}"}
            found = list(_bound(name, scope, scopes[scopes.index(scope) :], own, depth - 1))
            if not found or any(one is None for one in found):
                return None
            return {one for names in found for one in names or ()}
    return None


def _bound(
    name: str,
    scope: NamespaceNode,
    scopes: tuple[NamespaceNode, ...],
    own: Collection[str],
    depth: int,
) -> Iterator[set[str] | None]:
    """What each binding of a name gives it, None for what is not a library's name."""
    known = bindings(scope)
    if known.star and name in known.changed_elsewhere:
        yield None  # a later `from … import *` may bind it
    for inner in namespaces_within(scope):
        if inner is not scope and name in bindings(inner).globals | bindings(inner).nonlocals:
            yield from (None for one in bindings(inner).every if one.name == name and one.binds)
    for one in known.every:
        if one.name != name or not one.binds or one.kind is BindingKind.DECLARED:
            continue
        if one.imported is not None:
            yield _library(one.imported, own)
        elif one.kind is BindingKind.VALUE and one.value is not None:
            yield _meanings(one.value, scopes, own, depth)
        else:
            yield None


def _library(imported: tuple[str, int, str | None], own: Collection[str]) -> set[str] | None:
    module, level, name = imported
    if level or not module:
        return None
    whole = module if name is None else f"{module}.{name}"
    parts = whole.split(".")
    if any(".".join(parts[:length]) in own for length in range(1, len(parts) + 1)):
        return None
    return {whole}
