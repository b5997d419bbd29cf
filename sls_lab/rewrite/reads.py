"""Where a variable is read for its value, and which expression there can be put into a call."""

from __future__ import annotations

import ast
from collections.abc import Mapping

#: Methods that put something into a container.
ADDING = frozenset({"append", "add", "extend", "update", "insert", "appendleft", "setdefault", "push", "put"})


def outermost(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> ast.expr | None:
    """The expression that can be put into a call: within an f-string that is the whole of it.

    None in patterns and annotations, where no call can be written.
    """
    found = node
    inner: ast.AST = node
    outer = parents.get(node)
    while outer is not None and not isinstance(outer, ast.stmt):
        if isinstance(outer, ast.pattern | ast.arg):
            return None
        if isinstance(outer, ast.JoinedStr):
            found = outer
        inner, outer = outer, parents.get(outer)
    match outer:
        case ast.AnnAssign(annotation=annotation) if annotation is inner:
            return None
        case ast.FunctionDef(returns=annotation) | ast.AsyncFunctionDef(returns=annotation) if annotation is inner:
            return None
    return found


def is_read(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether the expression is used for its value, and not to be changed, called or compared."""
    if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
        return False
    match parents.get(node):
        case ast.Attribute(attr=method) as outer:
            return not (method in ADDING and is_called(outer, parents)) and isinstance(outer.ctx, ast.Load)
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return value is not node
        case ast.Call(func=function):
            return function is not node
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Assert():
            return False
        case ast.If(test=test) | ast.While(test=test):
            return test is not node
    return True


def is_called(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a call calls what the node is."""
    outer = parents.get(node)
    return isinstance(outer, ast.Call) and outer.func is node
