"""Statements: assignments, definitions, imports and expressions in a row."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import MAX_ELEMENTS, join, with_entry
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    Atom,
    Client,
    DictRef,
    External,
    Helper,
    Instance,
    ListRef,
    ModuleRef,
    PathText,
    Record,
    Resource,
    Scalar,
    Sequence,
    Service,
    Text,
    Unknown,
    Value,
    unknown,
)

#: A value's history is not told beyond so many steps.
_HISTORY = 12

_REMEMBERS = (Text, PathText, Unknown, Client, Service, Resource, Helper)
# What says the same with a name in front of it is not worth a reason.
_PLAIN = (ast.Name, ast.Constant, ast.Attribute)


class Statements(Machine):
    """Simple statements. Each returns whether the next one is reached."""

    def block(self, body: list[ast.stmt], frame: Frame) -> bool:
        """Run statements one after the other; False as soon as one leaves the block."""
        return all(self.execute(statement, frame) for statement in body)

    def execute(self, node: ast.stmt, frame: Frame) -> bool:
        """Run one statement."""
        self.step()
        self.statement = (node, frame)
        run: Callable[[ast.stmt, Frame], bool] | None = getattr(self, f"run_{type(node).__name__}", None)
        if run is None:
            return True
        self.depth += 1
        try:
            if self.depth > self.deepest:
                self.too_deep(node, frame)
                return True
            return run(node, frame)
        finally:
            self.depth -= 1

    def run_Expr(self, node: ast.Expr, frame: Frame) -> bool:
        """An expression for its effect."""
        self.evaluate(node.value, frame)
        return True

    def run_Assert(self, node: ast.Assert, frame: Frame) -> bool:
        """`assert` evaluates; it may hold."""
        self.evaluate(node.test, frame)
        return True

    def run_Assign(self, node: ast.Assign, frame: Frame) -> bool:
        """`a = b = value`."""
        value = self.remembered(self.evaluate(node.value, frame), node, node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)
        return True

    def run_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> bool:
        """`a: type = value`."""
        if node.value is not None:
            self.assign(node.target, self.remembered(self.evaluate(node.value, frame), node, node.value, frame), frame)
        return True

    def run_AugAssign(self, node: ast.AugAssign, frame: Frame) -> bool:
        """`a += value`; a list grows in place."""
        added = self.evaluate(node.value, frame)
        before = self.evaluate(node.target, frame)
        if isinstance(node.op, ast.Add) and before and all(isinstance(atom, ListRef) for atom in before):
            more = self.elements(added)
            for atom in before:
                if isinstance(atom, ListRef):
                    held = self.contents(atom)
                    if isinstance(held, Sequence):
                        self.replace_contents(atom, concatenated(held, more))
            return True
        result = self.binary(node.op, before, added)
        self.assign(node.target, self.remembered(result, node, node.value, frame), frame)
        return True

    def run_Delete(self, node: ast.Delete, frame: Frame) -> bool:
        """`del` evaluates its targets; what a name held is kept, since only its later use would show it."""
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.evaluate(target.value, frame)
        return True

    def run_Return(self, node: ast.Return, frame: Frame) -> bool:
        """`return` keeps the value and what stands at this point."""
        frame.returns.append(self.evaluate(node.value, frame) if node.value else (Scalar(None, "NoneType"),))
        if frame.scope is None or not frame.scope.plain:
            frame.exits.append(self.store.changes(frame.mark))
        return False

    def run_Raise(self, node: ast.Raise, frame: Frame) -> bool:
        """`raise` goes on in the `try` around it."""
        for part in (node.exc, node.cause):
            if part is not None:
                self.evaluate(part, frame)
        if frame.attempts:
            attempt = frame.attempts[-1]
            attempt.raised.append(self.store.changes(attempt.mark))
        return False

    def run_Import(self, node: ast.Import, frame: Frame) -> bool:
        """`import a.b` binds `a`, `import a.b as c` binds the module itself."""
        for alias in node.names:
            value = self.import_module(alias.name, 0, frame)
            if alias.asname is None and "." in alias.name:
                value = self.import_module(alias.name.partition(".")[0], 0, frame)
            self.bind_name(alias.asname or alias.name.partition(".")[0], value, frame)
        return True

    def run_ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> bool:
        """`from a import b`; a star binds everything that does not begin with `_`, or what `__all__` says."""
        origin = self.import_module(node.module or "", node.level, frame)
        for alias in node.names:
            if alias.name == "*":
                self._import_star(origin, frame)
            else:
                self.bind_name(alias.asname or alias.name, self.attribute(origin, alias.name, frame), frame)
        return True

    def _import_star(self, origin: Value, frame: Frame) -> None:
        for atom in origin:
            if not isinstance(atom, ModuleRef):
                continue
            oid = atom.state.oid
            exported = self.store.read((oid, "__all__"))
            listed = self.elements(exported).items if exported else ()
            wanted = {each.pattern.text for value in listed for each in value if isinstance(each, Text)}
            names = [name for number, name in list(self.store.cells) if number == oid]
            for name in [*names, *(text for text in wanted if text)]:
                if name in wanted or (not wanted and not name.startswith("_")):
                    self.bind_name(name, self.module_attribute(atom.state, name, frame), frame)

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind a name, an attribute, an element, or each target of a tuple."""
        match target:
            case ast.Name(id=name):
                self.bind_name(name, value, frame)
            case ast.Attribute(value=owner, attr=name):
                for atom in self.evaluate(owner, frame):
                    self._set_attribute(atom, name, value)
            case ast.Subscript(value=owner, slice=index):
                self.set_element(self.evaluate(owner, frame), self.evaluate(index, frame), value)
            case ast.Starred(value=inner):
                self.assign(inner, value, frame)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value, frame)

    def bind_name(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a name in the scope that it belongs to."""
        holder: Frame | None = frame
        while holder is not None and holder.scope is not None:
            if name in holder.scope.local:
                self.store.write((holder.oid, name), value)
                return
            if name in holder.scope.globals:
                break
            holder = holder.outer
        if holder is not None and holder.scope is None:
            self.store.write((holder.oid, name), value)
        else:
            self.store.write((frame.state.oid, name), value)

    def set_element(self, owner: Value, index: Value, value: Value) -> None:
        """`owner[index] = value`, for each list or dict that `owner` may be."""
        certain = len(owner) == 1
        for atom in owner:
            if isinstance(atom, DictRef):
                held = self.contents(atom)
                record = held if isinstance(held, Record) else Record(())
                if certain:
                    self.replace_contents(atom, with_entry(record, index, value))
                else:
                    before = join(*(record.get(key) for key in index)) if index else ()
                    self.replace_contents(atom, with_entry(record, index, join(before, value)))
            elif isinstance(atom, ListRef):
                held = self.contents(atom)
                if isinstance(held, Sequence):
                    self.replace_contents(atom, _with_item(held, index, value))

    def remembered(self, value: Value, statement: ast.stmt, source: ast.expr, frame: Frame) -> Value:
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

    def _set_attribute(self, owner: Atom, name: str, value: Value) -> None:
        match owner:
            case Instance(oid=oid):
                self.store.write((oid, name), value)
            case ModuleRef(state=state):
                self.store.write((state.oid, name), value)
            case _ if hasattr(owner, "node") and hasattr(owner, "oid"):
                self.store.write((owner.oid, name), value)

    def _unpack(self, targets: list[ast.expr], value: Value, frame: Frame) -> None:
        sequence = self.elements(value)
        starred = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
        after = len(targets) - starred - 1 if starred is not None else 0
        exact = not sequence.rest
        for position, target in enumerate(targets):
            if starred is not None and position == starred:
                middle = sequence.items[starred : len(sequence.items) - after] if exact else sequence.items[starred:]
                item = self.new_list(middle, sequence.rest)
            elif starred is not None and position > starred:
                at = len(sequence.items) - (len(targets) - position)
                item = sequence.items[at] if exact and 0 <= at < len(sequence.items) else _any(sequence)
            else:
                item = sequence.items[position] if position < len(sequence.items) else sequence.rest
            if not item or item == sequence.rest:
                item = self._part(value, position, sequence)
            self.assign(target, item, frame)

    def _part(self, value: Value, position: int, sequence: Sequence) -> Value:
        """An element that is not known by itself; of an unknown value, a label says which one it is."""
        unknowns = [atom for atom in value if isinstance(atom, Unknown | External)]
        if unknowns and len(value) == len(unknowns):
            return unknown(f"{self.label(value)}[{position}]", self.because(value))
        return sequence.rest or unknown("…")


def concatenated(left: Sequence, right: Sequence) -> Sequence:
    """One sequence after another."""
    if left.rest:
        extra = [*right.items, *([right.rest] if right.rest else [])]
        return Sequence(left.items, join(left.rest, *extra))
    items = (*left.items, *right.items)
    if len(items) <= MAX_ELEMENTS:
        return Sequence(items, right.rest)
    return Sequence(items[:MAX_ELEMENTS], join(*items[MAX_ELEMENTS:], right.rest))


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
