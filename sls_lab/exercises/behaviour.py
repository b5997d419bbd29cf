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
    chosen = {
        id(node)
        for subject, branch in _choices(tree)
        if _reads(subject, dependent, given)
        for statement in branch
        for node in ast.walk(statement)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            arguments = (*node.args, *(keyword.value for keyword in node.keywords))
            depends = not given or id(node) in chosen or any(_reads(one, dependent, given) for one in arguments)
            found.append(Called(_dotted(node.func, names), depends, node.lineno))
    return found


def matching(tree: ast.Module, patterns: tuple[str, ...], given: str) -> list[Called]:
    """The calls whose dotted name fits one of `patterns` (`*` stands for anything) and that depend on `given`."""
    return [
        call for call in calls(tree, given) if call.depends and any(fnmatchcase(call.name, one) for one in patterns)
    ]


def reads(tree: ast.Module, given: str) -> bool:
    """Whether the key `given` is read anywhere."""
    return any(_reads(node, set(), given) for node in ast.walk(tree) if isinstance(node, ast.expr))


def tested(tree: ast.Module, given: str) -> bool:
    """Whether a condition looks at something that depends on `given`."""
    dependent = _dependent(tree, given)
    return any(
        _reads(node.test, dependent, given)
        for node in ast.walk(tree)
        if isinstance(node, ast.If | ast.While | ast.IfExp | ast.Assert)
    )


def returned_keys(tree: ast.Module, function: str) -> set[str]:
    """The keys of the dictionaries that a function returns: written out, by a variable, or by another function."""
    definitions = _functions(tree)
    keys: set[str] = set()
    pending, seen = [function], set[str]()
    while pending:
        name = pending.pop()
        if name not in definitions or name in seen:
            continue
        seen.add(name)
        inside = list(ast.walk(definitions[name]))
        returned = [node.value for node in inside if isinstance(node, ast.Return) and node.value is not None]
        variables = {value.id for value in returned if isinstance(value, ast.Name)}
        returned += [
            node.value
            for node in inside
            if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id in variables for target in node.targets)
        ]
        for value in returned:
            match value:
                case ast.Dict():
                    keys |= {str(key.value) for key in value.keys if isinstance(key, ast.Constant)}
                case ast.Call(func=ast.Name(id="dict")):
                    keys |= {keyword.arg for keyword in value.keywords if keyword.arg}
                case ast.Call(func=ast.Name(id=called)):
                    pending.append(called)
    return keys


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
    """What is bound to what: by all that gives a variable or a part of it a value, by calls, and by a choice."""
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
    for subject, branch in _choices(tree):
        stored = [node for statement in branch for node in ast.walk(statement) if isinstance(node, ast.Name)]
        yield {node.id for node in stored if isinstance(node.ctx, ast.Store)}, subject


def _choices(tree: ast.Module) -> Iterator[tuple[ast.expr, list[ast.stmt]]]:
    """What is compared with values, and the statements that run for one of them."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test=ast.Compare(ops=[ast.Eq() | ast.In()]) as test):
                yield test, node.body
            case ast.Match():
                for case in node.cases:
                    if not isinstance(case.pattern, ast.MatchAs):
                        yield node.subject, case.body


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
