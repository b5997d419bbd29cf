"""Subscripts, slices and iteration."""

from __future__ import annotations

from dataclasses import replace

from sls_lab.code.interpret.attributes import attribute_of, call_special
from sls_lab.code.interpret.boto_objects import BotoCollection, BotoResource, collection_element
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.joining import MAX_ELEMENTS, join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.module_loading import environment_read
from sls_lab.code.interpret.objects import ClassValue, EnumMember, Instance
from sls_lab.code.interpret.string_operations import sliced
from sls_lab.code.interpret.values import (
    Atom,
    DictRef,
    External,
    ListRef,
    Lookup,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    shortened,
    text,
    unknown,
)
from sls_lab.facts import Diagnostic, Verdict


def subscript_of(machine: Machine, value: Value, index: Value, frame: Frame | None) -> Value:
    """What `value[index]` is, for each alternative."""
    results = [_element_of(machine, atom, index, frame) for atom in value]
    found = [result for result in results if result]
    return join(*found) if found else (Unknown(_subscript_label(machine, value, index), lookup="element"),)


def _of_library(machine: Machine, name: str, index: Value) -> Value:
    """`library.__dict__["name"]` is `library.name`."""
    owner, _, last = name.rpartition(".")
    text = index[0].pattern.text if len(index) == 1 and isinstance(index[0], Text) else None
    if text and last == "__dict__":
        return (External(f"{owner}.{text}"),)
    lookup: Lookup = "attribute" if last == "__dict__" else "" if text else "element"
    return (Unknown(shortened(f"{name}[{machine.label(index)}", "]"), lookup=lookup),)


def _subscript_label(machine: Machine, value: Value, index: Value) -> str:
    return shortened(f"{machine.label(value)}[{machine.label(index)}]")


def _element_of(machine: Machine, atom: Atom, index: Value, frame: Frame | None) -> Value:
    match atom:
        case Unknown(because=because, way=way) if way is not None and (step := _step(index)) is not None:
            return machine.environment.part_of_event((*way, step), _subscript_label(machine, (atom,), index), because)
        case Unknown(because=because, way=way, lookup=lookup):
            label = _subscript_label(machine, (atom,), index)
            return (Unknown(label, because, lookup="" if way is not None else lookup or "element"),)
        case DictRef():
            held = machine.contents(atom)
            return entry_of(held, index) if isinstance(held, Record) else ()
        case ListRef():
            held = machine.contents(atom)
            return item_of(held, index) if isinstance(held, Sequence) else ()
        case Sequence():
            return item_of(atom, index)
        case Text():
            return _character(machine, atom, index)
        case External(name="os.environ"):
            return read_environ(machine, index, None)
        case External(name="typing.Optional" | "typing.List" | "typing.Dict" | "typing.Union"):
            return (atom,)
        case External(name=name):
            return _of_library(machine, name, index)
        case ClassValue(flavour="enum"):
            names = {inner.pattern.text for inner in index if isinstance(inner, Text)}
            found = [attribute_of(machine, (atom,), name, frame) for name in names if name]
            members = found or _members(machine, atom)
            return join(*members) if members else ()
        case Instance() if frame is not None:
            return call_special(machine, atom, "__getitem__", (index,), frame)
    return ()


def _step(index: Value) -> str | None:
    """A key or index as a step of the way to a part of an event; None where it is not known."""
    match index:
        case (Text(pattern=pattern),):
            return pattern.text
        case (Scalar(value=int()),):
            return "*"
    return None


def read_environ(machine: Machine, names: Value, default: Value | None) -> Value:
    """The environment variables of these names; without `default`, the code fails where one is not set."""
    results: list[Value] = []
    for atom in names:
        name = atom.pattern.text if isinstance(atom, Text) else None
        if name is None:
            results.append(unknown(f"os.environ[{machine.label((atom,))}]"))
            continue
        environment_read(machine, name)
        message = (
            f"The code reads the environment variable {name}, which the template does not declare: declare it, or "
            "names made of it stay unknown or have the code's default."
        )
        note = Diagnostic("undeclared-variable", message, machine.here())
        results.append(machine.environment.read(name, default, note))
    return join(*results) if results else unknown("os.environ[…]")


def entry_of(record: Record, index: Value) -> Value:
    """The value of a key of a dict; empty where there can be none."""
    found = []
    for key in index:
        value = record.get(key)
        if value:
            found.append(value)
        if not value or (isinstance(key, Text) and key.pattern.holes):
            found.extend(inner for inner in _possible(record, key) if inner)
    return join(*found) if found else ()


def _possible(record: Record, key: Atom) -> list[Value]:
    """The value that a key may have that is not among the known ones."""
    rest = tuple(
        replace(atom, lookup="element") if isinstance(atom, Unknown) and atom.way is None and not atom.lookup else atom
        for atom in record.rest
    )
    if isinstance(key, Scalar) or (isinstance(key, Text) and not key.pattern.holes):
        return [rest]
    pattern = key.pattern if isinstance(key, Text) else None
    fitting = (
        value
        for known, value in record.entries
        if pattern is None or not isinstance(known, Text) or known.pattern.equals(pattern) is not Verdict.NO
    )
    return [*fitting, rest]


def item_of(sequence: Sequence, index: Value) -> Value:
    """An element of a sequence; empty if there is none."""
    at = index[0].value if len(index) == 1 and isinstance(index[0], Scalar) else None
    if isinstance(at, int):
        if 0 <= at < len(sequence.items) or (at < 0 and not sequence.rest and -at <= len(sequence.items)):
            return sequence.items[at]
        if at >= 0:
            return sequence.rest
    values = [value for value in (*sequence.items, sequence.rest) if value]
    return join(*values) if values else ()


def _character(machine: Machine, atom: Text, index: Value) -> Value:
    at = index[0].value if len(index) == 1 and isinstance(index[0], Scalar) else None
    if isinstance(at, int):
        stop = at + 1 if at != -1 else None
        return text(sliced(atom.pattern, at, stop), atom.because, atom.deployed)
    return unknown(_subscript_label(machine, (atom,), index), atom.because)


def slice_of(machine: Machine, value: Value, bounds: list[Value], label: str) -> Value:
    """`value[start:stop:step]`."""
    plain = [bound[0].value if len(bound) == 1 and isinstance(bound[0], Scalar) else ... for bound in bounds]
    start, stop, step = plain
    known = all(bound is None or type(bound) is int for bound in (start, stop)) and step is None
    results: list[Value] = []
    for atom in value:
        if isinstance(atom, Text):
            if known:
                pattern = sliced(atom.pattern, _bound(start), _bound(stop))
                results.append(text(pattern, atom.because, atom.deployed))
            else:
                results.append(unknown(label, atom.because))
            continue
        contents = machine.contents(atom) if isinstance(atom, ListRef) else atom
        if isinstance(contents, Sequence):
            if known and not contents.rest:
                part = Sequence(contents.items[_bound(start) : _bound(stop)])
            else:
                values = [item for item in (*contents.items, contents.rest) if item]
                part = Sequence((), join(*values) if values else ())
            results.append(machine.new_list(part.items, part.rest) if isinstance(atom, ListRef) else (part,))
        else:
            results.append(unknown(label, machine.because((atom,))))
    return join(*results) if results else unknown(label)


def elements_of(machine: Machine, value: Value, label: str = "") -> Sequence:
    """What iterating over a value gives; `label` names the elements of an unknown one."""
    parts = [_elements_of(machine, atom, label or f"{machine.label((atom,))}[…]") for atom in value]
    if len(parts) == 1:
        return parts[0]
    values = [item for part in parts for item in (*part.items, part.rest) if item]
    return Sequence((), join(*values) if values else ())


def _elements_of(machine: Machine, atom: Atom, label: str) -> Sequence:
    match atom:
        case Sequence():
            return atom
        case ListRef() | DictRef():
            held = machine.contents(atom)
            if isinstance(held, Record):
                keys = tuple((key,) for key, _ in held.entries)
                return Sequence(keys, unknown(label) if held.rest else ())
            return held
        case Text(pattern=pattern) if pattern.text is not None and len(pattern.text) <= 8:
            return Sequence(tuple(text(character, atom.because, atom.deployed) for character in pattern.text))
        case Scalar(value=None):
            return Sequence(())
        case BotoCollection():
            return Sequence((), (collection_element(atom, label),))
        case ClassValue(flavour="enum"):
            return Sequence(tuple(_members(machine, atom)))
        case Instance(cls=cls):
            iterated = _iterated(machine, atom, label)
            if iterated is not None or cls.flavour != "record":
                return iterated or Sequence((), unknown(label))
            fields = [machine.store.read((atom.oid, name)) for name in cls.fields]
            return Sequence(tuple(field for field in fields if field))
        case BotoResource():
            return Sequence((), unknown(label))
        case Unknown(because=because, way=way) if way is not None:
            return Sequence((), machine.environment.part_of_event((*way, "*"), label, because))
    chosen = isinstance(atom, Unknown) and atom.way is None
    return Sequence((), (Unknown(shortened(label), machine.because((atom,)), lookup="element" if chosen else ""),))


def is_iterated_by_method(machine: Machine, value: Value, frame: Frame, method: str = "__iter__") -> bool:
    """Whether a value is an object of the application for certain, whose class has an `__iter__` (or other method)."""
    return bool(value) and all(
        isinstance(atom, Instance)
        and any(isinstance(one, BoundMethod) for one in attribute_of(machine, (atom,), method, frame))
        for atom in value
    )


def _iterated(machine: Machine, atom: Instance, label: str) -> Sequence | None:
    """What the `__iter__` of an object gives, or its `__next__` again and again; None where its class has neither."""
    _, frame = machine.statement
    if frame is None:
        return None
    made = [one for name in ("__iter__", "__aiter__") for one in call_special(machine, atom, name, (), frame)]
    if made and atom not in made:
        return elements_of(machine, tuple(made), label)
    items = [call_special(machine, atom, name, (), frame) for name in ("__next__", "__anext__", "__getitem__")]
    found = [item for item in items if item]
    return Sequence((), join(*found)) if found else None


def _members(machine: Machine, cls: ClassValue) -> list[Value]:
    members: list[Value] = []
    for (oid, name), value in list(machine.store.cells.items()):
        plain = not any(isinstance(inner, FunctionValue | BoundMethod) for inner in value)
        if oid == cls.oid and plain and not name.startswith("_"):
            members.append((EnumMember(cls, name, value),))
    return members[:MAX_ELEMENTS]


def _bound(value: object) -> int | None:
    return value if isinstance(value, int) else None
