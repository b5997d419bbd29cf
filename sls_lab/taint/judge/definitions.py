"""Which definition of the application a name means where it is used, in this module or another."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sls_lab.python.binding import Binding, BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.imported import Modules
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.scopes import owner, scopes_around
from sls_lab.python.strings import Strings
from sls_lab.python.walking import own_nodes, walk

#: A name that modules import from each other is followed through so many of them.
_DEPTH = 6
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Defined:
    """What a name means: a definition, or the one expression that gives it its value, and the module it is in."""

    module: Module
    node: ast.AST


class Meanings:
    """What the names in one application mean, looked up once for all judgements on its flows.

    `own_names` are the names under which its modules are imported, `strings` knows what its expressions are as strings.
    """

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` are the files of the application by their names; nothing is looked up before it is asked for."""
        self._modules = modules
        self.own_names = frozenset(name for module in modules.values() for name in module.names)
        self.strings = Strings(modules)

    def meant(self, expression: ast.expr, scopes: tuple[NamespaceNode, ...]) -> Defined | None:
        """What an expression means as seen from `scopes`, the innermost first.

        None where it is not a name, or where there is more than one thing that it may mean.
        """
        module = self.module(scopes)
        if module is None:
            return None
        match expression:
            case ast.Name(id=name):
                return self._bound(name, scopes, module, _DEPTH)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                return self._method(name, scopes, module)
            case ast.Attribute(value=ast.Name(id=package), attr=name):
                other = self._module_bound(package, scopes, module)
                if other is not None:
                    return self._bound(name, (other.tree,), other, _DEPTH)
        match expression:
            case ast.Attribute(value=value, attr=name):
                return self._of_object(value, name, scopes, module)
        return None

    def _of_object(
        self, value: ast.expr, name: str, scopes: tuple[NamespaceNode, ...], module: Module
    ) -> Defined | None:
        """A method of what a class of the application has made: `Shop().find`, or `shop.find`.

        Of the class itself, one that is called without an object: `Shop.from_text`.
        """
        made = Defined(module, value) if isinstance(value, ast.Call) else self.meant(value, scopes)
        if made is not None and isinstance(made.node, ast.ClassDef):
            named = [one for one in made.node.body if isinstance(one, _Function) and one.name == name]
            alone = len(named) == 1 and any(_is_word(one) for one in named[0].decorator_list)
            return Defined(made.module, named[0]) if alone and not self.is_overridden(name, made.node.name) else None
        if made is None or not isinstance(made.node, ast.Call):
            return None
        around = scopes if made.node is value else scopes_around(made.module, made.node)
        holder = self.meant(made.node.func, around)
        if holder is None or not isinstance(holder.node, ast.ClassDef) or self.is_overridden(name, holder.node.name):
            return None
        methods = [one for one in holder.node.body if isinstance(one, _Function) and one.name == name]
        return Defined(holder.module, methods[0]) if len(methods) == 1 else None

    def module(self, scopes: tuple[NamespaceNode, ...]) -> Module | None:
        """The module whose tree is the last of `scopes`."""
        return self._by_tree.get(id(scopes[-1])) if scopes else None

    def origin(self, name: str, scopes: tuple[NamespaceNode, ...]) -> tuple[Module, str] | None:
        """The module from which `name` is imported, and its name there; None for what is no such import."""
        module, only = self.module(scopes), _only(name, scopes)
        if module is None or only is None or only.imported is None:
            return None
        origin, level, wanted = only.imported
        other = self._imported.find(module, origin, level)
        return (other, wanted) if other is not None and wanted is not None else None

    def assigns(self, attribute: str, within: ast.AST | None = None, holder: ast.ClassDef | None = None) -> bool:
        """Whether anything assigns an attribute of this name, but for what the function `within` does.

        Where the object's class is known, `holder`, classes that have nothing to do with it assign their own objects'.
        """
        inner = frozenset(map(id, ast.walk(within))) if within is not None else frozenset()
        found = [
            node for node in (*self._assigned.get(attribute, ()), *self._assigned.get("", ())) if id(node) not in inner
        ]
        return any(holder is None or not self._is_of_another(node, holder) for node in found)

    def _is_of_another(self, node: ast.AST, holder: ast.ClassDef) -> bool:
        """Whether `self.name = …` is in a class that is neither `holder` nor shares a class above with another one."""
        if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"):
            return False
        other = self._class_around.get(id(node))
        related = {holder.name, *(one.name for one in self._below.get(holder.name, ()))}
        return (
            other is not None
            and other is not holder
            and other.name not in related
            and not (other.bases or holder.bases)
        )

    @cached_property
    def _class_around(self) -> dict[int, ast.ClassDef]:
        """The class around each `self.name`, by the node's identity."""
        return {
            id(inner): node
            for module in self._modules.values()
            for node in walk(module.tree).nodes
            if isinstance(node, ast.ClassDef)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Attribute)
        }

    def is_overridden(self, method: str, name: str) -> bool:
        """Whether a class below one that is called `name` has a method of this name of its own."""
        return any(
            isinstance(inner, _Function) and inner.name == method
            for below in self._below.get(name, ())
            for inner in below.body
        )

    @cached_property
    def _below(self) -> dict[str, list[ast.ClassDef]]:
        """The classes by the names of those that they are directly below."""
        found: dict[str, list[ast.ClassDef]] = {}
        classes = (node for module in self._modules.values() for node in walk(module.tree).nodes)
        for one in classes:
            for base in one.bases if isinstance(one, ast.ClassDef) else ():
                match base:
                    case ast.Name(id=name) | ast.Attribute(attr=name) if isinstance(one, ast.ClassDef):
                        found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _imported(self) -> Modules:
        return Modules(self._modules)

    @cached_property
    def _by_tree(self) -> dict[int, Module]:
        return {id(module.tree): module for module in self._modules.values()}

    @cached_property
    def _assigned(self) -> dict[str, list[ast.AST]]:
        """The assignments of attributes by name; under the empty one those whose name is made up when they run."""
        found: dict[str, list[ast.AST]] = {}
        for module in self._modules.values():
            for node in walk(module.tree).nodes:
                match node:
                    case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                        found.setdefault(name, []).append(node)
                    case ast.Call(func=ast.Name(id="setattr") | ast.Attribute(attr="__setattr__"), args=[_, name, _]):
                        text = name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else ""
                        found.setdefault(text, []).append(node)
        return found

    def _bound(self, name: str, scopes: tuple[NamespaceNode, ...], module: Module, depth: int) -> Defined | None:
        only = _only(name, scopes)
        if only is None or not depth:
            return None
        if only.imported is not None:
            found = self.origin(name, scopes)
            return None if found is None else self._bound(found[1], (found[0].tree,), found[0], depth - 1)
        if isinstance(only.node, _Function | ast.ClassDef):
            return Defined(module, only.node)
        return Defined(module, only.value) if only.kind is BindingKind.VALUE and only.value is not None else None

    def _module_bound(self, name: str, scopes: tuple[NamespaceNode, ...], module: Module) -> Module | None:
        only = _only(name, scopes)
        if only is None or only.imported is None:
            return None
        origin, level, wanted = only.imported
        if wanted is None:
            return self._imported.find(module, origin, level)
        return self._imported.find(module, f"{origin}.{wanted}" if origin else wanted, level)

    def _method(self, name: str, scopes: tuple[NamespaceNode, ...], module: Module) -> Defined | None:
        """A method of the class around; None where another class of the application has one of its name."""
        above = walk(module.tree).parents.get(scopes[0])
        if not isinstance(above, ast.ClassDef):
            return None
        methods = [
            (other, node)
            for other in self._modules.values()
            for node in walk(other.tree).nodes
            if isinstance(node, _Function)
            and node.name == name
            and isinstance(walk(other.tree).parents.get(node), ast.ClassDef)
        ]
        return Defined(*methods[0]) if len(methods) == 1 and methods[0][1] in above.body else None


def _is_word(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "classmethod")


def _only(name: str, scopes: tuple[NamespaceNode, ...]) -> Binding | None:
    """The one place that binds a name; None where there are several, or where what it holds is changed."""
    scope = owner(name, scopes)
    if scope is None or name in bindings(scope).changed_elsewhere:
        return None
    found = [one for one in bindings(scope).every if one.name == name and one.kind is not BindingKind.DECLARED]
    return found[0] if len(found) == 1 else None


def makes_at_once(function: ast.AST) -> bool:
    """Whether a call of a function runs it as it is written: it is not a generator, and nothing wraps it."""
    if not isinstance(function, _Function):
        return False
    plain = all(_is_word(one) for one in function.decorator_list)
    return plain and not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))
