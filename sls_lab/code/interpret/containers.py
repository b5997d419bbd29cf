"""The methods of lists, sets, queues and dicts."""

from __future__ import annotations

from collections.abc import Callable

from sls_lab.code.interpret.elements import elements_of, entry_of, item_of
from sls_lab.code.interpret.joining import MAX_ELEMENTS, join, with_entry, with_record, with_rest
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    DictRef,
    ListRef,
    Record,
    Sequence,
    Value,
    text,
    unknown,
)

ListMethod = Callable[[Machine, ListRef, Sequence, Arguments], Value]
DictMethod = Callable[[Machine, DictRef, Record, Arguments], Value]


def list_method(machine: Machine, atom: ListRef, name: str, arguments: Arguments) -> Value:
    """A method of a list, set or queue; one that is not followed gives None, as those that change a list do."""
    held = machine.contents(atom)
    if not isinstance(held, Sequence):
        return unknown("…")
    run = LIST_METHODS.get(name)
    return run(machine, atom, held, arguments) if run is not None else NONE


def dict_method(machine: Machine, atom: DictRef, name: str, arguments: Arguments) -> Value:
    """A method of a dict; one that is not followed gives None."""
    held = machine.contents(atom)
    if not isinstance(held, Record):
        return unknown("…")
    run = DICT_METHODS.get(name)
    return run(machine, atom, held, arguments) if run is not None else NONE


def _append(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    machine.replace_contents(atom, _added(held, [arguments.get(0, "object")]))
    return NONE


def _extend(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    more = elements_of(machine, arguments.get(0, "object"))
    machine.replace_contents(atom, _added(held, list(more.items), more.rest))
    return NONE


def _insert(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    values = [*held.items, arguments.get(1, "object"), held.rest]
    machine.replace_contents(atom, Sequence((), join(*(value for value in values if value))))
    return NONE


def _take(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    return item_of(held, arguments.get(0, "object") or unknown("…")) or unknown("…")


def _copy_list(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    return machine.new_list(held.items, held.rest)


def _clear_list(machine: Machine, atom: ListRef, held: Sequence, arguments: Arguments) -> Value:
    machine.replace_contents(atom, Sequence(()))
    return NONE


def _anything(machine: Machine, atom: Atom, held: Atom, arguments: Arguments) -> Value:
    return unknown("…")


def _get(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    key, default = arguments.get(0, "key"), arguments.get(1, "default") or NONE
    found = entry_of(held, key)
    if len(key) == 1 and held.get(key[0]):
        return found
    return join(found, default) if found else default


def _set_default(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    key, default = arguments.get(0, "key"), arguments.get(1, "default") or NONE
    found = entry_of(held, key)
    value = join(found, default) if found else default
    machine.replace_contents(atom, with_entry(held, key, value))
    return value


def _update(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    record = held
    for value in arguments.get(0, "other"):
        other = machine.contents(value) if isinstance(value, DictRef) else None
        if isinstance(other, Record):
            record = with_record(record, other)
        else:
            record = with_rest(record, unknown(machine.label((value,))))
    for name, bound in arguments.keywords:
        record = with_entry(record, text(name), bound.value)
    machine.replace_contents(atom, record)
    return NONE


def _items(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    pairs = tuple((Sequence(((known,), value)),) for known, value in held.entries)
    rest: Value = (Sequence((unknown("…"), held.rest)),) if held.rest else ()
    return machine.new_list(pairs, rest)


def _keys(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    return machine.new_list(tuple((known,) for known, _ in held.entries), unknown("…") if held.rest else ())


def _values(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    return machine.new_list(tuple(value for _, value in held.entries), held.rest)


def _copy_dict(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    return machine.new_dict(held)


def _clear_dict(machine: Machine, atom: DictRef, held: Record, arguments: Arguments) -> Value:
    machine.replace_contents(atom, Record(()))
    return NONE


def _added(held: Sequence, values: list[Value], rest: Value = ()) -> Sequence:
    if held.rest or len(held.items) + len(values) > MAX_ELEMENTS:
        return Sequence(held.items, join(held.rest, *values, rest))
    return Sequence((*held.items, *values), rest)


LIST_METHODS: dict[str, ListMethod] = {
    **dict.fromkeys(("append", "add", "appendleft", "put", "put_nowait"), _append),
    **dict.fromkeys(("extend", "update"), _extend),
    "insert": _insert,
    **dict.fromkeys(("pop", "popleft", "get", "get_nowait"), _take),
    **dict.fromkeys(("copy", "union", "difference", "intersection"), _copy_list),
    "clear": _clear_list,
    **dict.fromkeys(("index", "count"), _anything),
}
DICT_METHODS: dict[str, DictMethod] = {
    "get": _get,
    "pop": _get,
    "setdefault": _set_default,
    "update": _update,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "copy": _copy_dict,
    "clear": _clear_dict,
    "popitem": _anything,
}
