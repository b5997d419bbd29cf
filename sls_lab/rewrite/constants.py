"""Texts that stay what they are: literals, constants of this and other modules, and what is put together from them."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Mapping

from sls_lab.code import Module
from sls_lab.python.bindings import BindingKind, bindings
from sls_lab.python.module import FunctionNode

_DEPTH = 20  #: constants made of constants, and parts of parts
_LONGEST = 4096  #: of a path on Linux; what doubles itself again and again ends here
_Scope = FunctionNode | ast.Module
_TEXT_OF_PATH = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath", "str", "fspath"})


class Constants:
    """Looks up the texts that the expressions of an application's modules stand for."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file, as in `Code`."""
        self._modules = modules
        self._known: dict[tuple[ast.AST, str], str | None] = {}
        self._bindings: dict[ast.AST, dict[str, list[ast.expr | None]]] = {}
        self._files: dict[str, list[str]] = {}
        for file, module in modules.items():
            for name in module.names:
                self._files.setdefault(name, []).append(file)

    def text(self, module: Module, scope: _Scope, expression: ast.expr) -> str | None:
        """The text of `expression`, which stands in `scope` of `module`; None where it is not the same every time."""
        return self._text(module, scope, expression, _DEPTH)

    def _text(self, module: Module, scope: _Scope, expression: ast.expr, depth: int) -> str | None:
        def part(inner: ast.expr) -> str | None:
            return self._text(module, scope, inner, depth - 1)

        if not depth:
            return None
        match expression:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return part(value)
            case ast.JoinedStr(values=parts):
                return _joined([part(inner) for inner in parts])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return _joined([part(left), part(right)])
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return _joined([part(left), part(right)], posixpath.join)
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="path"), attr="join"), args=parts, keywords=[]):
                return _joined([part(inner) for inner in parts], posixpath.join)
            case ast.Call(func=ast.Attribute(attr="gettempdir"), args=[], keywords=[]):
                return "/tmp"
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=parts, keywords=[]):
                return _joined([part(inner) for inner in parts], posixpath.join) if name in _TEXT_OF_PATH else None
            case ast.Name(id=name):
                return self._variable(module, scope, name, depth - 1)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                imported = self._imported_module(module, name)
                if imported is not None:
                    return self._variable(imported, imported.tree, attribute, depth - 1)
                return self._of_class(module, name, attribute, depth - 1)
        return None

    def _variable(self, module: Module, scope: _Scope, name: str, depth: int) -> str | None:
        key = (scope, name)
        if key not in self._known:
            self._known[key] = None  # what is made of itself has no text
            self._known[key] = self._looked_up(module, scope, name, depth)
        return self._known[key]

    def _looked_up(self, module: Module, scope: _Scope, name: str, depth: int) -> str | None:
        for inner in dict.fromkeys((scope, module.tree)):
            values = self.bindings(inner).get(name)
            if values is not None:
                only = values[0] if len(values) == 1 else None
                return None if only is None else self._text(module, inner, only, depth)
        for statement in module.tree.body:
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    if (alias.asname or alias.name) == name:
                        source = self._module(module, statement.module or "", statement.level)
                        return self._variable(source, source.tree, alias.name, depth - 1) if source else None
        return None

    def bindings(self, scope: _Scope | ast.ClassDef) -> Mapping[str, list[ast.expr | None]]:
        """What each variable of a scope is bound to; None stands for anything but the value of an assignment."""
        if scope not in self._bindings:
            found: dict[str, list[ast.expr | None]] = {}
            known = bindings(scope)
            for one in known.every:
                if one.binds and not isinstance(one.node, ast.alias):  # imports are followed by `_looked_up`
                    # A parameter's default stands for what it is mostly given.
                    written = one.kind in (BindingKind.VALUE, BindingKind.PARAMETER)
                    found.setdefault(one.name, []).append(one.value if written else None)
            for name in known.changed:
                found.setdefault(name, []).append(None)
            self._bindings[scope] = found
        return self._bindings[scope]

    def _of_class(self, module: Module, name: str, attribute: str, depth: int) -> str | None:
        """The text of `Class.ATTRIBUTE`, of a class at the top of this or the module it is imported from."""
        for statement in module.tree.body:
            match statement:
                case ast.ClassDef(name=same) if same == name:
                    values = self.bindings(statement).get(attribute, [])
                    only = values[0] if len(values) == 1 else None
                    return None if only is None else self._text(module, module.tree, only, depth)
                case ast.ImportFrom(names=aliases) if depth > 0:
                    for alias in aliases:
                        source = self._module(module, statement.module or "", statement.level)
                        if (alias.asname or alias.name) == name and source is not None:
                            return self._of_class(source, alias.name, attribute, depth - 1)
        return None

    def _imported_module(self, module: Module, name: str) -> Module | None:
        """The module that an import at the top of `module` binds to `name`."""
        for statement in module.tree.body:
            match statement:
                case ast.Import(names=aliases):
                    for alias in aliases:
                        if (alias.asname or alias.name) == name:
                            return self._module(module, alias.name, 0)
                case ast.ImportFrom(module=package, names=aliases, level=level):
                    for alias in aliases:
                        if (alias.asname or alias.name) == name:
                            return self._module(module, ".".join(filter(None, (package, alias.name))), level)
        return None

    def _module(self, importing: Module, name: str, level: int) -> Module | None:
        if level:
            folder = importing.file
            for _ in range(level):
                folder = posixpath.dirname(folder)
            path = posixpath.join(folder, *name.split("."))
            found = [file for file in (f"{path}.py", f"{path}/__init__.py") if file in self._modules]
        else:
            found = self._files.get(name, [])
        return self._modules[found[0]] if len(found) == 1 else None


def _concatenated(*texts: str) -> str:
    return "".join(texts)


def _joined(parts: list[str | None], join: Callable[..., str] = _concatenated) -> str | None:
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts) or sum(map(len, known)) > _LONGEST:
        return None
    return join(*known)
