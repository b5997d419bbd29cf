"""How a handler is written: by which of these signs a typical mistake is recognised, and nothing is judged."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings, namespaces_within


@dataclass(frozen=True, slots=True)
class Called:
    """A call: the dotted name of what is called, imports resolved, and its line."""

    name: str
    line: int


def matching(tree: ast.Module, patterns: tuple[str, ...]) -> list[Called]:
    """The calls whose dotted name fits one of `patterns`, in which `*` is anything."""
    names = _imported(tree)
    found = [Called(_dotted(node.func, names), node.lineno) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if any(fnmatchcase(call.name, one) for one in patterns)]


def looks_at(tree: ast.Module, given: str) -> bool:
    """Whether a condition looks at something that depends on `given`."""
    dependent = _dependent(tree, given)
    return any(
        _reads(node.test, dependent, given)
        for node in ast.walk(tree)
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert)
    )


def _functions(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _imported(tree: ast.Module) -> dict[str, str]:
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, names)}.{node.attr}"
    return "?"


def _dependent(tree: ast.Module, given: str) -> set[str]:
    """The names that hold something that depends on `given`, in whatever order the statements run."""
    bindings = list(_bindings(tree))
    # A name that the file gives a value is only as good as that value.
    bound = any(given in targets for targets, _ in bindings)
    dependent = set() if bound else {given}
    grown = True
    while grown:
        before = len(dependent)
        for targets, value in bindings:
            if _reads(value, dependent, given):
                dependent |= targets
        grown = len(dependent) > before
    return dependent


def _bindings(tree: ast.Module) -> Iterator[tuple[set[str], ast.expr]]:
    """What is bound to what: by all that gives a variable or a part of it a value, and by calls."""
    functions = _functions(tree)
    for scope in namespaces_within(tree):
        known = bindings(scope)
        for one in (*known.every, *known.inner):
            if one.value is not None and one.kind is not BindingKind.PARAMETER:
                yield {one.name}, one.value
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in functions:
                yield from _passed(node, functions[name])


def _passed(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[set[str], ast.expr]]:
    parameters = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    for name, value in zip(parameters, call.args, strict=False):
        yield {name}, value
    for keyword in call.keywords:
        if keyword.arg:
            yield {keyword.arg}, keyword.value


def _reads(node: ast.expr, dependent: set[str], given: str) -> bool:
    """Whether an expression reads a dependent name, or the key `given`."""
    return any(
        (isinstance(inner, ast.Name) and inner.id in dependent)
        or (isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Constant) and inner.slice.value == given)
        or (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Attribute)
            and inner.func.attr == "get"
            and any(isinstance(argument, ast.Constant) and argument.value == given for argument in inner.args[:1])
        )
        for inner in ast.walk(node)
    )
