"""Attributes: of modules, classes, instances, libraries and unknown values."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from sls_lab.code.interpret.boto_objects import Boto, boto_attribute, meta_attribute
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.module_loading import submodule_of
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.objects import ClassValue, EnumMember, Instance, ModuleRef, SuperRef
from sls_lab.code.interpret.string_operations import derived, last_piece
from sls_lab.code.interpret.values import (
    Arguments,
    Atom,
    Bound,
    External,
    Method,
    Partial,
    PathText,
    Unknown,
    Value,
    shortened,
    text,
    unknown,
)
from sls_lab.facts import Hole, Pattern

#: A dotted name longer than this is not a library's.
_NAME = 200
_MAX_MRO = 50
_THREADS = frozenset({"threading.Thread", "multiprocessing.Process", "multiprocessing.process.BaseProcess"})
#: What a value has that is no object of the application.
_OF_PLAIN_VALUES = frozenset(name for kind in (str, bytes, dict, list, set, tuple) for name in dir(kind))


def attribute_of(machine: Machine, value: Value, name: str, frame: Frame | None) -> Value:
    """What the attribute is, for each alternative; None has none and is passed over."""
    results = [_attribute_of(machine, atom, name, frame) for atom in value]
    found = [result for result in results if result]
    return join(*found) if found else unknown(f"{machine.label(value)}.{name}")


def _attribute_of(machine: Machine, atom: Atom, name: str, frame: Frame | None) -> Value:
    match atom:
        case Unknown():
            return _of_unknown(machine, atom, name)
        case ModuleRef() | Instance() | ClassValue() if name == "__dict__":
            oid = atom.state.oid if isinstance(atom, ModuleRef) else atom.oid
            cells = machine.store.cells.items()
            return machine.new_names({key: held for (number, key), held in cells if number == oid})
        case ModuleRef(state=state):
            return module_attribute(machine, state, name, frame)
        case Instance(cls=cls):
            return _of_instance(machine, atom, cls, name, frame)
        case ClassValue():
            return _of_class(machine, atom, name, frame)
        case SuperRef(cls=cls, receiver=receiver):
            return _behind(machine, cls, receiver, name, frame)
        case External(name=dotted):
            return _of_library(dotted, name)
        case EnumMember(cls=cls):
            return _of_member(machine, atom, cls, name, frame)
        case PathText():
            return _of_path(atom, name)
        case Method(receiver=receiver, name="meta"):
            return meta_attribute(receiver, name)
        case FunctionValue() | BoundMethod() if name in ("__name__", "__wrapped__"):
            function = atom.function if isinstance(atom, BoundMethod) else atom
            return text(function.name) if name == "__name__" else (function,)
    if isinstance(atom, Boto):
        return boto_attribute(atom, name)
    if getattr(atom, "kind", "") == "NoneType":
        return ()
    return (Method(atom, name),)


def _of_unknown(machine: Machine, atom: Unknown, name: str) -> Value:
    if atom.role == "context":
        if name == "function_name":
            return text(machine.environment.name, atom.because, deployed=True)
        if name == "invoked_function_arn":
            return text(machine.environment.arn, atom.because, deployed=True)
    if atom.way is not None:
        return machine.environment.part_of_event((*atom.way, name), f"{atom.label}.{name}", atom.because)
    # A method keeps the place of its object, with which functions may be registered.
    label = shortened(atom.label, f".{name}")
    holder = "" if atom.is_attribute else atom.library_class
    chosen = atom.lookup == "attribute" or (atom.lookup == "result" and name not in _OF_PLAIN_VALUES)
    return (
        Unknown(
            label,
            atom.because,
            site=atom.site,
            maker=atom.maker,
            library_class=holder,
            is_attribute=bool(holder),
            lookup="attribute" if chosen else "",
        ),
    )


def _of_instance(machine: Machine, atom: Instance, cls: ClassValue, name: str, frame: Frame | None) -> Value:
    if name == "__class__":
        return (cls,)
    own = machine.store.read((atom.oid, name))
    found = own if own is not None else _in_classes(machine, linearised(machine, cls), atom, name, frame)
    if found:
        return found
    if name == "start" and _is_thread(machine, cls):
        runs = _in_classes(machine, linearised(machine, cls), atom, "run", frame)
        if runs:
            return runs
    getter = _in_classes(machine, linearised(machine, cls), atom, "__getattr__", frame)
    if getter and frame is not None:
        return _by_getter(machine, getter, name, frame) or unknown(f"{cls.node.name}.{name}")
    return unknown(f"self.{name}" if frame is not None and frame.receiver == atom else f"{cls.node.name}.{name}")


def _by_getter(machine: Machine, getter: Value, name: str, frame: Frame) -> Value:
    """What the `__getattr__` of a class gives; a method of another object is not named by the attribute.

    https://docs.python.org/3/reference/datamodel.html#object.__getattr__
    """
    methods = [one for one in getter if isinstance(one, BoundMethod) and one.function not in machine.running]
    if not methods:
        return ()
    given = machine.call(tuple(methods), Arguments((Bound(text(name)),)), None, frame)
    return tuple(Partial((one,), Arguments()) if isinstance(one, BoundMethod) else one for one in given)


def _is_thread(machine: Machine, cls: ClassValue) -> bool:
    """Whether `start()` of an object calls its `run()`: https://docs.python.org/3/library/threading.html"""
    bases = (base for one in linearised(machine, cls) for base in one.bases)
    return any(isinstance(base, External) and base.name in _THREADS for base in bases)


def _of_class(machine: Machine, atom: ClassValue, name: str, frame: Frame | None) -> Value:
    if name == "__name__":
        return text(atom.node.name)
    found = _in_classes(machine, linearised(machine, atom), atom, name, frame)
    if found and atom.flavour == "enum" and not any(isinstance(inner, BoundMethod | FunctionValue) for inner in found):
        return (EnumMember(atom, name, found),)
    return found or ((Method(atom, name),) if name == "__subclasses__" else unknown(f"{atom.node.name}.{name}"))


def _of_member(machine: Machine, atom: EnumMember, cls: ClassValue, name: str, frame: Frame | None) -> Value:
    if name in ("value", "_value_"):
        return atom.value
    if name in ("name", "_name_"):
        return text(atom.name)
    found = _in_classes(machine, linearised(machine, cls), atom, name, frame)
    return found or attribute_of(machine, atom.value, name, frame)


def _behind(machine: Machine, cls: ClassValue, receiver: Atom, name: str, frame: Frame | None) -> Value:
    start = receiver.cls if isinstance(receiver, Instance) else receiver if isinstance(receiver, ClassValue) else cls
    order = linearised(machine, start)
    behind = order[order.index(cls) + 1 :] if cls in order else linearised(machine, cls)[1:]
    found = _in_classes(machine, behind, receiver, name, frame)
    return found or ((Method(start, name),) if name == "__new__" else unknown(f"super().{name}"))


def _in_classes(machine: Machine, order: list[ClassValue], receiver: Atom, name: str, frame: Frame | None) -> Value:
    for cls in order:
        found = machine.store.read((cls.oid, name))
        if found is not None:
            parts = [_bound(machine, atom, receiver, cls, frame) for atom in found]
            return join(*parts) if parts else ()
    return ()


def _bound(machine: Machine, atom: Atom, receiver: Atom, cls: ClassValue, frame: Frame | None) -> Value:
    """What reading a class attribute through an instance or the class itself gives."""
    if not isinstance(atom, FunctionValue) or atom.kind == "static":
        return (atom,)
    if atom.kind == "class":
        owner = receiver.cls if isinstance(receiver, Instance) else receiver
        return (BoundMethod(owner, atom),)
    if isinstance(receiver, ClassValue):
        return (atom,)
    if atom.kind == "property":
        if frame is None:
            return unknown(f"{cls.node.name}.{atom.name}")
        return machine.call((BoundMethod(receiver, atom),), Arguments(), None, frame)
    return (BoundMethod(receiver, atom),)


def linearised(machine: Machine, cls: ClassValue) -> list[ClassValue]:
    """A class and those above it, in the order of look-up; for odd diamonds depth first."""
    order: dict[ClassValue, None] = {}
    waiting = [cls]
    while waiting and len(order) < _MAX_MRO:
        current = waiting.pop(0)
        # A class that occurs again comes after the later one.
        order.pop(current, None)
        order[current] = None
        waiting[:0] = [base for base in current.bases if isinstance(base, ClassValue) and base != current]
    return list(order)


def members_of(machine: Machine, owner: Atom) -> Mapping[str, Value] | None:
    """What a module, class or object of the application has by name; None where it is something else."""
    match owner:
        case ModuleRef(state=state):
            holders = [state.oid]
        case Instance(oid=oid, cls=cls):
            holders = [*(one.oid for one in reversed(linearised(machine, cls))), oid]
        case ClassValue():
            holders = [one.oid for one in reversed(linearised(machine, owner))]
        case _:
            return None
    members: dict[str, Value] = {}
    cells = list(machine.store.cells.items())
    for holder in holders:
        members.update((name, value) for (number, name), value in cells if number == holder)
    return members


def call_special(machine: Machine, owner: Instance, name: str, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """Call a special method of an instance; empty where its class has none."""
    for atom in attribute_of(machine, (owner,), name, frame):
        if isinstance(atom, BoundMethod | FunctionValue):
            return machine.call((atom,), Arguments(tuple(Bound(value) for value in arguments)), None, frame)
    return ()


def _of_path(atom: PathText, name: str) -> Value:
    pattern = atom.pattern
    if name in ("name", "stem", "suffix"):
        last = last_piece(pattern, "/")
        if name == "name":
            return text(last, atom.because, atom.deployed)
        stem, suffix = split_extension(last)
        return text(stem if name == "stem" else suffix, atom.because, atom.deployed)
    if name == "parent":
        return (PathText(parent_folder(pattern), atom.because, atom.deployed),)
    return (Method(atom, name),)


def module_attribute(machine: Machine, state: ModuleState, name: str, frame: Frame | None) -> Value:
    """A global or submodule of a module."""
    value = machine.store.read((state.oid, name))
    if value is not None:
        return value
    inner = submodule_of(machine, state, name)
    return inner or unknown(f"{posixpath.basename(state.file or state.folder or '').removesuffix('.py')}.{name}")


def split_extension(pattern: Pattern) -> tuple[Pattern, Pattern]:
    """`os.path.splitext`: the extension where it is written out, else a hole."""
    if pattern.text is not None:
        stem, suffix = posixpath.splitext(pattern.text)
        return Pattern.of(stem), Pattern.of(suffix)
    last = pattern.parts[-1]
    if isinstance(last, str) and "." in last and "/" not in last[last.rindex(".") :]:
        at = last.rindex(".")
        return Pattern.of(*pattern.parts[:-1], last[:at]), Pattern.of(last[at:])
    if isinstance(last, str):
        return pattern, Pattern.of()
    folder, name = _after_last_slash(pattern)
    return Pattern.of(*folder, *derived(name, " without extension").parts), derived(name, "'s extension")


def _after_last_slash(pattern: Pattern) -> tuple[tuple[str | Hole, ...], Pattern]:
    """What is up to the last `/` that is written out, and the rest: no extension begins before it."""
    for index in range(len(pattern.parts) - 1, -1, -1):
        part = pattern.parts[index]
        if isinstance(part, str) and "/" in part:
            at = part.rindex("/") + 1
            return (*pattern.parts[:index], part[:at]), Pattern.of(part[at:], *pattern.parts[index + 1 :])
    return (), pattern


def parent_folder(pattern: Pattern) -> Pattern:
    """`os.path.dirname`: known where the last `/` is."""
    if pattern.text is not None:
        return Pattern.of(posixpath.dirname(pattern.text))
    for index in range(len(pattern.parts) - 1, -1, -1):
        part = pattern.parts[index]
        if not isinstance(part, str):
            return Pattern.of(*pattern.parts[:index], *derived(pattern, "'s folder").parts)
        if "/" in part:
            return Pattern.of(*pattern.parts[:index], part[: part.rindex("/")])
    return derived(pattern, "'s folder")


def _of_library(dotted: str, name: str) -> Value:
    full = f"{dotted}.{name}"
    if full in ("os.sep", "os.path.sep", "posixpath.sep"):
        return text("/")
    if full == "os.linesep":
        return text("\n")
    return (External(full),) if len(full) <= _NAME else unknown(full)
