"""Tell Pyrefly what is a dictionary: parameters, variables and results.

A parameter without a type has no methods: for `event.get("body")` Pysa notes that something stored in an attribute
`get` reaches the sink, and an event `{"body": …}` has none. Parameters that are used as dictionaries are therefore
declared as an `Event` (see the stub `sls_lab_event`), whose parts are events again. So is what the application
declares as a dictionary of it does not say what, such as `event: Dict[str, Any]`, whose parts would have no methods.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Set

from sls_lab.python.walking import children
from sls_lab.rewrite.analyser.draft import STUB, Draft
from sls_lab.rewrite.analyser.open_types import OpenTypes
from sls_lab.rewrite.model import Edit

#: The type of a parameter that is used as a dictionary.
EVENT = f"{STUB}.Event"
_METHODS = frozenset({"get", "items", "values", "keys", "pop", "setdefault", "copy"})
_WRAPPERS = frozenset({"enumerate", "list", "sorted", "reversed", "iter", "next", "dict", "tuple"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def mapping_edits(draft: Draft, handlers: Set[str] = frozenset()) -> list[Edit]:
    """The edits that declare the dictionaries in a file as such, and import their type.

    `handlers` are the functions at the top of the module whose first parameter is an event, whatever they do with it.
    What has a type that says more stays as it is, and so do `self` and `cls`, and the parameters of lambdas.
    """
    edits: list[Edit] = []
    types = OpenTypes(draft.tree, EVENT)
    for function, is_method in _functions(draft.tree):
        bound, receivers = _bindings_in(function)
        is_handler = function.name in handlers and function in draft.tree.body
        for number, parameter in enumerate(_parameters(function, is_method)):
            is_event = is_handler and number == 0
            if is_event or _used_as_mapping(parameter.arg, bound, receivers):
                what = "is an event" if is_event else "is used as a dictionary"
                edits += _declared(draft, types, parameter, f"`{parameter.arg}` {what}")
        if function.returns is not None:
            edits += _redeclared(draft, types, function.returns, f"`{function.name}` returns a dictionary")
    for node in draft.nodes:
        if isinstance(node, ast.AnnAssign):
            edits += _redeclared(draft, types, node.annotation, "this is a dictionary")
    if edits:
        edits.append(draft.import_edit("for the types above"))
    return edits


def _declared(draft: Draft, types: OpenTypes, parameter: ast.arg, reason: str) -> Iterator[Edit]:
    if parameter.annotation is not None:
        yield from _redeclared(draft, types, parameter.annotation, reason, or_anything=True)
        return
    _, end = draft.range(parameter)
    yield draft.edit("event-type", (end, end), f': "{EVENT}"', draft.reason(reason, parameter))


def _redeclared(
    draft: Draft, types: OpenTypes, annotation: ast.expr, reason: str, *, or_anything: bool = False
) -> Iterator[Edit]:
    instead = types.instead(annotation, or_anything=or_anything)
    if instead is not None:
        place = draft.range(annotation)
        yield draft.edit("event-type", place, f'"{instead}"', draft.reason(reason, annotation))


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


def _bindings_in(function: _Function) -> tuple[dict[str, set[str]], set[str]]:
    """Which variables are bound to something out of which, and on which of them dictionary methods are called."""
    bound: dict[str, set[str]] = {}
    receivers: set[str] = set()
    for node in ast.walk(function):
        for target, value in _bindings(node):
            targets = {one.id for one in ast.walk(target) if isinstance(one, ast.Name)}
            for origin in _origins(value):
                bound.setdefault(origin, set()).update(targets)
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
                receivers.update(_origins(value))
    return bound, receivers


def _used_as_mapping(name: str, bound: Mapping[str, Set[str]], receivers: Set[str]) -> bool:
    """Whether a dictionary's method is called on the parameter, or on something taken out of it."""
    parts = {name}
    waiting = [name] if receivers else []
    while waiting:
        new = bound.get(waiting.pop(), set()) - parts
        parts |= new
        waiting += new
    return not parts.isdisjoint(receivers)


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


def _origins(expression: ast.expr) -> Iterator[str]:
    """The variables of which an expression may be one, an item of one, or a choice among such."""
    match expression:
        case ast.Name(id=name):
            yield name
        case ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _origins(value)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _origins(value)
        case ast.IfExp(body=body, orelse=otherwise):
            yield from _origins(body)
            yield from _origins(otherwise)
        case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in _METHODS:
            yield from _origins(value)
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _WRAPPERS:
            yield from _origins(first)
