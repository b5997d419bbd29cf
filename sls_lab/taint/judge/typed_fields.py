"""What the declarations of fields make sure of.

Pydantic makes no object whose fields are of other types, attrs none whose fields a validator refuses.
https://docs.pydantic.dev/latest/concepts/models/, https://docs.pydantic.dev/latest/concepts/fields/#string-constraints,
https://www.attrs.org/en/stable/api.html#module-attrs.validators
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sls_lab.python.class_makers import ATTRS, ATTRS_FIELDS, MODEL_DATA_CLASSES, MODELS
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.definitions import Defined
from sls_lab.taint.judge.guard_conditions import Guard, is_fixed_list, matched
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.regular_expressions import characters, matches_in_full

_ENUMERATIONS: Final = frozenset(f"enum.{name}" for name in ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"))
#: Types of which no value does harm in a command, a statement or a path.
_PLAIN: Final = frozenset(
    {"builtins.int", "builtins.float", "builtins.bool", "uuid.UUID", "decimal.Decimal"}
    | {f"datetime.{name}" for name in ("date", "datetime", "time", "timedelta")}
    | {f"pydantic.{name}" for name in ("PositiveInt", "NonNegativeInt", "NegativeInt", "PositiveFloat", "StrictInt")}
    | {f"pydantic.{name}" for name in ("StrictBool", "StrictFloat", "UUID1", "UUID3", "UUID4", "UUID5", "conint")}
)
_TYPING: Final = frozenset({"typing.Optional", "typing.Union", "typing_extensions.Optional"})
_LITERAL: Final = frozenset({"typing.Literal", "typing_extensions.Literal"})
_ANNOTATED: Final = frozenset({"typing.Annotated", "typing_extensions.Annotated"})
_PATTERNS: Final = frozenset({"pydantic.Field", "pydantic.StringConstraints", "pydantic.constr"})
#: Methods of a model's class that make an object of what they check.
VALIDATING: Final = frozenset({"model_validate", "model_validate_json", "parse_obj", "parse_raw"})
_DEPTH: Final = 5


def field_guards(found: Defined, instance: ast.expr, reading: Reading, depth: int = _DEPTH) -> Iterator[Guard]:
    """What holds of the fields of an object of the class `found`, said of the expression `instance`.

    The members of an enumeration are written out, so that their values and names are.
    """
    if not isinstance(found.node, ast.ClassDef) or not depth:
        return
    scopes = (found.module.tree,)
    if is_enumeration(found, reading):
        yield _guard(ast.Attribute(instance, "value", ast.Load()), found.node)
        yield _guard(ast.Attribute(instance, "name", ast.Load()), found.node)
        return
    by_type, by_check = is_model(found, reading, depth), is_of_attrs(found, reading)
    if not by_type and not by_check:
        return
    for base in found.node.bases:
        above = reading.meant(Leaf(base, scopes))
        if above is not None:
            yield from field_guards(above, instance, reading, depth - 1)
    for field in found.node.body:
        match field:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value) if by_type:
                if not reading.reassigns(name, found.node):
                    subject = ast.Attribute(instance, name, ast.Load())
                    yield from _of_type(Leaf(annotation, scopes), value, subject, reading, depth)
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call)
                | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
            ) if by_check and reading.means(Leaf(call.func, scopes), ATTRS_FIELDS):
                validator = argument(call, None, "validator")
                if validator is not None and not reading.reassigns(name, found.node):
                    subject = ast.Attribute(instance, name, ast.Load())
                    yield from _of_validator(Leaf(validator, scopes), subject, reading)


def is_enumeration(found: Defined, reading: Reading) -> bool:
    """Whether a definition is a class with fixed members."""
    if not isinstance(found.node, ast.ClassDef):
        return False
    return any(reading.means(Leaf(base, (found.module.tree,)), _ENUMERATIONS) for base in found.node.bases)


def is_of_attrs(found: Defined, reading: Reading) -> bool:
    """Whether attrs makes the constructor of a class."""
    return _is_decorated(found, ATTRS, reading)


def is_model(found: Defined, reading: Reading, depth: int = _DEPTH) -> bool:
    """Whether pydantic makes the constructor of a class."""
    assert isinstance(found.node, ast.ClassDef)
    scopes = (found.module.tree,)
    if _is_decorated(found, MODEL_DATA_CLASSES, reading):
        return True
    for base in found.node.bases:
        if reading.means(Leaf(base, scopes), MODELS):
            return True
        above = reading.meant(Leaf(base, scopes)) if depth else None
        if above is not None and isinstance(above.node, ast.ClassDef) and is_model(above, reading, depth - 1):
            return True
    return False


def _is_decorated(found: Defined, names: frozenset[str], reading: Reading) -> bool:
    assert isinstance(found.node, ast.ClassDef)
    decorators = [one.func if isinstance(one, ast.Call) else one for one in found.node.decorator_list]
    return any(reading.means(Leaf(one, (found.module.tree,)), names) for one in decorators)


def _of_validator(validator: Leaf, subject: ast.expr, reading: Reading) -> Iterator[Guard]:
    """What a validator of attrs says of an expression that it has let pass."""

    def inner(node: ast.expr) -> Leaf:
        return replace(validator, node=node)

    def is_called(function: ast.expr, name: str) -> bool:
        return reading.means(inner(function), {f"{package}.validators.{name}" for package in ("attr", "attrs")})

    match validator.node:
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            for one in parts:
                yield from _of_validator(inner(one), subject, reading)
        case ast.Call(func=function, args=parts) if is_called(function, "and_") or is_called(function, "optional"):
            for one in parts:
                yield from _of_validator(inner(one), subject, reading)
        case ast.Call(func=function, args=[allowed]) if is_called(function, "in_"):
            found = reading.meant(inner(allowed))
            if is_fixed_list(inner(allowed), reading) or (found is not None and is_enumeration(found, reading)):
                yield Guard("listed", (subject,), validator.node)
        case ast.Call(func=function, args=[kind]) if is_called(function, "instance_of"):
            if _is_harmless(inner(kind), reading, _DEPTH):
                yield _guard(subject, validator.node)
        case ast.Call(func=function, args=[pattern, *_], keywords=keywords) if is_called(function, "matches_re"):
            chosen = [one.value for one in keywords if one.arg == "func"]
            fully = all(reading.means(inner(one), {"re.fullmatch"}) for one in chosen) and len(validator.node.args) < 3
            yield from matched(validator.node, reading.text(inner(pattern)), subject, fully)


def _of_type(kind: Leaf, value: ast.expr | None, subject: ast.expr, reading: Reading, depth: int) -> Iterator[Guard]:
    """What a type says of an expression; `value` is what the field is given where it is declared."""
    if _is_harmless(kind, reading, depth):
        yield _guard(subject, kind.node)
        return
    found = reading.meant(kind)
    if found is not None:
        yield from field_guards(found, subject, reading, depth - 1)
    for call in _constraints(kind, value, reading):
        for keyword in call.keywords:
            pattern = reading.text(replace(kind, node=keyword.value)) if keyword.arg in ("pattern", "regex") else None
            if pattern is not None and pattern.startswith("^") and matches_in_full(pattern):
                allowed = characters(pattern)
                if allowed is not None:
                    yield Guard("characters", (subject,), kind.node, allowed)


def _constraints(kind: Leaf, value: ast.expr | None, reading: Reading) -> Iterator[ast.Call]:
    candidates: list[ast.expr] = [kind.node] if value is None else [kind.node, value]
    if isinstance(kind.node, ast.Subscript) and reading.means(replace(kind, node=kind.node.value), _ANNOTATED):
        candidates += kind.node.slice.elts if isinstance(kind.node.slice, ast.Tuple) else []
    for one in candidates:
        if isinstance(one, ast.Call) and reading.means(replace(kind, node=one.func), _PATTERNS):
            yield one


def _is_harmless(kind: Leaf, reading: Reading, depth: int) -> bool:
    """Whether no value of a type does harm."""
    if not depth:
        return False

    def inner(node: ast.expr) -> bool:
        return _is_harmless(replace(kind, node=node), reading, depth - 1)

    match kind.node:
        case ast.Constant(value=None):
            return True
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return inner(left) and inner(right)
        case ast.Subscript(value=value, slice=given):
            elements = given.elts if isinstance(given, ast.Tuple) else [given]
            if reading.means(replace(kind, node=value), _LITERAL):
                return True
            if reading.means(replace(kind, node=value), _TYPING):
                return all(map(inner, elements))
            return reading.means(replace(kind, node=value), _ANNOTATED) and inner(elements[0])
        case ast.Call(func=function):
            return reading.means(replace(kind, node=function), _PLAIN)
    if reading.means(kind, _PLAIN):
        return True
    found = reading.meant(kind)
    return found is not None and is_enumeration(found, reading)


def _guard(subject: ast.expr, test: ast.expr | ast.ClassDef) -> Guard:
    return Guard("typed", (subject,), test)
