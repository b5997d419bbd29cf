"""The call of a handler, whatever shape the handler has."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code import Handler
from sls_lab.rewrite import synthesis

#: What the name at the top of a file is called where the handler is called.
Naming = Callable[[str, str], str]


def waking_call(handler: Handler, home: ast.Module, event: ast.expr, named: Naming) -> ast.Call:
    """`handler(event, None)`; `home` is the tree of the file that defines the handler.

    A function at the top of its file is called by its name, a method through its class, and every other handler by the
    name that the template has for it.
    """
    top, *inner = handler.qualified.split(".")
    definition = handler.definition
    if definition is None or (inner and not _is_class(home, top)):
        reference = synthesis.name(named(handler.named_in, handler.attribute))
        return synthesis.call(reference, event, ast.Constant(None))
    called: ast.expr = synthesis.name(named(handler.file, top))
    for word in inner:
        called = ast.Attribute(called, word, ast.Load())
    parameters = [one.arg for one in (*definition.args.posonlyargs, *definition.args.args)]
    before = parameters.index(handler.event) if handler.event in parameters else 0
    if inner and not isinstance(definition, ast.Lambda) and "classmethod" in map(_word, definition.decorator_list):
        before -= 1
    return synthesis.handler_call(called, definition, event, max(before, 0))


def _is_class(module: ast.Module, name: str) -> bool:
    return any(isinstance(statement, ast.ClassDef) and statement.name == name for statement in module.body)


def _word(decorator: ast.expr) -> str:
    return decorator.id if isinstance(decorator, ast.Name) else ""
