"""Write out the `__init__` of a dataclass that calls `__post_init__`, or that keeps fields of another dataclass.

Pysa knows that a dataclass keeps its arguments, but not that `__post_init__` runs then, nor that it has the fields of
those that it inherits from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sls_lab.python.imported import Modules
from sls_lab.python.module import FunctionNode, Module
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

#: So many classes above one another are looked at.
_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Field:
    """A parameter of `__init__`; one of an `InitVar` goes to `__post_init__` and is not kept."""

    name: str
    has_default: bool
    is_passed_on: bool
    by_keyword: bool


class DataClasses:
    """The classes of one application, which inherit from each other across its files."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """`modules` by file."""
        self._modules, self._found = modules, Modules(modules)

    def edits(self, draft: Draft) -> Iterator[Edit]:
        """The edits that end classes of a file with their `__init__`."""
        module = self._modules.get(draft.file)
        for node in draft.nodes:
            if module is None or not isinstance(node, ast.ClassDef) or not _has_init(node):
                continue
            follows = self._calls_after(module, node, 0)
            own = _own_fields(node)
            fields = self._fields(module, node, 0)
            if follows or list(fields) != list(own):
                yield from _initialised(draft, node, list(fields.values()), follows)

    def places(self, file: str, name: ast.expr) -> tuple[str, ...]:
        """The fields of the dataclass that a file calls so, in the order in which they are given by their places."""
        module = self._modules.get(file)
        found = self._class(module, name) if module is not None else None
        if found is None or not is_data_class(found[1]):
            return ()
        fields = self._fields(*found, 0).values()
        return tuple(one.name for one in fields if not one.by_keyword and not one.is_passed_on)

    def _fields(self, module: Module, node: ast.ClassDef, depth: int) -> dict[str, _Field]:
        """The fields of a class by name, those that it inherits first; one that is declared again keeps its place."""
        fields: dict[str, _Field] = {}
        for home, base in self._bases(module, node, depth):
            fields |= self._fields(home, base, depth + 1)
        return {**fields, **_own_fields(node)} if _decorator(node) is not None else fields

    def _calls_after(self, module: Module, node: ast.ClassDef, depth: int) -> bool:
        """Whether the class has a `__post_init__`, of its own or from a class of the application."""
        if any(isinstance(one, FunctionNode) and one.name == "__post_init__" for one in node.body):
            return True
        return any(self._calls_after(home, base, depth + 1) for home, base in self._bases(module, node, depth))

    def _bases(self, module: Module, node: ast.ClassDef, depth: int) -> Iterator[tuple[Module, ast.ClassDef]]:
        """The classes of the application that a class inherits from, the last first."""
        for base in reversed(node.bases) if depth < _DEPTH else ():
            name = base.value if isinstance(base, ast.Subscript) else base  # `Base[str]`
            found = self._class(module, name)
            if found is not None and found[1].name != node.name:
                yield found

    def _class(self, module: Module, name: ast.expr) -> tuple[Module, ast.ClassDef] | None:
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

    def _in(self, module: Module, dotted: str, level: int, name: str) -> tuple[Module, ast.ClassDef] | None:
        home = self._found.find(module, dotted, level)
        defined = _defined(home, name) if home is not None else None
        return (home, defined) if home is not None and defined is not None else None


def _defined(module: Module, name: str) -> ast.ClassDef | None:
    return next((one for one in module.tree.body if isinstance(one, ast.ClassDef) and one.name == name), None)


def _has_init(definition: ast.ClassDef) -> bool:
    """Whether the decorator makes the `__init__`."""
    decorator = _decorator(definition)
    if decorator is None or any(isinstance(one, FunctionNode) and one.name == "__init__" for one in definition.body):
        return False
    return not _says(decorator, "init", False)


def _decorator(definition: ast.ClassDef) -> ast.expr | None:
    """https://docs.python.org/3/library/dataclasses.html"""
    for decorator in definition.decorator_list:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(function, ast.Name | ast.Attribute) and _word(function) == "dataclass":
            return decorator
    return None


def is_data_class(definition: ast.ClassDef) -> bool:
    """Whether a class is decorated as a dataclass."""
    return _decorator(definition) is not None


def _word(expression: ast.expr) -> str:
    return expression.id if isinstance(expression, ast.Name) else getattr(expression, "attr", "")


def _own_fields(definition: ast.ClassDef) -> dict[str, _Field]:
    decorator = _decorator(definition)
    by_keyword = decorator is not None and _says(decorator, "kw_only", True)
    fields: dict[str, _Field] = {}
    for field in definition.body:
        match field:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                kind = _word(annotation.value) if isinstance(annotation, ast.Subscript) else _word(annotation)
                if kind == "KW_ONLY":
                    by_keyword = True
                elif kind != "ClassVar" and not (value is not None and _says(value, "init", False)):
                    only = by_keyword or (value is not None and _says(value, "kw_only", True))
                    fields[name] = _Field(name, _has_default(value), kind == "InitVar", only)
    return fields


def _has_default(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call) and _word(value.func) == "field":
        return any(one.arg in ("default", "default_factory") for one in value.keywords)
    return value is not None


def _says(call: ast.expr, keyword: str, value: bool) -> bool:
    """Whether a call such as `field(init=False)` has this keyword."""
    return isinstance(call, ast.Call) and any(
        one.arg == keyword and isinstance(one.value, ast.Constant) and one.value.value is value for one in call.keywords
    )


def _initialised(draft: Draft, definition: ast.ClassDef, fields: list[_Field], follows: bool) -> Iterator[Edit]:
    by_place = [one for one in fields if not one.by_keyword]
    by_keyword = [one for one in fields if one.by_keyword]
    # After a default each one needs one: a class that breaks this rule cannot be made, but the file must still parse.
    first = next((index for index, one in enumerate(by_place) if one.has_default), len(by_place))
    placed = [one.name if index < first else f"{one.name}=None" for index, one in enumerate(by_place)]
    named = [f"{one.name}=None" if one.has_default else one.name for one in by_keyword]
    parameters = ["self", *placed, *(["*"] if by_keyword else []), *named]
    body = [f"self.{one.name} = {one.name}" for one in fields if not one.is_passed_on]
    if follows:
        body.append(f"self.__post_init__({', '.join(one.name for one in fields if one.is_passed_on)})")
    reason = draft.reason("a dataclass begins so", definition)
    (start, _), (_, end) = draft.range(definition.body[0]), draft.range(definition.body[-1])
    indent = _indent(draft.text, start)
    if indent.strip():  # the body is on the line of `class`
        indent = " " * definition.col_offset + "    "
        yield draft.edit("dataclass-init", (start, start), f"\n{indent}", reason)
    lines = [f"def __init__({', '.join(parameters)}):", *(f"    {line}" for line in body)]
    yield draft.edit("dataclass-init", (end, end), "".join(f"\n{indent}{line}" for line in lines), reason)


def _indent(text: str, start: int) -> str:
    """What is written before a place on its line."""
    return text[text.rfind("\n", 0, start) + 1 : start]
