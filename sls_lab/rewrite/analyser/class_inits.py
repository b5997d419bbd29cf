"""Write out the `__init__` that a library makes of the fields of a class.

Pysa knows that a dataclass keeps its arguments, but not that `__post_init__` runs then, nor that it has the fields of
those that it inherits from. Of classes of attrs, pydantic and msgspec it knows neither which argument is which field,
nor what converts it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from sls_lab.python.class_makers import ATTRS, CALLED_AFTER, MODELS, STRUCTS, Maker
from sls_lab.python.imported import Modules
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.names import meanings
from sls_lab.python.walking import walk
from sls_lab.rewrite.analyser.class_fields import (
    Field,
    Means,
    called,
    changing_methods,
    data_decorator,
    is_one_of,
    own_fields,
    says,
    word,
)
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.analyser.fields_after import after_edits, changed_after
from sls_lab.rewrite.analyser.model_methods import model_methods
from sls_lab.rewrite.model import Edit

#: So many classes above one another are looked at.
_DEPTH = 20
_BY_BASE: Final[Mapping[Maker, frozenset[str]]] = {"model": MODELS, "struct": STRUCTS}
#: Bases that have no fields.
_BARE: Final = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Found = tuple[Module, ast.ClassDef]


@dataclass(frozen=True, slots=True)
class _Called:
    """A method that runs once the fields are there, with what it is given; the fields `changed` come after that."""

    name: str
    arguments: Sequence[str] = ()
    changed: Sequence[str] = ()


class ClassInits:
    """The classes of one application, which inherit from each other across its files."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file."""
        self._modules, self._found = modules, Modules(modules)
        self._own_names = frozenset(name for module in modules.values() for name in module.names)

    def edits(self, draft: Draft) -> Iterator[Edit]:
        """The edits that end classes of a file with their `__init__`; they come after all others of the same place."""
        module = self._modules.get(draft.file)
        for node in draft.nodes:
            maker = self._maker(module, node, 0) if module is not None and isinstance(node, ast.ClassDef) else None
            if module is None or not isinstance(node, ast.ClassDef) or maker is None:
                continue
            method = _method(node, CALLED_AFTER[maker])
            if method is not None:
                yield from after_edits(draft, method, self._changed(module, node, method))
            if _has_init(node):
                yield from self._initialised(draft, module, node, maker)

    def places(self, file: str, name: ast.expr) -> tuple[str, ...]:
        """The fields of the class that a file calls so, in the order in which they are given by their places."""
        module = self._modules.get(file)
        found = self._class(module, name) if module is not None else None
        if found is None or self._maker(*found, 0) is None:
            return ()
        fields = (self._fields(*found, 0) or {}).values()
        return tuple(one.name for one in fields if not one.by_keyword and not one.is_passed_on)

    def _initialised(self, draft: Draft, module: Module, node: ast.ClassDef, maker: Maker) -> Iterator[Edit]:
        fields = self._fields(module, node, 0)
        if fields is None or (maker != "dataclass" and not self._is_whole(module, node, 0)):
            return
        after = list(self._after(module, node, maker, fields))
        if maker == "dataclass" and not after and list(fields) == list(self._own(module, node) or ()):
            return  # as Pysa knows it
        lines = _init(list(fields.values()), after)
        if maker == "model":
            own = {one.name for one in node.body if isinstance(one, FunctionNode)}
            lines += model_methods(list(fields.values()), self._used - own)
        yield from _ended(draft, node, lines)
        decorator = data_decorator(node)
        if decorator is not None and any(one.changed for one in after):
            yield _without(draft, decorator)

    def _means(self, module: Module) -> Means:
        return lambda expression: meanings(expression, (module.tree,), self._own_names)

    def _maker(self, module: Module, node: ast.ClassDef, depth: int) -> Maker | None:
        """What makes the constructor of a class; None where nothing does, or where it inherits it as it is."""
        means = self._means(module)
        if any(is_one_of(called(one), ATTRS, means) for one in node.decorator_list):
            return "attrs"
        if data_decorator(node) is not None:
            return "dataclass"
        for maker, names in _BY_BASE.items():
            if any(is_one_of(base, names, means) for base in node.bases):
                return maker
        above = (self._maker(home, base, depth + 1) for home, base in self._bases(module, node, depth))
        return next((maker for maker in above if maker in _BY_BASE), None)

    def _is_whole(self, module: Module, node: ast.ClassDef, depth: int) -> bool:
        """Whether all classes above are seen, or have no fields."""
        found = list(self._bases(module, node, depth))
        bare = frozenset().union(_BARE, *_BY_BASE.values())
        known = [one for one in node.bases if is_one_of(_unsubscripted(one), bare, self._means(module))]
        return len(found) + len(known) == len(node.bases) and all(self._is_whole(*one, depth + 1) for one in found)

    def _own(self, module: Module, node: ast.ClassDef) -> dict[str, Field] | None:
        maker = self._maker(module, node, 0)
        return own_fields(node, maker, self._means(module)) if maker is not None else {}

    def _fields(self, module: Module, node: ast.ClassDef, depth: int) -> dict[str, Field] | None:
        """The fields of a class by name, those that it inherits first; one that is declared again keeps its place."""
        fields: dict[str, Field] = {}
        for home, base in self._bases(module, node, depth):
            inherited = self._fields(home, base, depth + 1)
            if inherited is None:
                return None
            fields |= inherited if home is module else {one.name: _elsewhere(one) for one in inherited.values()}
        own = self._own(module, node)
        return None if own is None else {**fields, **own}

    def _after(
        self, module: Module, node: ast.ClassDef, maker: Maker, fields: Mapping[str, Field]
    ) -> Iterator[_Called]:
        """The methods that run once the fields are there, of the class or of those above it."""
        found = self._defining(module, node, CALLED_AFTER[maker], 0)
        method = _method(found[1], CALLED_AFTER[maker]) if found is not None else None
        if found is not None and method is not None:
            passed = [name for name, field in fields.items() if field.is_passed_on]
            arguments = ["None"] if maker == "model" else passed
            yield _Called(method.name, arguments, self._changed(*found, method))
        if maker == "model":
            for name in changing_methods(node, self._means(module)):
                yield _Called(name)

    def _changed(self, module: Module, node: ast.ClassDef, method: _Function) -> Sequence[str]:
        """The fields that a method is given and returns: those that it changes, where no class below has one instead.

        Such a class would take the constructor as it is, but for this method.
        """
        below = (one for one in self._lone if one.name != node.name and _method(one, method.name) is not None)
        if any(node.name in self._above(one.name) for one in below):
            return ()
        above = [self._fields(home, base, 1) or {} for home, base in self._bases(module, node, 0)]
        inherited = frozenset(name for fields in above for name in fields)
        return changed_after(method, inherited, (self._own(module, node) or {}).keys())

    def _defining(self, module: Module, node: ast.ClassDef, name: str, depth: int) -> _Found | None:
        """The class of the application that has a method of this name: this one, or one above it."""
        if _method(node, name) is not None:
            return module, node
        above = (self._defining(home, base, name, depth + 1) for home, base in self._bases(module, node, depth))
        return next((one for one in reversed(list(above)) if one is not None), None)

    def _bases(self, module: Module, node: ast.ClassDef, depth: int) -> Iterator[_Found]:
        """The classes of the application that a class inherits from, the last first."""
        for base in reversed(node.bases) if depth < _DEPTH else ():
            found = self._class(module, _unsubscripted(base))
            if found is not None and found[1].name != node.name:
                yield found

    def _class(self, module: Module, name: ast.expr) -> _Found | None:
        match name:
            case ast.Name(id=called):
                defined = _defined(module, called)
                if defined is not None:
                    return module, defined
                for statement in module.tree.body:
                    match statement:
                        case ast.ImportFrom(names=names):
                            for alias in names:
                                if (alias.asname or alias.name) == called:
                                    return self._in(module, statement.module or "", statement.level, alias.name)
            case ast.Attribute(value=ast.Name(id=owner), attr=called):
                for statement in module.tree.body:
                    match statement:
                        case ast.Import(names=names):
                            for alias in names:
                                if (alias.asname or alias.name) == owner:
                                    return self._in(module, alias.name, 0, called)
                        case ast.ImportFrom(names=names):
                            for alias in names:
                                if (alias.asname or alias.name) == owner:
                                    dotted = ".".join(filter(None, (statement.module, alias.name)))
                                    return self._in(module, dotted, statement.level, called)
        return None

    def _in(self, module: Module, dotted: str, level: int, name: str) -> _Found | None:
        home = self._found.find(module, dotted, level)
        defined = _defined(home, name) if home is not None else None
        return (home, defined) if home is not None and defined is not None else None

    @cached_property
    def _used(self) -> frozenset[str]:
        """The attributes that are read anywhere."""
        nodes = (node for module in self._modules.values() for node in walk(module.tree).nodes)
        return frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))

    @cached_property
    def _lone(self) -> list[ast.ClassDef]:
        """The classes with bases for which nothing makes a constructor."""
        return [
            node
            for module in self._modules.values()
            for node in walk(module.tree).nodes
            if isinstance(node, ast.ClassDef) and node.bases and self._maker(module, node, 0) is None
        ]

    def _above(self, name: str, depth: int = _DEPTH) -> frozenset[str]:
        """The last words of the names of classes above those of one name that have no constructor made for them."""
        direct = {word(_unsubscripted(base)) for one in self._lone if one.name == name for base in one.bases}
        return frozenset(direct).union(*(self._above(one, depth - 1) for one in direct if depth and one != name))


def _defined(module: Module, name: str) -> ast.ClassDef | None:
    return next((one for one in module.tree.body if isinstance(one, ast.ClassDef) and one.name == name), None)


def _method(definition: ast.ClassDef, name: str) -> _Function | None:
    return next((one for one in definition.body if isinstance(one, FunctionNode) and one.name == name), None)


def _has_init(definition: ast.ClassDef) -> bool:
    """Whether the library makes the `__init__`."""
    return _method(definition, "__init__") is None and not any(
        says(one, "init", False) for one in definition.decorator_list
    )


def _unsubscripted(base: ast.expr) -> ast.expr:
    """The class itself of `Base[str]`."""
    return base.value if isinstance(base, ast.Subscript) else base


def _elsewhere(field: Field) -> Field:
    """A field that is inherited from another file, where other names may have other meanings."""
    match field.converters:
        case [*every] if all(_is_known_anywhere(one) for one in every):
            return field
    return replace(field, converters=())


def _is_known_anywhere(converter: ast.expr) -> bool:
    match converter:
        case ast.Name(id="int" | "float" | "bool" | "str") | ast.Attribute(value=ast.Name(id="self")):
            return True
    return False


def _init(fields: Sequence[Field], after: Sequence[_Called]) -> list[str]:
    """The lines of an `__init__`."""
    by_place = [one for one in fields if not one.by_keyword]
    by_keyword = [one for one in fields if one.by_keyword]
    # After a default each one needs one: a class that breaks this rule cannot be made, but the file must still parse.
    first = next((index for index, one in enumerate(by_place) if one.has_default), len(by_place))
    placed = [one.parameters[0] + ("" if index < first else "=None") for index, one in enumerate(by_place)]
    named = [
        f"{name}=None" if one.has_default else name for one in by_keyword for name in dict.fromkeys(one.parameters)
    ]
    parameters = ["self", *placed, *(["*"] if by_keyword else []), *named]
    kept = {one.name: _converted(one) for one in fields if not one.is_passed_on}
    changed = {name for one in after for name in one.changed}
    body = [
        f"def {_function(one, number)}({ast.unparse(converter.args)}): return {ast.unparse(converter.body)}"
        for one in fields
        for number, converter in enumerate(one.converters)
        if isinstance(converter, ast.Lambda)
    ]
    body += [f"self.{name} = {value}" for name, value in kept.items() if name not in changed]
    for one in after:
        given = ", ".join((*one.arguments, *(kept.get(name, "None") for name in one.changed)))
        call = f"self.{one.name}({given})"
        body.append(f"sls_lab_fields = {call}" if one.changed else call)
        body += [f"self.{name} = sls_lab_fields[{name!r}]" for name in one.changed]
    return [f"def __init__({', '.join(parameters)}):", *(f"    {line}" for line in body or ["pass"])]


def _converted(field: Field) -> str:
    """What is kept of what the constructor is given for a field."""
    value = " or ".join(field.parameters)
    for number, converter in enumerate(field.converters):
        value = f"{_function(field, number) if isinstance(converter, ast.Lambda) else ast.unparse(converter)}({value})"
    return value


def _function(field: Field, number: int) -> str:
    """The name of the function that a converter without a name becomes."""
    return f"sls_lab_{field.name}_{number}"


def _ended(draft: Draft, definition: ast.ClassDef, lines: Sequence[str]) -> Iterator[Edit]:
    """The edits that put lines at the end of a class."""
    reason = draft.reason("an object of this class begins so", definition)
    (start, _), (_, end) = draft.range(definition.body[0]), draft.range(definition.body[-1])
    indent = _indent(draft.text, start)
    if indent.strip():  # the body is on the line of `class`
        indent = " " * definition.col_offset + "    "
        yield draft.edit("dataclass-init", (start, start), f"\n{indent}", reason)
    yield draft.edit("dataclass-init", (end, end), "".join(f"\n{indent}{line}" for line in lines), reason)


def _without(draft: Draft, decorator: ast.expr) -> Edit:
    """The edit that takes a decorator away, for which Pysa would keep all arguments as they are given."""
    start, end = draft.range(decorator)
    begin = draft.text.rindex("@", 0, start)
    reason = draft.reason("its constructor is written out below", decorator)
    return draft.edit("dataclass-init", (begin, end), "\n" * draft.text.count("\n", begin, end), reason)


def _indent(text: str, start: int) -> str:
    """What is written before a place on its line."""
    return text[text.rfind("\n", 0, start) + 1 : start]
