"""Build the nodes of what is added, as the notebooks teach it: first the tree, then its source."""

from __future__ import annotations

import ast
from collections.abc import Sequence


def name(identifier: str) -> ast.Name:
    """A reference to a variable."""
    return ast.Name(identifier, ast.Load())


def assign(target: ast.expr, value: ast.expr) -> ast.Assign:
    """`target = value`."""
    # Python 3.11's `ast.unparse` looks for a type comment by the line of an assignment, of which this one has none.
    return ast.Assign([_stored(target)], value, None, lineno=0)


def annotate(target: ast.expr, annotation: ast.expr, value: ast.expr) -> ast.AnnAssign:
    """`target: annotation = value`."""
    return ast.AnnAssign(_stored(target), annotation, value, int(isinstance(target, ast.Name)))


def call(function: ast.expr, *arguments: ast.expr) -> ast.Call:
    """`function(*arguments)`."""
    return ast.Call(function, list(arguments), [])


def item(value: ast.expr, key: str) -> ast.Subscript:
    """`value['key']`."""
    return ast.Subscript(value, ast.Constant(key), ast.Load())


def dictionary(entries: dict[str, ast.expr]) -> ast.Dict:
    """`{'key': value, …}`."""
    return ast.Dict([ast.Constant(key) for key in entries], list(entries.values()))


def any_of(values: Sequence[ast.expr]) -> ast.expr:
    """`first or second`: one of them, not known which."""
    return values[0] if len(values) == 1 else ast.BoolOp(ast.Or(), list(values))


def import_from(module: str, imported: str, bound: str) -> ast.ImportFrom:
    """`from module import imported`, with `as bound` where that is another name."""
    return ast.ImportFrom(module, [ast.alias(imported, None if bound == imported else bound)], 0)


def handler_call(
    handler: ast.expr,
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    event: ast.expr,
    before: int = 0,
) -> ast.Call:
    """`handler(event, None)`, with as many arguments as the handler takes; `before` of them come before the event.

    Lambda passes two, the event object and the context, of which flows do not depend on the second
    (https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html).
    """
    arguments = definition.args
    takes_context = len(arguments.posonlyargs) + len(arguments.args) != before + 1 or arguments.vararg is not None
    behind = [ast.Constant(None)] if takes_context else []
    return call(handler, *(ast.Constant(None) for _ in range(before)), event, *behind)


def _stored(target: ast.expr) -> ast.Name | ast.Attribute | ast.Subscript:
    """The target as an assignment has it. Raises TypeError for what this package never assigns to."""
    match target:
        case ast.Name(id=identifier):
            return ast.Name(identifier, ast.Store())
        case ast.Attribute(value=value, attr=attribute):
            return ast.Attribute(value, attribute, ast.Store())
        case ast.Subscript(value=value, slice=index):
            return ast.Subscript(value, index, ast.Store())
    raise TypeError(f"{ast.unparse(target)} is not a target of an assignment")
