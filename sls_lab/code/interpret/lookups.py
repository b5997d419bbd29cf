"""What is looked up by a name that is computed: `getattr(owner, name)`, `vars(owner)[name]`, `globals()[name]`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from sls_lab.code.interpret.attributes import attribute_of, members_of
from sls_lab.code.interpret.frames import BoundMethod, FunctionValue
from sls_lab.code.interpret.joining import MAX_CALLEES, join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.module_loading import import_module, submodule_of
from sls_lab.code.interpret.objects import ClassValue, ModuleRef
from sls_lab.code.interpret.values import Arguments, Atom, External, Text, Unknown, Value, shortened, unknown
from sls_lab.facts import Pattern, Verdict


def named_attributes(machine: Machine, arguments: Arguments) -> Value:
    """`getattr(owner, name)`: of a name that is known in part, all functions whose names it may be."""
    owners, default = arguments.get(0, "object"), arguments.get(2, "default")
    _, frame = machine.statement
    results: list[Value] = []
    for atom in arguments.get(1, "name"):
        pattern = name_pattern(machine, atom)
        if pattern.text:
            results.append(attribute_of(machine, owners, pattern.text, frame))
        else:
            results += [_any_named(machine, owner, pattern) for owner in owners]
    if default and any(isinstance(inner, FunctionValue | BoundMethod) for inner in default):
        results.append(default)
    return join(*results) if results else unknown(f"getattr({machine.label(owners)}, …)")


def name_pattern(machine: Machine, name: Atom) -> Pattern:
    """What is known of a name."""
    return name.pattern if isinstance(name, Text) else Pattern.any(machine.label((name,)))


def _any_named(machine: Machine, owner: Atom, pattern: Pattern) -> Value:
    """The functions of an object whose names fit, and that it may be something else as well."""
    label = shortened(f"getattr({machine.label((owner,))}, {pattern}", ")")
    members = members_of(machine, owner)
    if members is None:
        known_part = isinstance(owner, Unknown) and owner.way is not None
        return unknown(label) if known_part else (Unknown(label, lookup="attribute"),)
    fitting = [name for name in members if not name.startswith("__") and pattern.equals(name) is not Verdict.NO]
    found = [attribute_of(machine, (owner,), name, None) for name in fitting if _is_function(members[name])]
    other = Unknown(label, lookup="" if found else "attribute")
    return join((other,), *found)


def _is_function(value: Value) -> bool:
    return any(isinstance(atom, FunctionValue) and atom.kind != "property" for atom in value) or any(
        isinstance(atom, BoundMethod | ClassValue | External) for atom in value
    )


def subclasses_of(machine: Machine, cls: ClassValue) -> Value:
    """`cls.__subclasses__()`: a list of the classes that name it as a base, as far as they are loaded."""
    cells = list(machine.store.cells.values())
    found = {atom: None for value in cells for atom in value if isinstance(atom, ClassValue) and cls in atom.bases}
    return machine.new_list(tuple((atom,) for atom in found))


def modules_named(machine: Machine, pattern: Pattern) -> Iterator[Value]:
    """The application's modules that `import_module` may be given: those of a package that is named in full."""
    _, frame = machine.statement
    first = pattern.parts[0] if pattern.parts else ""
    package, dot, _ = first.rpartition(".") if isinstance(first, str) else ("", "", "")
    if not dot or frame is None or pattern.text is not None:
        return
    level = len(package) - len(package.lstrip("."))
    for atom in import_module(machine, package[level:], level, frame):
        if isinstance(atom, ModuleRef) and atom.state.folder is not None:
            stems = (posixpath.splitext(name)[0] for name in machine.index.tree.names(atom.state.folder))
            fitting = [stem for stem in stems if pattern.equals(f"{package}.{stem}") is not Verdict.NO]
            for stem in fitting[:MAX_CALLEES]:
                module = submodule_of(machine, atom.state, stem)
                if module and stem != "__init__":
                    yield module
