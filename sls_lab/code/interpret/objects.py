"""The application's classes, instances, enumerations and modules as values."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.values import Atom, Callee, Value


@dataclass(frozen=True, slots=True)
class ClassValue(Callee):
    """A class of the application; its attributes are in the store under `oid`. `flavour`: `plain`, `record` (a
    dataclass or the like, whose fields are its arguments), `enum`.
    """

    oid: int
    node: ast.ClassDef
    state: ModuleState
    bases: Value = field(compare=False)
    flavour: str = field(default="plain", compare=False)
    fields: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Instance(Callee):
    """An object of such a class; its attributes are in the store under `oid`."""

    oid: int
    cls: ClassValue


@dataclass(frozen=True, slots=True)
class EnumMember(Atom):
    """A member of an enumeration."""

    cls: ClassValue
    name: str
    value: Value = field(compare=False)


@dataclass(frozen=True, slots=True)
class SuperRef(Atom):
    """`super()`: attributes are looked up after `cls`, for `receiver`."""

    cls: ClassValue
    receiver: Atom


@dataclass(frozen=True, slots=True)
class ModuleRef(Atom):
    """A module of the application."""

    state: ModuleState
