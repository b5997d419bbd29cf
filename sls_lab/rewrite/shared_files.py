"""Local files that one function writes and another one reads, by a path that both know.

Within a function, and from a caller to those it calls, the content of a file travels by the variable that holds the
path. Where two functions each write the path out, or take it from a constant, there is no such variable. Beside the
write stands then `keep_report_csv(content)`, and the reading function begins by giving its path the content
`kept_report_csv()`; whoever traces the taint puts both halves together. A file outlives the call of a handler
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html), so that the order does not matter.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sls_lab.code import Code, Module
from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.module import FunctionNode
from sls_lab.python.strings import Strings
from sls_lab.rewrite.kept_data import KeptNames, has_halves
from sls_lab.rewrite.local_files import Write, expressions_in, functions_of, writes_in
from sls_lab.rewrite.model import Kept
from sls_lab.rewrite.order import Order, place

_Scope = FunctionNode | ast.Module


@dataclass(frozen=True, slots=True)
class _Use:
    """One function's use of a file: the expressions that name its path, what is done with them, and the writes.

    `mentions` are those to which content can be given, `uses` those that may read.
    """

    scope: _Scope
    mentions: tuple[ast.expr, ...]
    uses: tuple[ast.expr, ...]
    writes: tuple[Write, ...]

    def reads(self, order: Order) -> bool:
        """Whether the content that the file had before may be used; `order` is that of the scope."""
        return not order.preceded((write.call for write in self.writes if not write.appended), self.uses)

    def lasting(self, order: Order) -> list[Write]:
        """The writes of data that is still there when the function ends, as far as its text shows."""
        gone = order.replaced(self.writes)
        return [write for write in self.writes if not write.fixed and write.call not in gone]


class KeptFiles:
    """The files of an application that functions leave to each other."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all functions of `code`, and give what they leave to each other its names."""
        self._strings = Strings(code.modules, defaults=True)
        self._names = names
        self._kept: dict[ast.AST, str] = {}
        self._read: dict[ast.AST, dict[str, list[ast.expr]]] = {}
        written: dict[str, list[_Use]] = {}
        modules = [module for module in code.modules.values() if not has_halves(module)]
        scopes = [(module, scope) for module in modules for scope in _scopes(module)]
        writing = [(module, scope, writes) for module, scope in scopes if (writes := writes_in(scope))]
        orders: dict[_Scope, Order] = {}
        lasting: dict[str, dict[_Scope, list[Write]]] = {}
        for module, scope, writes in writing:
            orders[scope] = Order(scope)
            for path, at_path in self._by_path(module, scope, writes).items():
                use = _Use(scope, (), (), at_path)
                written.setdefault(path, []).append(use)
                if left := use.lasting(orders[scope]):
                    lasting.setdefault(path, {})[scope] = left
        if not written:
            return
        readers: dict[str, set[_Scope]] = {}
        for module, scope in scopes:
            if isinstance(scope, ast.Module):
                continue
            for path, use in self._uses(module, scope, written).items():
                left_by_others = any(other is not scope for other in lasting.get(path, ()))
                if left_by_others and use.reads(orders.get(scope) or Order(scope)):
                    readers.setdefault(path, set()).add(scope)
                    self._read.setdefault(scope, {})[self._name(path)] = list(use.mentions)
        for path, scopes_reading in readers.items():
            for scope, left in lasting[path].items():
                if any(other is not scope for other in scopes_reading):
                    self._kept |= {write.call: self._name(path) for write in left}

    def kept(self, write: Write) -> str | None:
        """The name under which other functions find what `write` puts into a file, None where none reads it."""
        return self._kept.get(write.call)

    def read(self, scope: ast.AST) -> Mapping[str, list[ast.expr]]:
        """The files that a function reads and others write, by name, with the expressions that name their paths."""
        return self._read.get(scope, {})

    def _name(self, path: str) -> str:
        return self._names.name(("file", path), posixpath.basename(path) or "file", Kept(f"the local file {path}"))

    def _path(self, module: Module, scope: _Scope, expression: ast.expr) -> str | None:
        """The path that an expression is, where it is the same every time."""
        return self._strings.text(expression, tuple(dict.fromkeys((scope, module.tree))), module)

    def _by_path(self, module: Module, scope: _Scope, writes: list[Write]) -> dict[str, tuple[Write, ...]]:
        found: dict[str, tuple[Write, ...]] = {}
        for write in writes:
            path = self._path(module, scope, write.path)
            if path:
                found[path] = (*found.get(path, ()), write)
        return found

    def _uses(self, module: Module, scope: _Scope, written: Mapping[str, list[_Use]]) -> dict[str, _Use]:
        """How one scope uses the files `written` anywhere: by the largest expressions that give their paths."""
        local: set[str] = set()
        bound: set[int] = set()
        for one in bindings(scope).every if not isinstance(scope, ast.Module) else ():
            # Nothing in the body gives a parameter its value.
            if one.binds and one.imported is None and one.kind is not BindingKind.PARAMETER:
                local.add(one.name)
                bound.add(id(one.value))
        own = {path: use.writes for path, uses in written.items() for use in uses if use.scope is scope}
        filled = {id(write.path) for writes in own.values() for write in writes}
        mentions: dict[str, list[ast.expr]] = {}
        uses: dict[str, list[ast.expr]] = {}
        inner: set[int] = set()
        for expression in sorted(expressions_in(scope), key=_size):
            if id(expression) in inner or isinstance(getattr(expression, "ctx", None), ast.Store):
                continue
            path = self._path(module, scope, expression)
            if path is None or path not in written:
                continue
            inner.update(id(one) for one in ast.walk(expression))
            if not (isinstance(expression, ast.Name) and expression.id in local):
                mentions.setdefault(path, []).append(expression)
            if id(expression) not in bound and not any(id(one) in filled for one in ast.walk(expression)):
                uses.setdefault(path, []).append(expression)
        return {
            path: _Use(scope, tuple(sorted(found, key=place)), tuple(uses.get(path, ())), own.get(path, ()))
            for path, found in mentions.items()
        }


def _scopes(module: Module) -> Iterator[_Scope]:
    yield module.tree
    yield from functions_of(module.tree)


def _size(node: ast.expr) -> tuple[int, int]:
    """The larger first: more lines, then more columns."""
    return node.lineno - (node.end_lineno or node.lineno), node.col_offset - (node.end_col_offset or 0)
