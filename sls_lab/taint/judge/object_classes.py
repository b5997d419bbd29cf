"""Which class of the application an object has, as far as the code shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Final

from sls_lab.python.binding import BindingKind
from sls_lab.python.walking import own_nodes
from sls_lab.taint.judge.definitions import Defined
from sls_lab.taint.judge.reading import Leaf, Reading

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_ELEMENTS: Final = frozenset(
    {"list", "List", "Sequence", "Iterable", "Iterator", "Generator", "AsyncIterator", "tuple"}
)
_PROPERTIES: Final = frozenset({"builtins.property", "functools.cached_property"})
#: Names that refer to names and functions to functions are followed through so many.
_DEPTH: Final = 5


def class_of(leaf: Leaf, reading: Reading, depth: int = _DEPTH) -> Defined | None:
    """The class of the object that an expression is; None where it may be of several, or of none."""
    node = leaf.node.value if isinstance(leaf.node, ast.Await) else leaf.node
    if not depth:
        return None
    if isinstance(node, ast.Call):
        return class_made(replace(leaf, node=node.func), reading, depth - 1)
    found = [one for one in reading.bindings_of(replace(leaf, node=node)) if one.binds]
    if not isinstance(node, ast.Name) or len(found) != 1:
        return None
    only = found[0]
    if only.kind is BindingKind.VALUE and only.value is not None:
        return class_of(replace(leaf, node=only.value), reading, depth - 1)
    if only.kind is BindingKind.PARAMETER and isinstance(only.node, ast.arg) and only.node.annotation is not None:
        return _annotated(replace(leaf, node=only.node.annotation), reading)
    if only.kind is BindingKind.PART and isinstance(only.node, ast.For | ast.AsyncFor | ast.comprehension):
        through = only.node.iter
        if isinstance(through, ast.Call):
            made = reading.meant(replace(leaf, node=through.func))
            if made is not None and isinstance(made.node, _Function) and made.node.returns is not None:
                return _element(Leaf(made.node.returns, (made.module.tree,)), reading)
    return None


def class_made(function: Leaf, reading: Reading, depth: int = _DEPTH) -> Defined | None:
    """The class of what a call of `function` gives: it is a class, or returns an object of one."""
    found = reading.meant(function)
    if found is None or isinstance(found.node, ast.ClassDef):
        return found
    if not isinstance(found.node, _Function) or not depth:
        return None
    scopes = (found.module.tree,)
    if found.node.returns is not None:
        return _annotated(Leaf(found.node.returns, scopes), reading)
    returned = [one.value for one in own_nodes(found.node) if isinstance(one, ast.Return)]
    own = next((one.arg for one in found.node.args.args), "")
    by_class = any(isinstance(one, ast.Name) and one.id == "classmethod" for one in found.node.decorator_list)
    if returned and by_class and all(_calls(one, own) for one in returned) and isinstance(function.node, ast.Attribute):
        return reading.meant(replace(function, node=function.node.value))
    return None


def property_of(attribute: Leaf, reading: Reading) -> Defined | None:
    """The method that reading an attribute runs, where it is a property of the object's class."""
    if not isinstance(attribute.node, ast.Attribute):
        return None
    holder = class_of(replace(attribute, node=attribute.node.value), reading)
    name = attribute.node.attr
    if holder is None or not isinstance(holder.node, ast.ClassDef) or reading.is_overridden(name, holder.node.name):
        return None
    scopes = (holder.module.tree,)
    methods = [one for one in holder.node.body if isinstance(one, ast.FunctionDef) and one.name == name]
    match methods:
        case [ast.FunctionDef(decorator_list=[decorator])] if reading.means(Leaf(decorator, scopes), _PROPERTIES):
            return Defined(holder.module, methods[0])
    return None


def _calls(value: ast.expr | None, name: str) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == name


def _annotated(leaf: Leaf, reading: Reading) -> Defined | None:
    node = leaf.node
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
        node = ast.Name(node.value, ast.Load())
    found = reading.meant(replace(leaf, node=node))
    return found if found is not None and isinstance(found.node, ast.ClassDef) else None


def _element(leaf: Leaf, reading: Reading) -> Defined | None:
    match leaf.node:
        case ast.Subscript(value=ast.Name(id=word) | ast.Attribute(attr=word), slice=inner) if word in _ELEMENTS:
            first = inner.elts[0] if isinstance(inner, ast.Tuple) else inner
            return _annotated(replace(leaf, node=first), reading)
    return None
