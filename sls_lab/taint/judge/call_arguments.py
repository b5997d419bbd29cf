"""Which expression a call gives for a parameter."""

from __future__ import annotations

import ast


def argument(call: ast.Call, position: int | None, name: str) -> ast.expr | None:
    """The argument given at `position` (from 0; None for keyword-only) or by `name`, None where it cannot be seen."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is None or position >= len(call.args) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    return call.args[position]
