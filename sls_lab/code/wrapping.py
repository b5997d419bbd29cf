"""What a function that wraps a handler makes of what the handler returns."""

from __future__ import annotations

import ast

from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.scopes import scopes_around
from sls_lab.python.walking import own_nodes


def passed_on(module: Module, wrapper: FunctionNode) -> list[ast.expr]:
    """The returned expressions that are what the wrapped function returned, as it is.

    The wrapped function is a parameter: that of the decorator around, or of a middleware that is given the handler.
    """
    around = [one for one in scopes_around(module, wrapper) if isinstance(one, FunctionNode)]
    parameters = {
        argument.arg
        for function in (wrapper, *around)
        for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    }
    nodes = list(own_nodes(wrapper))
    results = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _is_call_of(node.value, parameters)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value is not None]
    return [
        value
        for value in returned
        if _is_call_of(value, parameters) or (isinstance(value, ast.Name) and value.id in results)
    ]


def _is_call_of(value: ast.expr, names: set[str]) -> bool:
    called = value.value if isinstance(value, ast.Await) else value
    return isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.func.id in names
