"""Let two names for one object hold the same after one of them was used to change it.

After `inner = settings["run"]` the statement `inner["command"] = x` changes `settings` as well: it is written
`inner["command"] = x; settings["run"] = inner`. Pysa takes an assignment for a copy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_CHANGING = frozenset({"append", "appendleft", "add", "insert", "extend", "update", "setdefault"})


def alias_edits(draft: Draft) -> list[Edit]:
    """The edits after statements that change an object which has another name in the same function."""
    edits: list[Edit] = []
    for function in draft.nodes:
        if isinstance(function, FunctionNode):
            nodes = own_nodes(function)
            for node in nodes:
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_alias(name, value, function):
                        for statement in nodes:
                            edits += _same(draft, node, name, value, statement)
    return edits


def _is_alias(name: str, value: ast.expr, function: FunctionNode) -> bool:
    """Whether both names mean one object from here on: neither is bound again."""
    known = bindings(function)
    root = _root(value)
    if root is None or len(known.values.get(name, ())) != 1 or name in known.globals | known.nonlocals:
        return False
    bound = [one for one in known.every if one.name == root and one.binds and one.kind is not BindingKind.PARAMETER]
    return root in known.local and all(getattr(one.node, "lineno", 0) < value.lineno for one in bound)


def _root(value: ast.expr) -> str | None:
    """The variable of `a`, `a.b` or `a["b"]`; None for every other expression."""
    match value:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner):
            return _root(inner)
        case ast.Subscript(value=inner, slice=ast.Constant()):
            return _root(inner)
    return None


def _same(draft: Draft, alias: ast.Assign, name: str, value: ast.expr, statement: ast.AST) -> Iterator[Edit]:
    """What follows on a statement that changes the object by one of its names."""
    changed = _changed(statement)
    if not isinstance(statement, ast.stmt) or changed is None or statement.lineno <= alias.lineno:
        return
    first, second = ast.unparse(value), name
    if ast.dump(changed) == ast.dump(ast.Name(name, ast.Load())):
        text = f"; {first} = {second}"
    elif ast.dump(changed) == ast.dump(value):
        text = f"; {second} = {first}"
    else:
        return
    _, end = draft.range(statement)
    reason = draft.reason(f"`{first}` and `{second}` are one object", alias)
    yield draft.edit("alias", (end, end), text, reason)


def _changed(statement: ast.AST) -> ast.expr | None:
    """The expression by which a statement changes an object."""
    match statement:
        case (
            ast.Assign(targets=[ast.Subscript(value=changed) | ast.Attribute(value=changed)])
            | ast.AugAssign(target=ast.Subscript(value=changed) | ast.Attribute(value=changed))
        ):
            return changed
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=changed, attr=method))) if method in _CHANGING:
            return changed
    return None
