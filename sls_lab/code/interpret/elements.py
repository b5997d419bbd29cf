"""Subscripts, slices and iteration, and the methods of lists and dicts."""

from __future__ import annotations

from sls_lab.code.interpret.boto import collection_element
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import MAX_ELEMENTS, join, with_entry
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.string_operations import sliced
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    BoundMethod,
    ClassValue,
    Collection,
    DictRef,
    EnumMember,
    External,
    FunctionValue,
    Instance,
    ListRef,
    Record,
    Resource,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    shortened,
    text,
    unknown,
)
from sls_lab.facts import Diagnostic


class Elements(Machine):
    """`value[index]`, `for x in value`, `list.append` and their likes."""

    def subscript(self, value: Value, index: Value, frame: Frame | None) -> Value:
        """What `value[index]` is, for each alternative."""
        results = [self._element_of(atom, index, frame) for atom in value]
        found = [result for result in results if result]
        return join(*found) if found else unknown(self._subscript_label(value, index))

    def _subscript_label(self, value: Value, index: Value) -> str:
        return shortened(f"{self.label(value)}[{self.label(index)}]")

    def _element_of(self, atom: Atom, index: Value, frame: Frame | None) -> Value:
        match atom:
            case Unknown(because=because):
                return unknown(self._subscript_label((atom,), index), because)
            case DictRef():
                held = self.contents(atom)
                return self._entry(held, index) if isinstance(held, Record) else ()
            case ListRef():
                held = self.contents(atom)
                return self._item(held, index) if isinstance(held, Sequence) else ()
            case Sequence():
                return self._item(atom, index)
            case Text():
                return self._character(atom, index)
            case External(name="os.environ"):
                return self.environ(index, None)
            case External(name="typing.Optional" | "typing.List" | "typing.Dict" | "typing.Union"):
                return (atom,)
            case External(name=name):
                return unknown(f"{name}[{self.label(index)}]")
            case ClassValue(flavour="enum"):
                names = {inner.pattern.text for inner in index if isinstance(inner, Text)}
                found = [self.attribute((atom,), name, frame) for name in names if name]
                return join(*found) if found else ()
            case Instance() if frame is not None:
                return self.special(atom, "__getitem__", (index,), frame)
        return ()

    def environ(self, names: Value, default: Value | None) -> Value:
        """The environment variables of these names; without `default`, the code fails where one is not set."""
        results: list[Value] = []
        for atom in names:
            name = atom.pattern.text if isinstance(atom, Text) else None
            if name is None:
                results.append(unknown(f"os.environ[{self.label((atom,))}]"))
                continue
            self.environment_read(name)
            message = (
                f"The code reads the environment variable {name}, which the template does not declare: declare it, or "
                "names made of it stay unknown or have the code's default."
            )
            note = Diagnostic("undeclared-variable", message, self.here())
            results.append(self.environment.read(name, default, note))
        return join(*results) if results else unknown("os.environ[…]")

    def _entry(self, record: Record, index: Value) -> Value:
        found = []
        for key in index:
            value = record.get(key)
            if value:
                found.append(value)
            if not value or (isinstance(key, Text) and key.pattern.holes):
                found.extend(inner for inner in self._possible(record, key) if inner)
        return join(*found) if found else ()

    def _possible(self, record: Record, key: Atom) -> list[Value]:
        """What may stand under a key that is not among the known ones."""
        known = isinstance(key, Scalar) or (isinstance(key, Text) and not key.pattern.holes)
        return [record.rest] if known else [*(value for _, value in record.entries), record.rest]

    def _item(self, sequence: Sequence, index: Value) -> Value:
        at = index[0].value if len(index) == 1 and isinstance(index[0], Scalar) else None
        if isinstance(at, int):
            if 0 <= at < len(sequence.items) or (at < 0 and not sequence.rest and -at <= len(sequence.items)):
                return sequence.items[at]
            if at >= 0:
                return sequence.rest
        values = [value for value in (*sequence.items, sequence.rest) if value]
        return join(*values) if values else ()

    def _character(self, atom: Text, index: Value) -> Value:
        at = index[0].value if len(index) == 1 and isinstance(index[0], Scalar) else None
        if isinstance(at, int):
            stop = at + 1 if at != -1 else None
            return text(sliced(atom.pattern, at, stop), atom.because, atom.deployed)
        return unknown(self._subscript_label((atom,), index), atom.because)

    def slice(self, value: Value, bounds: list[Value], label: str) -> Value:
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
            contents = self.contents(atom) if isinstance(atom, ListRef) else atom
            if isinstance(contents, Sequence):
                if known and not contents.rest:
                    part = Sequence(contents.items[_bound(start) : _bound(stop)])
                else:
                    values = [item for item in (*contents.items, contents.rest) if item]
                    part = Sequence((), join(*values) if values else ())
                results.append(self.new_list(part.items, part.rest) if isinstance(atom, ListRef) else (part,))
            else:
                results.append(unknown(label, self.because((atom,))))
        return join(*results) if results else unknown(label)

    def elements(self, value: Value, label: str = "") -> Sequence:
        """What iterating over a value gives; `label` names the elements of an unknown one."""
        parts = [self._elements_of(atom, label or f"{self.label((atom,))}[…]") for atom in value]
        if len(parts) == 1:
            return parts[0]
        values = [item for part in parts for item in (*part.items, part.rest) if item]
        return Sequence((), join(*values) if values else ())

    def _elements_of(self, atom: Atom, label: str) -> Sequence:
        match atom:
            case Sequence():
                return atom
            case ListRef() | DictRef():
                held = self.contents(atom)
                if isinstance(held, Record):
                    keys = tuple((key,) for key, _ in held.entries)
                    return Sequence(keys, unknown(label) if held.rest else ())
                return held
            case Text(pattern=pattern) if pattern.text is not None and len(pattern.text) <= 8:
                return Sequence(tuple(text(character, atom.because, atom.deployed) for character in pattern.text))
            case Scalar(value=None):
                return Sequence(())
            case Collection():
                return Sequence((), (collection_element(atom, label),))
            case ClassValue(flavour="enum"):
                return Sequence(tuple(self._members(atom)))
            case Instance(cls=cls) if cls.flavour == "record":
                fields = [self.store.read((atom.oid, name)) for name in cls.fields]
                return Sequence(tuple(field for field in fields if field))
            case Resource():
                return Sequence((), unknown(label))
        return Sequence((), unknown(label, self.because((atom,))))

    def _members(self, cls: ClassValue) -> list[Value]:
        members: list[Value] = []
        for (oid, name), value in list(self.store.cells.items()):
            plain = not any(isinstance(inner, FunctionValue | BoundMethod) for inner in value)
            if oid == cls.oid and plain and not name.startswith("_"):
                members.append((EnumMember(cls, name, value),))
        return members[:MAX_ELEMENTS]

    def list_method(self, atom: ListRef, name: str, arguments: Arguments) -> Value:
        """A method of a list or set."""
        held = self.contents(atom)
        if not isinstance(held, Sequence):
            return unknown("…")
        first = arguments.get(0, "object")
        match name:
            case "append" | "add" | "appendleft" | "put" | "put_nowait":
                self.replace_contents(atom, _added(held, [first]))
            case "extend" | "update":
                more = self.elements(first)
                self.replace_contents(atom, _added(held, list(more.items), more.rest))
            case "insert":
                values = [*held.items, arguments.get(1, "object"), held.rest]
                self.replace_contents(atom, Sequence((), join(*(value for value in values if value))))
            case "pop" | "popleft" | "get" | "get_nowait":
                return self._item(held, first or unknown("…")) or unknown("…")
            case "copy" | "union" | "difference" | "intersection":
                return self.new_list(held.items, held.rest)
            case "clear":
                self.replace_contents(atom, Sequence(()))
            case "index" | "count":
                return unknown("…")
        return NONE

    def dict_method(self, atom: DictRef, name: str, arguments: Arguments) -> Value:
        """A method of a dict."""
        held = self.contents(atom)
        if not isinstance(held, Record):
            return unknown("…")
        key, default = arguments.get(0, "key"), arguments.get(1, "default")
        match name:
            case "get" | "pop":
                found = self._entry(held, key)
                if len(key) == 1 and held.get(key[0]):
                    return found
                return join(found, default or NONE) if found else default or NONE
            case "setdefault":
                found = self._entry(held, key)
                value = join(found, default or NONE) if found else default or NONE
                self.replace_contents(atom, with_entry(held, key, value))
                return value
            case "update":
                self._update(atom, held, arguments)
            case "items":
                pairs = tuple((Sequence(((known,), value)),) for known, value in held.entries)
                rest: Value = (Sequence((unknown("…"), held.rest)),) if held.rest else ()
                return self.new_list(pairs, rest)
            case "keys":
                return self.new_list(tuple((known,) for known, _ in held.entries), unknown("…") if held.rest else ())
            case "values":
                return self.new_list(tuple(value for _, value in held.entries), held.rest)
            case "copy":
                return self.new_dict(held)
            case "clear":
                self.replace_contents(atom, Record(()))
            case "popitem":
                return unknown("…")
        return NONE

    def _update(self, atom: DictRef, held: Record, arguments: Arguments) -> None:
        record = held
        for value in arguments.get(0, "other"):
            other = self.contents(value) if isinstance(value, DictRef) else None
            if isinstance(other, Record):
                for known, inner in other.entries:
                    record = with_entry(record, (known,), inner)
                record = Record(record.entries, join(record.rest, other.rest))
            else:
                record = Record(record.entries, join(record.rest, unknown(self.label((value,)))))
        for name, bound in arguments.keywords:
            record = with_entry(record, text(name), bound.value)
        self.replace_contents(atom, record)


def _bound(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _added(held: Sequence, values: list[Value], rest: Value = ()) -> Sequence:
    if held.rest or len(held.items) + len(values) > MAX_ELEMENTS:
        return Sequence(held.items, join(held.rest, *values, rest))
    return Sequence((*held.items, *values), rest)
