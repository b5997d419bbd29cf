"""Displays and comprehensions: tuples, lists, sets and dicts as they are written."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code.interpret.budget import MAX_UNROLLED, MAX_WEIGHT
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.joining import join, with_entry
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import DictRef, Record, Sequence, Value, unknown
from sls_lab.python.bindings import bindings
from sls_lab.python.module import ComprehensionNode


class Displays(Machine):
    """`(…)`, `[…]`, `{…}` and what is generated in them."""

    def evaluate_Tuple(self, node: ast.Tuple, frame: Frame) -> Value:
        """A tuple; one that nests too much is not looked into."""
        sequence = self._display(node.elts, frame)
        inner = (atom for item in (*sequence.items, sequence.rest) for atom in item)
        weight = 1 + sum(atom.weight for atom in inner if isinstance(atom, Sequence))
        if weight > MAX_WEIGHT:
            return unknown(self.source(node, frame))
        return (Sequence(sequence.items, sequence.rest, weight),)

    def evaluate_List(self, node: ast.List, frame: Frame) -> Value:
        """A list."""
        sequence = self._display(node.elts, frame)
        return self.new_list(sequence.items, sequence.rest)

    def evaluate_Set(self, node: ast.Set, frame: Frame) -> Value:
        """A set, as a list."""
        sequence = self._display(node.elts, frame)
        return self.new_list(sequence.items, sequence.rest)

    def _display(self, elements: list[ast.expr], frame: Frame) -> Sequence:
        items: list[Value] = []
        rest: list[Value] = []
        for element in elements:
            if isinstance(element, ast.Starred):
                inner = self.elements(self.evaluate(element.value, frame))
                (rest if rest else items).extend(inner.items)
                if inner.rest:
                    rest.append(inner.rest)
            else:
                (rest if rest else items).append(self.evaluate(element, frame))
        return Sequence(tuple(items), join(*rest) if rest else ())

    def evaluate_Dict(self, node: ast.Dict, frame: Frame) -> Value:
        """A dict, with what `**other` brings."""
        record = Record(())
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                record = with_entry(record, self.evaluate(key, frame), self.evaluate(value, frame))
                continue
            for atom in self.evaluate(value, frame):
                held = self.contents(atom) if isinstance(atom, DictRef) else None
                if isinstance(held, Record):
                    for name, inner in held.entries:
                        record = with_entry(record, (name,), inner)
                    record = Record(record.entries, join(record.rest, held.rest))
                else:
                    record = Record(record.entries, join(record.rest, unknown(self.label((atom,)))))
        return self.new_dict(record)

    def evaluate_ListComp(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, frame: Frame) -> Value:
        """A comprehension: of a short known sequence element by element."""
        inside = self._inside(node, frame)
        results: list[Value] = []
        exact = self._generate(node.generators, inside, lambda: results.append(self.evaluate(node.elt, inside)))
        if exact:
            return self.new_list(tuple(results))
        return self.new_list((), join(*results) if results else unknown(self.source(node, frame)))

    def evaluate_GeneratorExp(self, node: ast.GeneratorExp, frame: Frame) -> Value:
        """As a list."""
        return self.evaluate_ListComp(node, frame)

    def evaluate_SetComp(self, node: ast.SetComp, frame: Frame) -> Value:
        """As a list."""
        return self.evaluate_ListComp(node, frame)

    def evaluate_DictComp(self, node: ast.DictComp, frame: Frame) -> Value:
        """A dict comprehension."""
        inside = self._inside(node, frame)
        record = Record(())

        def add() -> None:
            nonlocal record
            record = with_entry(record, self.evaluate(node.key, inside), self.evaluate(node.value, inside))

        exact = self._generate(node.generators, inside, add)
        if not exact:
            values = [value for _, value in record.entries]
            record = Record((), join(*values, record.rest) if values else record.rest)
        return self.new_dict(record)

    def _inside(self, node: ComprehensionNode, frame: Frame) -> Frame:
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

    def _generate(self, generators: list[ast.comprehension], frame: Frame, body: Callable[[], None]) -> bool:
        """Run `body` for each element; whether the elements, and so the results, are known one by one."""
        first, others = generators[0], generators[1:]
        value = self.evaluate(first.iter, frame)
        label = first.target.id if isinstance(first.target, ast.Name) else f"{self.label(value)}[…]"
        sequence = self.elements(value, label)
        exact = not sequence.rest and len(sequence.items) <= MAX_UNROLLED
        items = sequence.items
        if not exact:
            items = (join(*sequence.items, sequence.rest) if sequence.items else sequence.rest,)
        for item in items:
            self.assign(first.target, item, frame)
            for test in first.ifs:
                self.evaluate(test, frame)
                exact = False
            if others:
                exact = self._generate(others, frame, body) and exact
            else:
                body()
        return exact
