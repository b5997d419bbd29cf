"""The nodes of trees, each tree walked once: trees are not changed after they were parsed."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sls_lab.python.module import ComprehensionNode, FunctionNode, NamespaceNode


@dataclass(frozen=True, slots=True)
class Walk:
    """All nodes below a module in the order of `ast.walk`, their parents, and how many nodes deep the tree is.

    Operators and contexts, which nodes share, are left out. Statements at the module's top have no entry in `parents`:
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


def own_nodes(scope: NamespaceNode) -> tuple[ast.AST, ...]:
    """The nodes that run in a scope's own body, in the order of the file, found once for as long as the tree lives.

    Functions, classes and lambdas within it are given without their bodies, but with what runs where they are
    defined: decorators, defaults, annotations, base classes. Comprehensions are given whole, as their first iterable
    and each `:=` in them belong to the scope around them.
    """
    known = _OWN.get(scope)
    if known is None:
        known = _OWN[scope] = tuple(_own(scope))
    return known


def body_of(scope: NamespaceNode) -> list[ast.AST]:
    """The nodes at the top of a scope: its statements, a lambda's expression, a comprehension's parts."""
    if isinstance(scope, ast.Lambda):
        return [scope.body]
    if isinstance(scope, ComprehensionNode):
        return children(scope)
    return list(scope.body)


def run_outside(scope: NamespaceNode) -> list[ast.AST]:
    """The parts of a definition that run where it is defined, and not in its body."""
    match scope:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            returned = [] if scope.returns is None else [scope.returns]
            return [*scope.decorator_list, scope.args, *returned]
        case ast.Lambda():
            return [scope.args]
        case ast.ClassDef():
            return [*scope.decorator_list, *scope.bases, *scope.keywords]
    return []


_READS: WeakKeyDictionary[ast.AST, Mapping[str, tuple[ast.Name, ...]]] = WeakKeyDictionary()


def reads(scope: NamespaceNode) -> Mapping[str, tuple[ast.Name, ...]]:
    """Where each name is read in a scope and in those within it, computed once for as long as the scope lives."""
    known = _READS.get(scope)
    if known is None:
        found: dict[str, list[ast.Name]] = {}
        for node in ast.walk(scope):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        known = _READS[scope] = {name: tuple(nodes) for name, nodes in found.items()}
    return known


_OWN: WeakKeyDictionary[ast.AST, tuple[ast.AST, ...]] = WeakKeyDictionary()


def leaves(block: Sequence[ast.stmt], *, quietly: bool = False) -> bool:
    """Whether what follows a block is not reached from it; `quietly` without raising anything."""
    if not block:
        return False
    match block[-1]:
        case ast.If(body=body, orelse=other):
            return leaves(body, quietly=quietly) and leaves(other, quietly=quietly)
        case ast.Raise():
            return not quietly
    return isinstance(block[-1], ast.Return | ast.Continue | ast.Break)


def _own(scope: NamespaceNode) -> list[ast.AST]:
    found: list[ast.AST] = []
    pending = body_of(scope)[::-1]
    while pending:
        node = pending.pop()
        found.append(node)
        if isinstance(node, FunctionNode | ast.ClassDef | ast.Lambda):
            pending.extend(run_outside(node)[::-1])
        else:
            pending.extend(children(node)[::-1])
    return found


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
