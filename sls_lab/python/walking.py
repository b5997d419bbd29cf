"""The nodes of trees, each tree walked once: trees are not changed after they were parsed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary


@dataclass(frozen=True, slots=True)
class Walk:
    """All nodes below a module in the order of `ast.walk`, their parents, and how many nodes deep the tree is.

    Operators and contexts, which nodes share, are left out. What stands at the module's top has no entry in `parents`:
    a walk that held the module would keep it alive for ever.
    """

    nodes: tuple[ast.AST, ...]
    parents: Mapping[ast.AST, ast.AST]
    depth: int


_SHARED = frozenset({"ctx", "op", "ops"})  #: the fields whose nodes are one and the same in all trees
#: the fields that hold names and numbers, whatever the node
_PLAIN = frozenset(
    {"id", "attr", "asname", "module", "level", "kind", "type_comment", "is_async", "simple", "conversion", "rest"}
)
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}
_WALKS: WeakKeyDictionary[ast.Module, Walk] = WeakKeyDictionary()


def walk(tree: ast.Module) -> Walk:
    """The walk over a module, computed once for as long as the tree lives."""
    known = _WALKS.get(tree)
    if known is None:
        known = _WALKS[tree] = _walk(tree)
    return known


def children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes` without operators and contexts, at a third of its cost."""
    found: list[ast.AST] = []
    kind = type(node)
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _FIELDS[kind] = _fields_with_nodes(kind)
    for field in fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _fields_with_nodes(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a kind of node that may hold nodes."""
    plain = _PLAIN | (frozenset() if kind.__name__ == "TypeAlias" else {"name"})
    plain |= {"value"} if kind in (ast.Constant, ast.MatchSingleton) else set()
    plain |= {"arg"} if kind in (ast.arg, ast.keyword) else set()
    return tuple(field for field in kind._fields if field not in _SHARED and field not in plain)


def _walk(tree: ast.Module) -> Walk:
    nodes: list[ast.AST] = []
    parents: dict[ast.AST, ast.AST] = {}
    depth = 1
    level = children(tree)
    while level:
        depth += 1
        nodes += level
        below: list[ast.AST] = []
        for node in level:
            inner = children(node)
            parents.update(dict.fromkeys(inner, node))
            below += inner
        level = below
    return Walk(tuple(nodes), parents, depth)
