"""Which scope a name belongs to where it is used (https://docs.python.org/3/reference/executionmodel.html)."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sls_lab.python.bindings import bindings
from sls_lab.python.module import ComprehensionNode, FunctionNode, Module, NamespaceNode
from sls_lab.python.walking import run_outside, walk

_DEPTH = 20  #: of names that refer to names
_NAMESPACES = FunctionNode | ast.Lambda | ast.ClassDef | ComprehensionNode


def constant(name: str, scopes: Sequence[NamespaceNode]) -> ast.expr | None:
    """The one expression that `name` refers to, as seen from `scopes`, the innermost first; None where it varies."""
    found = owner(name, scopes)
    return None if found is None else bindings(found).constant(name)


def owner(name: str, scopes: Sequence[NamespaceNode]) -> NamespaceNode | None:
    """The scope whose variable `name` is, as seen from `scopes`, the innermost first; None for what is built in."""
    for scope in scopes:
        known = bindings(scope)
        if name in known.globals:
            return next((outer for outer in scopes if isinstance(outer, ast.Module)), None)
        if name in known.local:
            return scope
    return None


def scopes_around(module: Module, node: ast.AST) -> tuple[NamespaceNode, ...]:
    """The scopes whose names an expression or statement of `module` sees, the innermost first, the module last.

    A class is among them for what is written directly in its body, not for its methods.
    """
    above = walk(module.tree).parents
    found: list[NamespaceNode] = []
    inner, outer = node, above.get(node)
    while outer is not None:
        unseen = bool(found) and isinstance(outer, ast.ClassDef)
        if isinstance(outer, _NAMESPACES) and not unseen and _inside(inner, outer, node):
            found.append(outer)
        inner, outer = outer, above.get(outer)
    return (*found, module.tree)


def _inside(child: ast.AST, scope: NamespaceNode, node: ast.AST) -> bool:
    """Whether `node`, which is or is in the `child` of a definition, belongs to that definition's own body."""
    if isinstance(scope, ComprehensionNode):
        first = scope.generators[0]
        return child is not first or node is first or not any(one is node for one in ast.walk(first.iter))
    return not any(part is child for part in run_outside(scope))


def resolve(node: ast.expr, scopes: Sequence[NamespaceNode]) -> tuple[ast.expr, tuple[NamespaceNode, ...]]:
    """The expression that a name refers to, with the scopes in which it is written; else the node itself."""
    inner = tuple(scopes)
    for _ in range(_DEPTH):
        while isinstance(node, ast.NamedExpr):
            node = node.value
        scope = owner(node.id, inner) if isinstance(node, ast.Name) else None
        value = bindings(scope).constant(node.id) if scope is not None and isinstance(node, ast.Name) else None
        if scope is None or value is None:
            break
        node, inner = value, inner[inner.index(scope) :]
    return node, inner
