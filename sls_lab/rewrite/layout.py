"""Break long synthesised statements into lines, as a formatter does."""

from __future__ import annotations

import ast

WIDTH = 100
_STEP = "    "


def laid_out(node: ast.stmt | ast.expr, indent: str) -> str:
    """The source of a statement that stands behind the white space `indent`; its first line is not indented.

    What does not fit into 100 columns is broken at its brackets, one element a line, with a comma behind the last. What
    has no brackets to break at stays long.
    """
    match node:
        case ast.Assign(targets=[target], value=value):
            before = f"{ast.unparse(target)} = "
            return before + _expression(value, indent, len(before), 0)
        case ast.Expr(value=value):
            return _expression(value, indent, 0, 0)
    return ast.unparse(node)


def _expression(node: ast.expr, indent: str, before: int, after: int) -> str:
    """The source of an expression; `before` and `after` are the columns that its first and last line hold beside it."""
    flat = ast.unparse(node)
    if len(indent) + before + len(flat) + after <= WIDTH:
        return flat
    inner = indent + _STEP
    match node:
        case ast.Dict(keys=[_, *_] as keys, values=values):
            parts = [_entry(key, value, inner) for key, value in zip(keys, values, strict=True)]
            return _broken("{", parts, "}", indent)
        case ast.List(elts=[_, *_] as elements):
            return _broken("[", [_expression(one, inner, 0, 1) for one in elements], "]", indent)
        case ast.ListComp(elt=element, generators=generators):
            clauses = [ast.unparse(one).strip() for one in generators]
            lines = f"\n{inner}".join([_expression(element, inner, 0, 0), *clauses])
            return f"[\n{inner}{lines}\n{indent}]"
        case ast.Call(func=function, args=arguments, keywords=keywords) if arguments or keywords:
            parts = [_expression(one, inner, 0, 1) for one in arguments]
            for keyword in keywords:
                start = f"{keyword.arg}=" if keyword.arg else "**"
                parts.append(start + _expression(keyword.value, inner, len(start), 1))
            return _broken(f"{ast.unparse(function)}(", parts, ")", indent)
    return flat


def _entry(key: ast.expr | None, value: ast.expr, indent: str) -> str:
    start = "**" if key is None else f"{ast.unparse(key)}: "
    return start + _expression(value, indent, len(start), 1)


def _broken(opening: str, parts: list[str], closing: str, indent: str) -> str:
    inner = f"\n{indent}{_STEP}"
    return opening + "".join(f"{inner}{part}," for part in parts) + f"\n{indent}{closing}"
