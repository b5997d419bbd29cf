"""The fields that the body of a class declares, as the library that makes its constructor reads them.

Where what is written leaves open which argument gets where, such as a model whose names are made up by a function, the
answer is None: then the class is left as it is.
"""

from __future__ import annotations

import ast
import keyword
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sls_lab.python.class_makers import ATTRS, ATTRS_FIELDS, FIELD_CHECKS, OLDER_ATTRS, Maker
from sls_lab.python.module import FunctionNode

#: The names of libraries that an expression may mean.
Means = Callable[[ast.expr], frozenset[str]]

_ALIASES: Final = ("alias", "validation_alias")
_OF_ALL: Final = frozenset({"pydantic.model_validator", "pydantic.root_validator"})
_ANNOTATING: Final = frozenset({"pydantic.AfterValidator", "pydantic.BeforeValidator"})
_PIPES: Final = frozenset({"attrs.converters.pipe", "attr.converters.pipe"})
_OPTIONAL: Final = frozenset({"attrs.converters.optional", "attr.converters.optional"})
_DEFAULTS: Final = frozenset({"attrs.converters.default_if_none", "attr.converters.default_if_none"})


@dataclass(frozen=True, slots=True)
class Field:
    """What the constructor takes for one attribute, under the first of `parameters`, or others.

    It goes through `converters`, the first one first, before it is kept; one of an `InitVar`, which `is_passed_on`,
    goes to `__post_init__` and is not kept.
    """

    name: str
    parameters: tuple[str, ...]
    has_default: bool
    is_passed_on: bool = False
    by_keyword: bool = False
    converters: tuple[ast.expr, ...] = ()


def own_fields(definition: ast.ClassDef, maker: Maker, means: Means) -> dict[str, Field] | None:
    """The fields that a class declares itself, by the names of their attributes; None where that is not known."""
    if maker in ("attrs", "model"):
        fields = _of_attrs(definition, means) if maker == "attrs" else _of_model(definition, means)
        named = fields is not None and all(all(one.parameters) for one in fields.values())
        return fields if named else None
    decorator = data_decorator(definition)
    by_keyword = (decorator is not None and says(decorator, "kw_only", True)) or _class_says(definition, "kw_only")
    return {one.name: one for one in _of_dataclass(definition, by_keyword=by_keyword)}


def data_decorator(definition: ast.ClassDef) -> ast.expr | None:
    """The decorator that makes a class a data class."""
    for decorator in definition.decorator_list:
        if word(called(decorator)) == "dataclass":
            return decorator
    return None


def called(expression: ast.expr) -> ast.expr:
    """What a call calls; any other expression as it is."""
    return expression.func if isinstance(expression, ast.Call) else expression


def word(expression: ast.expr) -> str:
    """The last word of a name."""
    return expression.id if isinstance(expression, ast.Name) else getattr(expression, "attr", "")


def says(call: ast.expr, name: str, value: bool) -> bool:
    """Whether a call such as `field(init=False)` has this keyword."""
    given = _keyword(call, name)
    return isinstance(given, ast.Constant) and given.value is value


def is_one_of(expression: ast.expr, names: frozenset[str], means: Means) -> bool:
    """Whether an expression means one of these names of libraries, and nothing else."""
    found = means(expression)
    return bool(found) and found <= names


def _of_dataclass(definition: ast.ClassDef, *, by_keyword: bool) -> Iterator[Field]:
    for field in definition.body:
        match field:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                kind = _kind(annotation)
                if kind == "KW_ONLY":
                    by_keyword = True
                elif kind != "ClassVar" and not (value is not None and says(value, "init", False)):
                    only = by_keyword or (value is not None and says(value, "kw_only", True))
                    yield Field(name, (name,), _has_default(value), kind == "InitVar", only)


def changing_methods(definition: ast.ClassDef, means: Means) -> Iterator[str]:
    """The methods of a model that run once its fields are there, and may change them."""
    for function in _functions(definition):
        for one in function.decorator_list:
            if is_one_of(called(one), _OF_ALL, means) and _mode(one) == "after" and len(function.args.args) == 1:
                yield function.name


def _has_default(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call) and word(value.func) == "field":
        return any(one.arg in ("default", "default_factory") for one in value.keywords)
    return value is not None


def _of_attrs(definition: ast.ClassDef, means: Means) -> dict[str, Field] | None:
    decorator = next(one for one in definition.decorator_list if is_one_of(called(one), ATTRS, means))
    if any(_keyword(decorator, name) is not None for name in ("these", "field_transformer")):
        return None
    declared = list(_declared(definition))
    told = _keyword(decorator, "auto_attribs")
    if isinstance(told, ast.Constant) and told.value is not None:
        annotated = bool(told.value)
    elif is_one_of(called(decorator), OLDER_ATTRS, means):
        annotated = False
    else:
        annotated = not any(kind is None and _is_field(value, means) for _, kind, value in declared)
    by_default = {one for function in _functions(definition) for one in _decorating(function, "default")}
    fields: dict[str, Field] = {}
    for name, annotation, value in declared:
        of_class = annotation is not None and _kind(annotation) == "ClassVar"
        if _is_field(value, means) and isinstance(value, ast.Call):
            if not says(value, "init", False):
                fields[name] = _attribute(name, value, by_default, means)
        elif annotated and annotation is not None and not of_class:
            fields[name] = Field(name, (name.lstrip("_"),), value is not None)
    if says(decorator, "kw_only", True):
        return {name: replace(one, by_keyword=True) for name, one in fields.items()}
    return fields


def _attribute(name: str, call: ast.Call, by_default: set[str], means: Means) -> Field:
    has_default = bool(call.args) or name in by_default
    has_default |= any(one.arg in ("default", "factory") for one in call.keywords)
    alias, converter = _keyword(call, "alias"), _keyword(call, "converter")
    parameter = _name(alias) if alias is not None else name.lstrip("_")
    converters = tuple(_converters(converter, means)) if converter is not None else ()
    return Field(name, (parameter,), has_default, by_keyword=says(call, "kw_only", True), converters=converters)


def _name(expression: ast.expr) -> str:
    """The name of a parameter that is written out; empty for every other expression."""
    text = expression.value if isinstance(expression, ast.Constant) else None
    return text if isinstance(text, str) and text.isidentifier() and not keyword.iskeyword(text) else ""


def _converters(expression: ast.expr, means: Means) -> Iterator[ast.expr]:
    """The functions that a value goes through, one after the other."""
    match expression:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for one in parts:
                yield from _converters(one, means)
        case ast.Call(func=function, args=parts) if is_one_of(function, _PIPES | _OPTIONAL, means):
            for one in parts:
                yield from _converters(one, means)
        case ast.Call(func=function) if is_one_of(function, _DEFAULTS, means):
            return
        case ast.Constant(value=None):
            return
        case _:
            yield expression


def _of_model(definition: ast.ClassDef, means: Means) -> dict[str, Field] | None:
    if not _is_configured_plainly(definition):
        return None
    checks: list[tuple[Sequence[str], ast.expr]] = []
    for function in _functions(definition):
        for decorator in function.decorator_list:
            if not isinstance(decorator, ast.Call):
                continue
            if is_one_of(decorator.func, _OF_ALL, means) and _mode(decorator) != "after":
                return None
            if is_one_of(decorator.func, FIELD_CHECKS, means):
                named = [one.value for one in decorator.args if isinstance(one, ast.Constant)]
                if len(function.args.args) != 2 or len(named) != len(decorator.args) or _mode(decorator) == "wrap":
                    return None  # what else it is given may get into the field
                method = ast.Attribute(ast.Name("self", ast.Load()), function.name, ast.Load())
                checks.append(([str(one) for one in named], method))
    fields: dict[str, Field] = {}
    for name, annotation, value in _declared(definition):
        if annotation is None or name.startswith("_") or name == "model_config" or _kind(annotation) == "ClassVar":
            continue
        calls = [node for part in (annotation, value) if part is not None for node in ast.walk(part)]
        names = [_name(one.value) for node in calls if isinstance(node, ast.Call) for one in _named(node, _ALIASES)]
        converters = [node.args[0] for node in calls if _annotates(node, means) and isinstance(node, ast.Call)]
        converters += [method for fields_of, method in checks if name in fields_of or "*" in fields_of]
        parameters = tuple(dict.fromkeys((*names, name)))
        fields[name] = Field(name, parameters, True, by_keyword=True, converters=tuple(converters))
    return fields


def _is_configured_plainly(definition: ast.ClassDef) -> bool:
    """Whether a model keeps its declared fields alone, under names that are written out."""
    settings = [(one.arg, one.value) for one in definition.keywords]
    for statement in definition.body:
        match statement:
            case ast.ClassDef(name="Config", body=body):
                for inner in body:
                    if isinstance(inner, ast.Assign):
                        settings += [(word(target), inner.value) for target in inner.targets]
            case (
                ast.Assign(targets=[ast.Name(id="model_config")], value=value)
                | ast.AnnAssign(target=ast.Name(id="model_config"), value=ast.expr() as value)
            ):
                match value:
                    case ast.Call(keywords=keywords):
                        settings += [(one.arg, one.value) for one in keywords]
                    case ast.Dict(keys=keys, values=values):
                        names = [str(key.value) if isinstance(key, ast.Constant) else None for key in keys]
                        settings += zip(names, values, strict=True)
                    case _:
                        return False
    for name, given in settings:
        closed = isinstance(given, ast.Constant) and given.value in ("ignore", "forbid")
        if name in (None, "alias_generator") or (name == "extra" and not closed):
            return False
    return True


def _mode(decorator: ast.expr) -> object:
    mode = _keyword(decorator, "mode")
    return mode.value if isinstance(mode, ast.Constant) else None


def _annotates(node: ast.AST, means: Means) -> bool:
    return isinstance(node, ast.Call) and len(node.args) == 1 and is_one_of(node.func, _ANNOTATING, means)


def _declared(definition: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """The names that a body gives a type or a value, with both."""
    for statement in definition.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
                yield name, annotation, value
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, None, value


def _is_field(value: ast.expr | None, means: Means) -> bool:
    return isinstance(value, ast.Call) and is_one_of(value.func, ATTRS_FIELDS, means)


def _functions(definition: ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (one for one in definition.body if isinstance(one, FunctionNode))


def _decorating(function: ast.FunctionDef | ast.AsyncFunctionDef, what: str) -> Iterator[str]:
    """The fields of which a function is the `what`: `@room.default`."""
    for decorator in function.decorator_list:
        match decorator:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if attribute == what:
                yield name


def _kind(annotation: ast.expr) -> str:
    return word(annotation.value) if isinstance(annotation, ast.Subscript) else word(annotation)


def _keyword(call: ast.expr, name: str) -> ast.expr | None:
    return next((one.value for one in _named(call, (name,))), None)


def _named(call: ast.expr, names: Sequence[str]) -> list[ast.keyword]:
    return [one for one in call.keywords if one.arg in names] if isinstance(call, ast.Call) else []


def _class_says(definition: ast.ClassDef, name: str) -> bool:
    values = [one.value for one in definition.keywords if one.arg == name]
    return any(isinstance(one, ast.Constant) and one.value is True for one in values)
