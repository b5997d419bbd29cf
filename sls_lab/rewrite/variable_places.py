"""Where a variable is that an expression names: in which module or function, and which part of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.python.bindings import bindings
from sls_lab.python.imported import Modules
from sls_lab.python.module import CallableNode, FunctionNode, Module, NamespaceNode
from sls_lab.python.scopes import owner

#: Objects of Flask that hold what functions of one request leave to each other.
#: https://flask.palletsprojects.com/en/stable/api/#flask.g, https://flask.palletsprojects.com/en/stable/api/#sessions
_OF_FLASK = frozenset({"g", "session"})
_FLASK = ast.Module([], [])  #: stands for the module that has them
_OWN_PART = frozenset({"get", "pop", "setdefault"})  #: methods of a dictionary that lead to one of its parts
_COMPREHENSION = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
VariableKey = tuple[int, str]


@dataclass(frozen=True)
class SharedVariable:
    """The variable `name` of `scope`, which is a module or a function of `module`."""

    module: Module
    scope: NamespaceNode
    name: str

    @property
    def key(self) -> VariableKey:
        """What distinguishes it from every other variable."""
        return id(self.scope), self.name


@dataclass(frozen=True)
class Place:
    """A variable, or one of its parts: `['key']` or `.attribute`; "" is the whole."""

    variable: SharedVariable
    part: str

    @property
    def text(self) -> str:
        """As an application would write it."""
        return f"{self.variable.name}{self.part}"


class VariablePlaces:
    """Finds the places that expressions name, in the modules of an application."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file."""
        self._modules = Modules(modules)
        self._imports = {file: _imports(module) for file, module in modules.items()}

    def find(self, module: Module, chain: Sequence[NamespaceNode], node: ast.AST) -> Place | None:
        """The place that an expression names, None if functions could not share it."""
        match node:
            case ast.Name(id=name):
                variable = self._variable(module, chain, name)
                return None if variable is None else Place(variable, "")
            case ast.Attribute(value=ast.Name(id=name) as inner, attr=attribute):
                imported = self._imported(module, chain, name)
                if imported is not None:
                    return Place(SharedVariable(imported, imported.tree, attribute), "")
                return self._part(module, chain, inner, f".{attribute}")
            case ast.Attribute(value=ast.Call() as inner, attr=attribute):
                return self._part(module, chain, inner, f".{attribute}")
            case ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
                return self._only_object(module, chain, name)
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                return self._part(module, chain, inner, f"[{key!r}]")
            case ast.Subscript(value=inner):
                return self._part(module, chain, inner, "")
            case ast.Call(func=ast.Attribute(value=inner, attr=method), args=[ast.Constant(value=str() as key), *_]):
                return self._part(module, chain, inner, f"[{key!r}]") if method in _OWN_PART else None
        return None

    def _only_object(self, module: Module, chain: Sequence[NamespaceNode], name: str) -> Place | None:
        """The one object that a call gives each time: of a class with its own `__new__`, or out of a function's cache.

        https://docs.python.org/3/reference/datamodel.html#object.__new__
        """
        variable = self._variable(module, chain, name)
        if variable is None or not isinstance(variable.scope, ast.Module):
            return None
        for statement in variable.scope.body:
            if isinstance(statement, ast.ClassDef | FunctionNode) and statement.name == variable.name:
                only = _is_made_once(statement)
                return Place(SharedVariable(variable.module, variable.scope, f"{name}()"), "") if only else None
        return None

    def _part(self, module: Module, chain: Sequence[NamespaceNode], inner: ast.expr, part: str) -> Place | None:
        whole = self.find(module, chain, inner)
        if whole is None:
            return None
        if whole.variable.scope is _FLASK:  # `g.get("user")` is `g.user`
            part = "." + part.strip("[.]'\"")
        return Place(whole.variable, whole.part or part)

    def _variable(self, module: Module, chain: Sequence[NamespaceNode], name: str) -> SharedVariable | None:
        scope = owner(name, chain)
        if scope is None or isinstance(scope, ast.ClassDef | _COMPREHENSION):
            return None
        for statement, alias in self._imports[module.file].get(name, ()) if isinstance(scope, ast.Module) else ():
            if isinstance(statement, ast.ImportFrom):
                if statement.module == "flask" and alias.name in _OF_FLASK:
                    return SharedVariable(module, _FLASK, alias.name)
                source = self._modules.find(module, statement.module or "", statement.level)
                known = source is not None and alias.name in bindings(source.tree).local
                return SharedVariable(source, source.tree, alias.name) if source is not None and known else None
        return SharedVariable(module, scope, name)

    def _imported(self, module: Module, chain: Sequence[NamespaceNode], name: str) -> Module | None:
        """The application's module that a name means."""
        if not isinstance(owner(name, chain), ast.Module):
            return None
        for statement, alias in self._imports[module.file].get(name, ()):
            if isinstance(statement, ast.Import):
                return self._modules.find(module, alias.name, 0)
            dotted = ".".join(filter(None, (statement.module, alias.name)))
            return self._modules.find(module, dotted, statement.level)
        return None


def _is_made_once(definition: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether each call of a class or function gives the same object."""
    if isinstance(definition, ast.ClassDef):
        return any(isinstance(one, FunctionNode) and one.name == "__new__" for one in definition.body)
    names = {getattr(one.func if isinstance(one, ast.Call) else one, "id", "") for one in definition.decorator_list}
    names |= {getattr(one.func if isinstance(one, ast.Call) else one, "attr", "") for one in definition.decorator_list}
    return bool(names & {"cache", "lru_cache"})


def _imports(module: Module) -> Mapping[str, Sequence[tuple[ast.Import | ast.ImportFrom, ast.alias]]]:
    """The imports among a module's own statements, by the names that they give."""
    found: dict[str, list[tuple[ast.Import | ast.ImportFrom, ast.alias]]] = {}
    for statement in module.tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for alias in statement.names:
                found.setdefault(alias.asname or alias.name, []).append((statement, alias))
    return found


def functions_within(scope: NamespaceNode, around: tuple[NamespaceNode, ...]) -> Iterator[tuple[NamespaceNode, ...]]:
    """Each function below a scope with the scopes whose names it sees, the innermost first."""
    here = (scope, *around)
    if isinstance(scope, CallableNode):
        yield here
    seen = around if isinstance(scope, ast.ClassDef) else here
    for inner in bindings(scope).definitions:
        yield from functions_within(inner, seen)
