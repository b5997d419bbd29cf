"""Let a mapping know the keys under which something is put into what it holds.

After `groups[name].append(x)`, for a `defaultdict`, `name` is a key of `groups`: it is written
`groups[name].append(x); groups[name] = None`. Pysa takes keys from assignments alone. What is held already stays,
since it does not know which key is meant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

#: Methods of what a mapping holds that put something into it.
_FILLING = frozenset(
    {"add", "append", "appendleft", "extend", "extendleft", "insert", "put", "put_nowait", "setdefault", "update"}
)
#: Expressions that are written again only by a name: they do something, or bind one.
_DOING = (ast.Call, ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
_NAME = "sls_lab_key"


def key_edits(draft: Draft) -> list[Edit]:
    """The edits of the statements that make keys in passing."""
    edits: list[Edit] = []
    for node in draft.nodes:
        if isinstance(node, ast.stmt):
            for mapping, key in _entered(node):
                if _is_named(mapping) and not isinstance(key, ast.Constant | ast.Slice | ast.Starred):
                    edits += _assigned(draft, node, mapping, key)
    return edits


def _entered(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The mappings that a statement may give a key, each with that key."""
    match statement:
        case ast.Expr(value=ast.Call() as call) | ast.Expr(value=ast.Await(value=ast.Call() as call)):
            yield from _by_call(call)
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=ast.Attribute(attr="setdefault")) as call):
            yield from _by_call(call)
        case ast.Assign(targets=[ast.Subscript(value=held)]) | ast.AugAssign(target=ast.Subscript(value=held)):
            yield from _above(held)


def _by_call(call: ast.Call) -> Iterator[tuple[ast.expr, ast.expr]]:
    match call:
        case ast.Call(func=ast.Attribute(value=filled, attr=method), args=arguments) if method in _FILLING:
            yield from _above(filled)
            match arguments:
                case [key, *_] if method == "setdefault":
                    yield filled, key
                case [ast.Dict(keys=keys)] if method == "update":
                    yield from ((filled, key) for key in keys if key is not None)


def _above(held: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The mappings that lead to something: `a` and `a[b]` for `a[b][c]`."""
    match held:
        case ast.Subscript(value=mapping, slice=key):
            yield from _above(mapping)
            yield mapping, key
        case ast.Call(func=ast.Attribute(value=mapping, attr="setdefault"), args=[key, *_]):
            yield from _above(mapping)
            yield mapping, key


def _is_named(mapping: ast.expr) -> bool:
    """Whether an expression does nothing but name a mapping."""
    if not isinstance(mapping, ast.Name | ast.Attribute | ast.Subscript):
        return False
    return not any(isinstance(node, _DOING) for node in ast.walk(mapping))


def _assigned(draft: Draft, statement: ast.stmt, mapping: ast.expr, key: ast.expr) -> Iterator[Edit]:
    _, end = draft.range(statement)
    reason = draft.reason(f"it becomes a key of `{ast.unparse(mapping)}`", key)
    name = ast.unparse(key)
    if any(isinstance(node, _DOING) for node in ast.walk(key)):
        name = _NAME
        yield from draft.around("entered-key", key, f"({_NAME} := ", ")", reason.text)
    yield draft.edit("entered-key", (end, end), f"; {ast.unparse(mapping)}[{name}] = None", reason)
