"""Instances of the application's classes."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.attributes import attribute_of, linearised
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.functions import call_function, with_first
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine, calls
from sls_lab.code.interpret.objects import ClassValue, Instance
from sls_lab.code.interpret.values import Arguments, Atom, Unknown, Value, unknown


@calls(ClassValue)
def instantiate(machine: Machine, cls: ClassValue, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """A new instance: `__new__` and `__init__` are run, or its fields are filled; an enumeration's member is looked up.

    https://docs.python.org/3/reference/datamodel.html#object.__new__
    """
    if cls.flavour == "enum":
        return _member(machine, cls, arguments)
    made: list[Atom] = []
    for atom in attribute_of(machine, (cls,), "__new__", frame):
        if isinstance(atom, FunctionValue):
            made += call_function(machine, atom, with_first(arguments, (cls,)), node, frame)
    own = [one for one in made if isinstance(one, Instance) and cls in linearised(machine, one.cls)]
    others = [one for one in made if isinstance(one, Instance) and one not in own]
    if not own and not others:
        own = [Instance(new_number(), cls)]
    for instance in own:
        _begin(machine, instance, arguments, node, frame)
    return (*own, *others)


def _begin(machine: Machine, instance: Instance, arguments: Arguments, node: ast.Call | None, frame: Frame) -> None:
    if instance.cls.flavour == "record":
        _fill(machine, instance, arguments)
    for name in ("__init__", "__post_init__"):
        for atom in attribute_of(machine, (instance,), name, frame):
            if isinstance(atom, BoundMethod):
                given = arguments if name == "__init__" else Arguments()
                passed = with_first(given, (instance,))
                call_function(machine, atom.function, passed, node, frame)


def blank_instance(arguments: Arguments) -> Value:
    """What `object.__new__(cls)` makes: an instance of which nothing is set."""
    classes = [atom for atom in arguments.get(0, "cls") if isinstance(atom, ClassValue)]
    return tuple(Instance(new_number(), cls) for cls in classes) or unknown("object.__new__(…)")


@calls(Instance)
def call_instance(
    machine: Machine, instance: Instance, arguments: Arguments, node: ast.Call | None, frame: Frame
) -> Value:
    """`instance(…)`: its `__call__`."""
    found = attribute_of(machine, (instance,), "__call__", frame)
    if any(isinstance(inner, BoundMethod | FunctionValue) for inner in found):
        return machine.call(found, arguments, node, frame)
    return unknown(f"{instance.cls.node.name}(…)")


def _member(machine: Machine, cls: ClassValue, arguments: Arguments) -> Value:
    wanted = arguments.get(0, "value")
    members = elements_of(machine, (cls,)).items
    found = [member for member in members if any(getattr(atom, "value", ()) == wanted for atom in member)]
    return join(*found) if found else join(*members) if members else unknown(cls.node.name)


def _fill(machine: Machine, instance: Instance, arguments: Arguments) -> None:
    cls = instance.cls
    keywords = dict(arguments.keywords)
    spare = arguments.open_positional or arguments.open_keywords
    for index, name in enumerate(cls.fields):
        if index < len(arguments.positional):
            value = arguments.positional[index].value
        elif name in keywords:
            value = keywords[name].value
        elif spare is not None and spare.value:
            value = spare.value
        else:
            value = _default(machine, cls, name)
        machine.store.write((instance.oid, name), value)


def _default(machine: Machine, cls: ClassValue, name: str) -> Value:
    for each in (cls, *(base for base in cls.bases if isinstance(base, ClassValue))):
        found = machine.store.read((each.oid, name))
        if found is not None:
            return found
    return unknown(f"{cls.node.name}.{name}")


def field_default(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    """What `field(default=…)` or `field(default_factory=…)` gives."""
    default = arguments.keyword("default") or arguments.keyword("alias")
    if default:
        return default
    factory = arguments.keyword("default_factory") or arguments.keyword("factory")
    if any(not isinstance(atom, Unknown) for atom in factory):
        return machine.call(factory, Arguments(), None, frame)
    if arguments.positional:
        return arguments.positional[0].value
    return unknown("field(…)")
