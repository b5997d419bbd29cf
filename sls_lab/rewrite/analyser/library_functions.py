"""Write the functions of libraries where they are called by other names.

After `RUN = {"list": os.system}` the call `RUN[kind](text)` is `os.system(text)`, and after
`quietly = partial(subprocess.run, shell=True)` the call `quietly(text)` is `subprocess.run(text, shell=True)`: Pysa
follows neither tables nor partial functions. Where several may be meant, `(one if str() else other)(text)` is any of
them. Functions of the application are called by their names already.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from sls_lab.python.bindings import bindings, parameters_of
from sls_lab.python.module import CallableNode, NamespaceNode
from sls_lab.python.scopes import constant, owner
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_OPENED = re.compile(r"\s*\(")
_DEPTH = 5  #: of names for names
_MOST = 8  #: functions that one call may mean


@dataclass(frozen=True)
class _Function:
    """A function of a library, and what a partial one gives it."""

    text: str
    arguments: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


def function_edits(draft: Draft, own: Set[str]) -> list[Edit]:
    """The edits of the calls in functions; `own` are the names that mean something of the application."""
    libraries = _imported(draft.tree) - own
    if not libraries:
        return []
    reader = _Reader(libraries)
    edits: list[Edit] = []
    for chain in _functions(draft.tree, ()):
        for node in own_nodes(chain[0]):
            if isinstance(node, ast.Call) and node in draft.placed:
                found = list(dict.fromkeys(reader.called(node.func, chain)))
                if 0 < len(found) <= _MOST:
                    edits += _named(draft, node, found)
    return edits


class _Reader:
    """Tells which functions of libraries an expression may be."""

    def __init__(self, libraries: Set[str]) -> None:
        self._libraries = libraries

    def called(self, function: ast.expr, chain: Sequence[NamespaceNode]) -> Iterator[_Function]:
        """What a call by another name than the function's own may mean."""
        match function:
            case ast.Name(id=name):
                value = self._value(name, chain)
                if value is not None:
                    yield from self._functions(value, chain, _DEPTH)
            case ast.Subscript() | ast.Attribute(value=ast.Name()):
                yield from self._part(function, chain, _DEPTH)

    def _value(self, name: str, chain: Sequence[NamespaceNode]) -> ast.expr | None:
        """The one value of a variable, or the default of a parameter."""
        scope = owner(name, chain)
        if isinstance(scope, CallableNode):
            for parameter, default in parameters_of(scope.args):
                if parameter.arg == name:
                    return default
        return constant(name, chain)

    def _functions(self, value: ast.expr, chain: Sequence[NamespaceNode], depth: int) -> Iterator[_Function]:
        if not depth:
            return
        match value:
            case ast.Name(id=name) if name in self._libraries:
                yield _Function(name)
            case ast.Name(id=name):
                inner = self._value(name, chain)
                if inner is not None:
                    yield from self._functions(inner, chain, depth - 1)
            case ast.Attribute() if self._root(value) in self._libraries:
                yield _Function(ast.unparse(value))
            case ast.IfExp(body=body, orelse=other):
                yield from self._functions(body, chain, depth - 1)
                yield from self._functions(other, chain, depth - 1)
            case ast.BoolOp(values=values):
                for one in values:
                    yield from self._functions(one, chain, depth - 1)
            case ast.Call(
                func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[first, *given], keywords=named
            ):
                for function in self._functions(first, chain, depth - 1):
                    yield _Function(
                        function.text,
                        (*function.arguments, *map(ast.unparse, given)),
                        (*function.keywords, *(f"{each.arg}={ast.unparse(each.value)}" for each in named if each.arg)),
                    )
            case ast.Subscript() | ast.Attribute(value=ast.Name()):
                yield from self._part(value, chain, depth - 1)

    def _part(self, value: ast.expr, chain: Sequence[NamespaceNode], depth: int) -> Iterator[_Function]:
        """What is in a table, or an attribute of a class."""
        match value:
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                table = constant(name, chain)
                if isinstance(table, ast.Dict):
                    for key, one in zip(table.keys, table.values, strict=True):
                        if not isinstance(index, ast.Constant) or (
                            isinstance(key, ast.Constant) and key.value == index.value
                        ):
                            yield from self._functions(one, chain, depth)
                elif isinstance(table, ast.List | ast.Tuple):
                    for one in table.elts:
                        yield from self._functions(one, chain, depth)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                for definition in bindings(chain[-1]).definitions:
                    if isinstance(definition, ast.ClassDef) and definition.name == name:
                        known = bindings(definition).constant(attribute)
                        if known is not None:
                            yield from self._functions(known, (definition, *chain[-1:]), depth)

    def _root(self, value: ast.expr) -> str:
        while isinstance(value, ast.Attribute):
            value = value.value
        return value.id if isinstance(value, ast.Name) else ""


def _functions(scope: NamespaceNode, around: tuple[NamespaceNode, ...]) -> Iterator[tuple[NamespaceNode, ...]]:
    """Each function below a scope with the scopes whose names it sees, the innermost first."""
    here = (scope, *around)
    if isinstance(scope, CallableNode):
        yield here
    seen = around if isinstance(scope, ast.ClassDef) else here
    for inner in bindings(scope).definitions:
        yield from _functions(inner, seen)


def _imported(tree: ast.Module) -> set[str]:
    """The names that the imports at the top of a file bind."""
    return {
        alias.asname or alias.name.partition(".")[0]
        for statement in tree.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for alias in statement.names
    }


def _named(draft: Draft, call: ast.Call, functions: Sequence[_Function]) -> Iterator[Edit]:
    start, end = draft.range(call.func)
    reason = draft.reason("the call may mean this function of a library", call)
    given = functions[0].arguments or functions[0].keywords
    if given and len(functions) > 1:
        return
    text = functions[-1].text
    for one in reversed(functions[:-1]):
        text = f"({one.text} if str() else {text})"
    text += "\n" * draft.text.count("\n", start, end) if text.endswith(")") else ""
    yield draft.edit("library-function", (start, end), text, reason)
    opened = _OPENED.match(draft.text, end)
    if given and opened is not None:
        _, last = draft.range(call)
        if functions[0].arguments:
            before = "".join(f"{one}, " for one in functions[0].arguments)
            yield draft.edit("library-function", (opened.end(), opened.end()), before, reason)
        if functions[0].keywords:
            empty = not (call.args or call.keywords)
            comma = "" if empty or draft.text[: last - 1].rstrip().endswith(",") else ", "
            yield draft.edit("library-function", (last - 1, last - 1), comma + ", ".join(functions[0].keywords), reason)
