"""Tell Pyrefly which parameters are dictionaries.

A parameter without a type has no methods: for `event.get("body")` Pysa takes note that something stored in an attribute
`get` reaches the sink, and an event `{"body": …}` has none. Parameters that are used as dictionaries are therefore
declared as an `Event` (see the stub `sls_lab_event`), whose parts are events again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set

from sls_lab.python.walking import children
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.model import Edit

#: The type of a parameter that is used as a dictionary.
EVENT = f"{STUB}.Event"
_METHODS = frozenset({"get", "items", "values", "keys", "pop", "setdefault", "copy"})
_WRAPPERS = frozenset({"enumerate", "list", "sorted", "reversed", "iter", "next", "dict", "tuple"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def mapping_edits(draft: Draft, handlers: Set[str] = frozenset()) -> list[Edit]:
    """The edits that declare the dictionaries among the parameters of a file's functions, and import their type.

    `handlers` are the functions at the top of the module whose first parameter is an event, whatever they do with it.
    Parameters with a type, `self` and `cls`, and those of lambdas stay as they are.
    """
    edits = []
    for function, is_method in _functions(draft.tree):
        bindings, receivers = _bindings_in(function)
        is_handler = function.name in handlers and function in draft.tree.body
        for number, parameter in enumerate(_parameters(function, is_method)):
            is_event = is_handler and number == 0
            if parameter.annotation is None and (is_event or _used_as_mapping(parameter.arg, bindings, receivers)):
                _, end = draft.range(parameter)
                what = "is an event" if is_event else "is used as a dictionary"
                reason = draft.reason(f"`{parameter.arg}` {what}", parameter)
                edits.append(draft.edit("event-type", (end, end), f': "{EVENT}"', reason))
    if edits:
        edits.append(draft.import_edit("for the types above"))
    return edits


def _functions(tree: ast.Module) -> Iterator[tuple[_Function, bool]]:
    """All functions, each with whether it is a method that is given its object or class."""
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, in_class = pending.pop()
        if isinstance(node, _Function):
            static = any(isinstance(one, ast.Name) and one.id == "staticmethod" for one in node.decorator_list)
            yield node, in_class and not static
        pending.extend((child, isinstance(node, ast.ClassDef)) for child in reversed(children(node)))


def _parameters(function: _Function, is_method: bool) -> list[ast.arg]:
    given = function.args
    positional = [*given.posonlyargs, *given.args][int(is_method) :]
    return [*positional, *given.kwonlyargs]


_Binding = tuple[ast.expr, ast.expr]


def _bindings_in(function: _Function) -> tuple[list[_Binding], list[ast.expr]]:
    """What is bound to what in a function, and the expressions on which a dictionary's methods are called."""
    bindings: list[_Binding] = []
    receivers: list[ast.expr] = []
    for node in ast.walk(function):
        bindings += _bindings(node)
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
                receivers.append(value)
    return bindings, receivers


def _used_as_mapping(name: str, bindings: Sequence[_Binding], receivers: Sequence[ast.expr]) -> bool:
    """Whether a dictionary's method is called on the parameter, or on something taken out of it."""
    parts = {name}
    while receivers:
        known = len(parts)
        for target, value in bindings:
            if _taken_out_of(value, parts):
                parts |= {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
        if len(parts) == known:
            break
    return any(_taken_out_of(value, parts) for value in receivers)


def _bindings(node: ast.AST) -> Iterator[_Binding]:
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
