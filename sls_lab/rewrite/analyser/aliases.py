"""Let two names for one object hold the same after one of them was used to change it.

After `inner = settings["run"]` the statement `inner["command"] = x` changes `settings` as well: it is written
`inner["command"] = x; settings["run"] = inner`. Pysa takes an assignment for a copy.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

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
            changing = _changing(nodes)
            last = _last_bound(function) if changing else {}
            for node in nodes if changing else ():
                match node:
                    case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_alias(name, value, function, last):
                        edits += _same(draft, node, name, value, changing)
    return edits


def _changing(nodes: Sequence[ast.AST]) -> Mapping[str, list[ast.stmt]]:
    """The statements that change an object, by the dump of the expression by which they do."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in nodes:
        changed = _changed(statement)
        if changed is not None and isinstance(statement, ast.stmt):
            found.setdefault(ast.dump(changed), []).append(statement)
    return found


def _last_bound(function: FunctionNode) -> Mapping[str, int]:
    """The line of each variable's last binding, but for parameters."""
    last: dict[str, int] = {}
    for one in bindings(function).every:
        if one.binds and one.kind is not BindingKind.PARAMETER:
            last[one.name] = max(last.get(one.name, 0), getattr(one.node, "lineno", 0))
    return last


def _is_alias(name: str, value: ast.expr, function: FunctionNode, last: Mapping[str, int]) -> bool:
    """Whether both names mean one object from here on: neither is bound again."""
    known = bindings(function)
    root = _root(value)
    if root is None or len(known.values.get(name, ())) != 1 or name in known.globals | known.nonlocals:
        return False
    return root in known.local and last.get(root, 0) < value.lineno


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


def _same(
    draft: Draft, alias: ast.Assign, name: str, value: ast.expr, changing: Mapping[str, list[ast.stmt]]
) -> Iterator[Edit]:
    """What follows on the statements that change the object by one of its names."""
    first, second = ast.unparse(value), name
    by_alias, by_value = ast.dump(ast.Name(name, ast.Load())), ast.dump(value)
    for key, text in ((by_alias, f"; {first} = {second}"), (by_value, f"; {second} = {first}")):
        for statement in changing.get(key, ()):
            if statement.lineno > alias.lineno:
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
