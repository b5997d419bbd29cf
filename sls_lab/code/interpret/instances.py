"""Instances of the application's classes."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    Arguments,
    Bound,
    BoundMethod,
    ClassValue,
    FunctionValue,
    Instance,
    Unknown,
    Value,
    unknown,
)


class Instances(Machine):
    """`Class(…)` and special methods."""

    def instantiate(self, cls: ClassValue, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """A new instance: its `__init__` is run, or its fields are filled; a member of an enumeration is looked up."""
        if cls.flavour == "enum":
            return self._member(cls, arguments)
        instance = Instance(new_number(), cls)
        if cls.flavour == "record":
            self._fill(instance, arguments)
        for name in ("__init__", "__post_init__"):
            for atom in self.attribute((instance,), name, frame):
                if isinstance(atom, BoundMethod):
                    given = arguments if name == "__init__" else Arguments()
                    positional = (Bound((instance,)), *given.positional)
                    passed = Arguments(positional, given.keywords, given.open_positional, given.open_keywords)
                    self.call_function(atom.function, passed, frame, node)
        return (instance,)

    def special(self, owner: Instance, name: str, arguments: tuple[Value, ...], frame: Frame) -> Value:
        """Call a special method of an instance; empty where its class has none."""
        for atom in self.attribute((owner,), name, frame):
            if isinstance(atom, BoundMethod | FunctionValue):
                return self.call((atom,), Arguments(tuple(Bound(value) for value in arguments)), None, frame)
        return ()

    def _member(self, cls: ClassValue, arguments: Arguments) -> Value:
        wanted = arguments.get(0, "value")
        members = self.elements((cls,)).items
        found = [member for member in members if any(getattr(atom, "value", ()) == wanted for atom in member)]
        return join(*found) if found else join(*members) if members else unknown(cls.node.name)

    def _fill(self, instance: Instance, arguments: Arguments) -> None:
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
                value = self._default(cls, name)
            self.store.write((instance.oid, name), value)

    def _default(self, cls: ClassValue, name: str) -> Value:
        for each in (cls, *(base for base in cls.bases if isinstance(base, ClassValue))):
            found = self.store.read((each.oid, name))
            if found is not None:
                return found
        return unknown(f"{cls.node.name}.{name}")

    def field_default(self, arguments: Arguments, frame: Frame) -> Value:
        """What `field(default=…)` or `field(default_factory=…)` gives."""
        default = arguments.keyword("default") or arguments.keyword("alias")
        if default:
            return default
        factory = arguments.keyword("default_factory") or arguments.keyword("factory")
        if any(not isinstance(atom, Unknown) for atom in factory):
            return self.call(factory, Arguments(), None, frame)
        if arguments.positional:
            return arguments.positional[0].value
        return unknown("field(…)")
