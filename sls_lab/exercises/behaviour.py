"""What a handler still does, judged by its syntax tree: nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings, namespaces_within


@dataclass(frozen=True, slots=True)
class Called:
    """A call: the dotted name of what is called, imports resolved, and whether its arguments depend on the given."""

    name: str
    depends: bool
    line: int


def calls(tree: ast.Module, given: str) -> list[Called]:
    """All calls in a file. `given` is a name or a key: what is read from it, or computed from that, depends on it."""
    names = _imported(tree)
    dependent = _dependent(tree, given)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            arguments = (*node.args, *(keyword.value for keyword in node.keywords))
            depends = not given or any(_reads(argument, dependent, given) for argument in arguments)
            found.append(Called(_dotted(node.func, names), depends, node.lineno))
    return found


def matching(tree: ast.Module, patterns: tuple[str, ...], given: str) -> list[Called]:
    """The calls whose dotted name fits one of `patterns` (`*` stands for anything) and that depend on `given`."""
    return [
        call for call in calls(tree, given) if call.depends and any(fnmatchcase(call.name, one) for one in patterns)
    ]


def returned_keys(tree: ast.Module, function: str) -> set[str]:
    """The keys of the dictionaries that a function returns."""
    keys = set()
    for definition in ast.walk(tree):
        if isinstance(definition, ast.FunctionDef | ast.AsyncFunctionDef) and definition.name == function:
            for node in ast.walk(definition):
                if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                    keys |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    return {str(key) for key in keys}


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
    dependent = {given}
    bindings = list(_bindings(tree))
    grown = True
    while grown:
        before = len(dependent)
        for targets, value in bindings:
            if _reads(value, dependent, given):
                dependent |= targets
        grown = len(dependent) > before
    return dependent


def _bindings(tree: ast.Module) -> Iterator[tuple[set[str], ast.expr]]:
    """What is bound to what: by all that gives a variable or a part of it a value, and calls of own functions."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
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
