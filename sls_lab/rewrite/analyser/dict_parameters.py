"""Tell Pyrefly which parameters are dictionaries.

A parameter without a type has no methods: for `event.get("body")` Pysa takes note that something stored in an attribute
`get` reaches the sink, and an event `{"body": …}` has none. Parameters that are used as dictionaries are therefore
declared as an `Event` (see the stub `sls_lab_event`), whose parts are events again. This happens in the staged copy
alone, at the end of its lines, so that nothing moves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.facts import Reason
from sls_lab.rewrite import Edit
from sls_lab.rewrite.analyser.splices import STUB, end_of, import_edit

#: The type of a parameter that is used as a dictionary.
EVENT = f"{STUB}.Event"
_METHODS = frozenset({"get", "items", "values", "keys", "pop", "setdefault", "copy"})
_WRAPPERS = frozenset({"enumerate", "list", "sorted", "reversed", "iter", "next", "dict", "tuple"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def mapping_edits(file: str, text: str, handlers: Set[str] = frozenset()) -> list[Edit]:
    """The edits that declare the dictionaries among the parameters of a file's functions, and import their type.

    `text` must parse. `handlers` are the functions at the top of the module whose first parameter is an event,
    whatever they do with it. Parameters with a type, `self` and `cls`, and those of lambdas stay as they are.
    """
    lines = text.split("\n")
    edits = []
    tree = ast.parse(text)
    for function, is_method in _functions(tree, False):
        is_handler = function in tree.body and function.name in handlers
        for number, parameter in enumerate(_parameters(function, is_method)):
            is_event = is_handler and number == 0
            if parameter.annotation is None and (is_event or _used_as_mapping(parameter.arg, function)):
                end = end_of(file, lines, parameter)
                what = "is an event" if is_event else "is used as a dictionary"
                reason = Reason(f"`{parameter.arg}` {what}", end)
                edits.append(Edit("type-annotation", end, f': "{EVENT}"', end, (reason,)))
    if edits:
        edits.append(import_edit(file, lines, "for the types above"))
    return edits


def _functions(node: ast.AST, in_class: bool) -> Iterator[tuple[_Function, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Function):
            static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in child.decorator_list)
            yield child, in_class and not static
        yield from _functions(child, isinstance(child, ast.ClassDef))


def _parameters(function: _Function, is_method: bool) -> list[ast.arg]:
    given = function.args
    positional = [*given.posonlyargs, *given.args][int(is_method) :]
    return [*positional, *given.kwonlyargs]


def _used_as_mapping(name: str, function: _Function) -> bool:
    """Whether a dictionary's method is called on the parameter, or on something taken out of it."""
    parts = {name}
    nodes = list(ast.walk(function))
    while True:
        known = len(parts)
        for node in nodes:
            for target, value in _bindings(node):
                if _taken_out_of(value, parts):
                    parts |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
        if len(parts) == known:
            break
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _METHODS
        and _taken_out_of(node.func.value, parts)
        for node in nodes
    )


def _bindings(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets if isinstance(target, ast.Name | ast.Tuple))
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            yield target, value
        case ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield target, value
        case ast.comprehension(target=target, iter=value):
            yield target, value


def _taken_out_of(expression: ast.expr, parts: set[str]) -> bool:
    """Whether an expression is one of `parts`, an item of one, or a choice among such."""
    match expression:
        case ast.Name(id=name):
            return name in parts
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _taken_out_of(value, parts)
        case ast.BoolOp(values=values):
            return any(_taken_out_of(value, parts) for value in values)
        case ast.IfExp(body=body, orelse=otherwise):
            return _taken_out_of(body, parts) or _taken_out_of(otherwise, parts)
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
            return _taken_out_of(value, parts)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _WRAPPERS:
            return _taken_out_of(first, parts)
    return False
