"""Statements: assignments, definitions, imports and expressions in a row."""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.code.interpret.attributes import attribute_of, call_special, module_attribute
from sls_lab.code.interpret.boto_objects import BotoClient, BotoHelper, BotoResource, BotoService
from sls_lab.code.interpret.elements import elements_of, is_iterated_by_method
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import concatenated, join, with_entry
from sls_lab.code.interpret.machine import Machine, runs
from sls_lab.code.interpret.module_loading import import_module
from sls_lab.code.interpret.objects import Instance, ModuleRef
from sls_lab.code.interpret.operators import operate
from sls_lab.code.interpret.special_methods import operated, set_attribute_by_method
from sls_lab.code.interpret.values import (
    Atom,
    DictRef,
    External,
    ListRef,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    unknown,
)

#: A value's history is not kept beyond this many steps.
_HISTORY = 12

_REMEMBERS = (Text, PathText, Unknown, BotoClient, BotoService, BotoResource, BotoHelper)
# What says the same with a name before it is not worth a reason.
_PLAIN = (ast.Name, ast.Constant, ast.Attribute)


@runs(ast.Expr)
def run_expr(machine: Machine, node: ast.Expr, frame: Frame) -> bool:
    """An expression for its effect."""
    machine.evaluate(node.value, frame)
    return True


@runs(ast.Assert)
def run_assert(machine: Machine, node: ast.Assert, frame: Frame) -> bool:
    """`assert` evaluates; it may hold."""
    machine.evaluate(node.test, frame)
    return True


@runs(ast.Assign)
def run_assign(machine: Machine, node: ast.Assign, frame: Frame) -> bool:
    """`a = b = value`."""
    value = remembered(machine, machine.evaluate(node.value, frame), node, node.value, frame)
    for target in node.targets:
        if isinstance(target, ast.Tuple | ast.List):
            machine.recorder.iterate(node.value, frame.module, is_iterated_by_method(machine, value, frame))
        assign(machine, target, value, frame)
    return True


@runs(ast.AnnAssign)
def run_ann_assign(machine: Machine, node: ast.AnnAssign, frame: Frame) -> bool:
    """`a: type = value`."""
    if node.value is not None:
        assign(
            machine,
            node.target,
            remembered(machine, machine.evaluate(node.value, frame), node, node.value, frame),
            frame,
        )
    return True


@runs(ast.AugAssign)
def run_aug_assign(machine: Machine, node: ast.AugAssign, frame: Frame) -> bool:
    """`a += value`; a list grows in place."""
    added = machine.evaluate(node.value, frame)
    before = machine.evaluate(node.target, frame)
    if isinstance(node.op, ast.Add) and before and all(isinstance(atom, ListRef) for atom in before):
        more = elements_of(machine, added)
        for atom in before:
            if isinstance(atom, ListRef):
                held = machine.contents(atom)
                if isinstance(held, Sequence):
                    machine.replace_contents(atom, concatenated(held, more))
        return True
    result = operated(machine, node.op, before, added, frame, in_place=True)
    result = result or operate(machine, node.op, before, added)
    assign(machine, node.target, remembered(machine, result, node, node.value, frame), frame)
    return True


@runs(ast.Delete)
def run_delete(machine: Machine, node: ast.Delete, frame: Frame) -> bool:
    """`del` evaluates its targets; what a name held is kept, since only its later use would show it."""
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            for atom in machine.evaluate(target.value, frame):
                if isinstance(atom, Instance):
                    call_special(machine, atom, "__delitem__", (machine.evaluate(target.slice, frame),), frame)
    return True


@runs(ast.Return)
def run_return(machine: Machine, node: ast.Return, frame: Frame) -> bool:
    """`return` keeps the value and the heap as it is at this point."""
    frame.returns.append(machine.evaluate(node.value, frame) if node.value else (Scalar(None, "NoneType"),))
    if frame.scope is None or not frame.scope.plain:
        frame.exits.append(machine.store.changes(frame.mark))
    return False


@runs(ast.Raise)
def run_raise(machine: Machine, node: ast.Raise, frame: Frame) -> bool:
    """`raise` goes on in the `try` around it."""
    for part in (node.exc, node.cause):
        if part is not None:
            machine.evaluate(part, frame)
    if frame.attempts:
        attempt = frame.attempts[-1]
        attempt.raised.append(machine.store.changes(attempt.mark))
    return False


@runs(ast.Import)
def run_import(machine: Machine, node: ast.Import, frame: Frame) -> bool:
    """`import a.b` binds `a`, `import a.b as c` binds the module itself."""
    for alias in node.names:
        value = import_module(machine, alias.name, 0, frame)
        if alias.asname is None and "." in alias.name:
            value = import_module(machine, alias.name.partition(".")[0], 0, frame)
        bind_name(machine, alias.asname or alias.name.partition(".")[0], value, frame)
    return True


@runs(ast.ImportFrom)
def run_import_from(machine: Machine, node: ast.ImportFrom, frame: Frame) -> bool:
    """`from a import b`; a star binds everything that does not begin with `_`, or what `__all__` says."""
    origin = import_module(machine, node.module or "", node.level, frame)
    for alias in node.names:
        if alias.name == "*":
            _import_star(machine, origin, frame)
        else:
            bind_name(machine, alias.asname or alias.name, attribute_of(machine, origin, alias.name, frame), frame)
    return True


def _import_star(machine: Machine, origin: Value, frame: Frame) -> None:
    for atom in origin:
        if not isinstance(atom, ModuleRef):
            continue
        oid = atom.state.oid
        exported = machine.store.read((oid, "__all__"))
        listed = elements_of(machine, exported).items if exported else ()
        wanted = {each.pattern.text for value in listed for each in value if isinstance(each, Text)}
        names = [name for number, name in list(machine.store.cells) if number == oid]
        for name in [*names, *(text for text in wanted if text)]:
            if name in wanted or (not wanted and not name.startswith("_")):
                bind_name(machine, name, module_attribute(machine, atom.state, name, frame), frame)


def assign(machine: Machine, target: ast.expr, value: Value, frame: Frame) -> None:
    """Bind a name, an attribute, an element, or each target of a tuple."""
    match target:
        case ast.Name(id=name):
            bind_name(machine, name, value, frame)
        case ast.Attribute(value=owner, attr=name):
            for atom in machine.evaluate(owner, frame):
                set_attribute(machine, atom, name, value)
                if isinstance(atom, Instance):
                    set_attribute_by_method(machine, atom, name, value, frame)
        case ast.Subscript(value=owner, slice=index):
            held, key = machine.evaluate(owner, frame), machine.evaluate(index, frame)
            set_element(machine, held, key, value)
            for atom in held:
                if isinstance(atom, Instance):
                    call_special(machine, atom, "__setitem__", (key, value), frame)
        case ast.Starred(value=inner):
            assign(machine, inner, value, frame)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            _unpack(machine, targets, value, frame)


def bind_name(machine: Machine, name: str, value: Value, frame: Frame) -> None:
    """Bind a name in the scope that it belongs to."""
    holder: Frame | None = frame
    while holder is not None and holder.scope is not None:
        if name in holder.scope.local:
            machine.store.write((holder.oid, name), value)
            return
        if name in holder.scope.globals:
            break
        holder = holder.outer
    if holder is not None and holder.scope is None:
        machine.store.write((holder.oid, name), value)
    else:
        machine.store.write((frame.state.oid, name), value)


def set_element(machine: Machine, owner: Value, index: Value, value: Value) -> None:
    """`owner[index] = value`, for each list or dict that `owner` may be."""
    certain = len(owner) == 1
    for atom in owner:
        if isinstance(atom, DictRef):
            held = machine.contents(atom)
            record = held if isinstance(held, Record) else Record(())
            if certain:
                machine.replace_contents(atom, with_entry(record, index, value))
            else:
                before = join(*(record.get(key) for key in index)) if index else ()
                machine.replace_contents(atom, with_entry(record, index, join(before, value)))
        elif isinstance(atom, ListRef):
            held = machine.contents(atom)
            if isinstance(held, Sequence):
                machine.replace_contents(atom, _with_item(held, index, value))


def remembered(machine: Machine, value: Value, statement: ast.stmt, source: ast.expr, frame: Frame) -> Value:
    """The value with the statement as its newest reason, where a reader would want to know of it."""
    if isinstance(source, _PLAIN) and not isinstance(source, ast.Constant):
        if not any(isinstance(atom, Text) and atom.because for atom in value):
            return value
    elif not any(isinstance(atom, _REMEMBERS) for atom in value):
        return value
    trace = frame.trace("", statement)
    return tuple(
        replace(atom, because=(trace, *atom.because[:_HISTORY])) if isinstance(atom, _REMEMBERS) else atom
        for atom in value
    )


def set_attribute(machine: Machine, owner: Atom, name: str, value: Value) -> None:
    """`owner.name = value`, of objects, classes and modules of the application."""
    match owner:
        case Instance(oid=oid):
            machine.store.write((oid, name), value)
        case ModuleRef(state=state):
            machine.store.write((state.oid, name), value)
        case _ if hasattr(owner, "node") and hasattr(owner, "oid"):
            machine.store.write((owner.oid, name), value)


def _unpack(machine: Machine, targets: list[ast.expr], value: Value, frame: Frame) -> None:
    sequence = elements_of(machine, value)
    starred = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    after = len(targets) - starred - 1 if starred is not None else 0
    exact = not sequence.rest
    for position, target in enumerate(targets):
        if starred is not None and position == starred:
            middle = sequence.items[starred : len(sequence.items) - after] if exact else sequence.items[starred:]
            item = machine.new_list(middle, sequence.rest)
        elif starred is not None and position > starred:
            at = len(sequence.items) - (len(targets) - position)
            item = sequence.items[at] if exact and 0 <= at < len(sequence.items) else _any(sequence)
        else:
            item = sequence.items[position] if position < len(sequence.items) else sequence.rest
        if not item or item == sequence.rest:
            item = _part(machine, value, position, sequence)
        assign(machine, target, item, frame)


def _part(machine: Machine, value: Value, position: int, sequence: Sequence) -> Value:
    """An element that is not known on its own; of an unknown value, a label says which one it is."""
    unknowns = [atom for atom in value if isinstance(atom, Unknown | External)]
    if unknowns and len(value) == len(unknowns):
        return unknown(f"{machine.label(value)}[{position}]", machine.because(value))
    return sequence.rest or unknown("…")


def _with_item(held: Sequence, index: Value, value: Value) -> Sequence:
    at = index[0].value if len(index) == 1 and isinstance(index[0], Scalar) else None
    if isinstance(at, int) and -len(held.items) <= at < len(held.items) and (at >= 0 or not held.rest):
        items = list(held.items)
        items[at] = value
        return Sequence(tuple(items), held.rest)
    return Sequence(tuple(join(item, value) for item in held.items), join(held.rest, value) if held.rest else value)


def _any(sequence: Sequence) -> Value:
    values = [*sequence.items, *([sequence.rest] if sequence.rest else [])]
    return join(*values) if values else ()
