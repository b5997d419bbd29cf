"""Displays and comprehensions: tuples, lists, sets and dicts as they are written."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code.interpret.budget import MAX_UNROLLED, MAX_WEIGHT
from sls_lab.code.interpret.elements import elements_of, is_iterated_by_method
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.joining import MAX_ELEMENTS, join, with_entry, with_record, with_rest
from sls_lab.code.interpret.machine import Machine, evaluates
from sls_lab.code.interpret.statements import assign
from sls_lab.code.interpret.values import DictRef, Record, Sequence, Value, unknown
from sls_lab.python.bindings import bindings
from sls_lab.python.module import ComprehensionNode


@evaluates(ast.Tuple)
def evaluate_tuple(machine: Machine, node: ast.Tuple, frame: Frame) -> Value:
    """A tuple; one that nests too much is not looked into."""
    sequence = _display(machine, node.elts, frame)
    inner = (atom for item in (*sequence.items, sequence.rest) for atom in item)
    weight = 1 + sum(atom.weight for atom in inner if isinstance(atom, Sequence))
    if weight > MAX_WEIGHT:
        return unknown(machine.source(node, frame))
    return (Sequence(sequence.items, sequence.rest, weight),)


@evaluates(ast.List)
def evaluate_list(machine: Machine, node: ast.List, frame: Frame) -> Value:
    """A list."""
    sequence = _display(machine, node.elts, frame)
    return machine.new_list(sequence.items, sequence.rest)


@evaluates(ast.Set)
def evaluate_set(machine: Machine, node: ast.Set, frame: Frame) -> Value:
    """A set, as a list."""
    sequence = _display(machine, node.elts, frame)
    return machine.new_list(sequence.items, sequence.rest)


def _display(machine: Machine, elements: list[ast.expr], frame: Frame) -> Sequence:
    items: list[Value] = []
    rest: list[Value] = []
    for element in elements:
        if isinstance(element, ast.Starred):
            inner = elements_of(machine, machine.evaluate(element.value, frame))
            # Lists unpacked into each other grow with each line by as much as they have.
            fits = not rest and len(items) + len(inner.items) <= MAX_ELEMENTS
            (items if fits else rest).extend(inner.items)
            if inner.rest:
                rest.append(inner.rest)
        else:
            (rest if rest else items).append(machine.evaluate(element, frame))
    return Sequence(tuple(items), join(*rest) if rest else ())


@evaluates(ast.Dict)
def evaluate_dict(machine: Machine, node: ast.Dict, frame: Frame) -> Value:
    """A dict, with what `**other` brings."""
    record = Record(())
    for key, value in zip(node.keys, node.values, strict=True):
        if key is not None:
            record = with_entry(record, machine.evaluate(key, frame), machine.evaluate(value, frame))
            continue
        for atom in machine.evaluate(value, frame):
            held = machine.contents(atom) if isinstance(atom, DictRef) else None
            if isinstance(held, Record):
                record = with_record(record, held)
            else:
                record = with_rest(record, unknown(machine.label((atom,))))
    return machine.new_dict(record)


@evaluates(ast.ListComp)
def evaluate_list_comp(machine: Machine, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, frame: Frame) -> Value:
    """A comprehension: of a short known sequence element by element."""
    inside = _inside(node, frame)
    results: list[Value] = []
    exact = _generate(machine, node.generators, inside, lambda: results.append(machine.evaluate(node.elt, inside)))
    if exact:
        return machine.new_list(tuple(results))
    return machine.new_list((), join(*results) if results else unknown(machine.source(node, frame)))


@evaluates(ast.GeneratorExp)
def evaluate_generator_exp(machine: Machine, node: ast.GeneratorExp, frame: Frame) -> Value:
    """As a list."""
    return evaluate_list_comp(machine, node, frame)


@evaluates(ast.SetComp)
def evaluate_set_comp(machine: Machine, node: ast.SetComp, frame: Frame) -> Value:
    """As a list."""
    return evaluate_list_comp(machine, node, frame)


@evaluates(ast.DictComp)
def evaluate_dict_comp(machine: Machine, node: ast.DictComp, frame: Frame) -> Value:
    """A dict comprehension."""
    inside = _inside(node, frame)
    record = Record(())

    def add() -> None:
        nonlocal record
        record = with_entry(record, machine.evaluate(node.key, inside), machine.evaluate(node.value, inside))

    exact = _generate(machine, node.generators, inside, add)
    if not exact:
        values = [value for _, value in record.entries]
        record = Record((), join(*values, record.rest) if values else record.rest)
    return machine.new_dict(record)


def _inside(node: ComprehensionNode, frame: Frame) -> Frame:
    return Frame(
        new_number(),
        frame.state,
        frame.module,
        bindings(node),
        outer=frame,
        receiver=frame.receiver,
        calls=frame.calls,
        owner=frame.owner if frame.scope is not None else None,
    )


def _generate(machine: Machine, generators: list[ast.comprehension], frame: Frame, body: Callable[[], None]) -> bool:
    """Run `body` for each element; whether the elements, and so the results, are known one by one."""
    first, others = generators[0], generators[1:]
    value = machine.evaluate(first.iter, frame)
    if not first.is_async:
        machine.recorder.iterate(first.iter, frame.module, is_iterated_by_method(machine, value, frame))
    label = first.target.id if isinstance(first.target, ast.Name) else f"{machine.label(value)}[…]"
    sequence = elements_of(machine, value, label)
    exact = not sequence.rest and len(sequence.items) <= MAX_UNROLLED
    items = sequence.items
    if not exact:
        items = (join(*sequence.items, sequence.rest) if sequence.items else sequence.rest,)
    for item in items:
        assign(machine, first.target, item, frame)
        for test in first.ifs:
            machine.evaluate(test, frame)
            exact = False
        if others:
            exact = _generate(machine, others, frame, body) and exact
        else:
            body()
    return exact
