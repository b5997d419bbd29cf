"""Expressions: names, displays, operators and comprehensions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from sls_lab.code.interpret.budget import MAX_UNROLLED, MAX_WEIGHT
from sls_lab.code.interpret.deciding import UNDECIDED, compared, keeps_when_false, keeps_when_true, truth
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join, with_entry
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.scopes import names_of
from sls_lab.code.interpret.store import new_number
from sls_lab.code.interpret.values import (
    FALSE,
    NONE,
    TRUE,
    DictRef,
    External,
    ListRef,
    Record,
    Sequence,
    Unknown,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.facts import Pattern

_BUILTINS = frozenset(dir(builtins))


class Expressions(Machine):
    """The value of each kind of expression."""

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; of one that is not understood, its source as a label."""
        self.step()
        run: Callable[[ast.expr, Frame], Value] | None = getattr(self, f"evaluate_{type(node).__name__}", None)
        if run is None:
            return unknown(self.source(node, frame))
        self.depth += 1
        try:
            if self.depth > self.deepest:
                return self.too_deep(node, frame)
            return run(node, frame)
        finally:
            self.depth -= 1

    def evaluate_Constant(self, node: ast.Constant, frame: Frame) -> Value:
        """A literal."""
        value = node.value
        if isinstance(value, str):
            return text(value)
        if value is ...:
            return unknown("...")
        return scalar(value)

    def evaluate_Name(self, node: ast.Name, frame: Frame) -> Value:
        """What a name means here."""
        return self.look_up(node.id, frame)

    def look_up(self, name: str, frame: Frame) -> Value:
        """What a name means: in its function, those around it, the module, or Python itself."""
        holder: Frame | None = frame
        cells = self.store.cells
        while holder is not None:
            if holder.scope is None or name in holder.scope.local:
                value = cells.get((holder.oid, name))
                if value is not None:
                    return value
            elif name in holder.scope.globals:
                break
            holder = holder.outer
        value = cells.get((frame.state.oid, name))
        if value is not None:
            return value
        if name == "__name__":
            return text(frame.state.file.removesuffix(".py").replace("/", "."))
        if name == "__file__":
            return text(Pattern.of("/var/task/", frame.state.file))
        return (External(f"builtins.{name}"),) if name in _BUILTINS else unknown(name)

    def evaluate_Attribute(self, node: ast.Attribute, frame: Frame) -> Value:
        """`value.name`."""
        return self.attribute(self.evaluate(node.value, frame), node.attr, frame)

    def evaluate_Subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        """`value[index]`; a slice goes by its bounds."""
        value = self.evaluate(node.value, frame)
        if isinstance(node.slice, ast.Slice):
            bounds = [
                self.evaluate(bound, frame) if bound is not None else NONE
                for bound in (node.slice.lower, node.slice.upper, node.slice.step)
            ]
            return self.slice(value, bounds, self.source(node, frame))
        return self.subscript(value, self.evaluate(node.slice, frame), frame)

    def evaluate_JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> Value:
        """An f-string."""
        result = text("")
        for part in node.values:
            result = self.binary(ast.Add(), result, self.evaluate(part, frame))
        return result

    def evaluate_FormattedValue(self, node: ast.FormattedValue, frame: Frame) -> Value:
        """One replacement field of an f-string."""
        value = self.evaluate(node.value, frame)
        specification: Value = text("")
        if node.format_spec is not None:
            specification = self.evaluate(node.format_spec, frame)
        return self.format_value(value, specification, node.conversion in (ord("r"), ord("a")))

    def evaluate_BinOp(self, node: ast.BinOp, frame: Frame) -> Value:
        """An operator; a long sum is walked, not descended."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        value = self.evaluate(left, frame)
        for each in reversed(chain):
            value = self.binary(each.op, value, self.evaluate(each.right, frame))
            if value and isinstance(value[0], Unknown) and value[0].label == "…":
                value = unknown(self.source(each, frame), self.because(value))
        return value

    def evaluate_UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Value:
        """`not x`, `-x`."""
        value = self.evaluate(node.operand, frame)
        if isinstance(node.op, ast.Not):
            answer = truth(value)
            return UNDECIDED if answer is None else FALSE if answer else TRUE
        if isinstance(node.op, ast.USub):
            return self.binary(ast.Sub(), scalar(0), value)
        return value

    def evaluate_BoolOp(self, node: ast.BoolOp, frame: Frame) -> Value:
        """`a or b`, `a and b`: the alternatives that each operand leaves."""
        passes = keeps_when_true if isinstance(node.op, ast.Or) else keeps_when_false
        stops = keeps_when_false if isinstance(node.op, ast.Or) else keeps_when_true
        results: list[Value] = []
        for operand in node.values[:-1]:
            value = self.evaluate(operand, frame)
            results.append(tuple(atom for atom in value if passes(atom)))
            if value and not any(stops(atom) for atom in value):
                return join(*results)
        results.append(self.evaluate(node.values[-1], frame))
        return join(*results)

    def evaluate_Compare(self, node: ast.Compare, frame: Frame) -> Value:
        """A comparison, answered where both sides are written out."""
        left = self.evaluate(node.left, frame)
        answers: list[Value] = []
        for operator, comparator in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(comparator, frame)
            if len(right) == 1 and isinstance(right[0], ListRef):
                contents = self.contents(right[0])
                right = (contents,)
            answers.append(compared(type(operator).__name__, left, right))
            left = right
        if FALSE in answers:
            return FALSE
        return TRUE if all(answer == TRUE for answer in answers) else UNDECIDED

    def evaluate_IfExp(self, node: ast.IfExp, frame: Frame) -> Value:
        """Both sides, unless the code decides the test."""
        answer = self.decided(node.test, frame)
        if answer is not None:
            return self.evaluate(node.body if answer else node.orelse, frame)
        return join(self.evaluate(node.body, frame), self.evaluate(node.orelse, frame))

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
        inside = self._inside(node.generators, frame)
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
        inside = self._inside(node.generators, frame)
        record = Record(())

        def add() -> None:
            nonlocal record
            record = with_entry(record, self.evaluate(node.key, inside), self.evaluate(node.value, inside))

        exact = self._generate(node.generators, inside, add)
        if not exact:
            values = [value for _, value in record.entries]
            record = Record((), join(*values, record.rest) if values else record.rest)
        return self.new_dict(record)

    def _inside(self, generators: list[ast.comprehension], frame: Frame) -> Frame:
        scope = names_of(generator.target for generator in generators)
        return Frame(
            new_number(),
            frame.state,
            frame.module,
            scope,
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

    def evaluate_Await(self, node: ast.Await, frame: Frame) -> Value:
        """What is awaited has been run where it was called."""
        return self.evaluate(node.value, frame)

    def evaluate_Yield(self, node: ast.Yield, frame: Frame) -> Value:
        """Keep what the generator gives."""
        value = self.evaluate(node.value, frame) if node.value is not None else NONE
        self._function_frame(frame).yields.append(value)
        return unknown(self.source(node, frame))

    def evaluate_YieldFrom(self, node: ast.YieldFrom, frame: Frame) -> Value:
        """Keep what the inner generator gives."""
        inner = self.elements(self.evaluate(node.value, frame))
        for value in (*inner.items, inner.rest):
            if value:
                self._function_frame(frame).yields.append(value)
        return unknown(self.source(node, frame))

    def _function_frame(self, frame: Frame) -> Frame:
        holder: Frame = frame
        while holder.outer is not None and not (holder.scope is None or holder.scope.generator):
            holder = holder.outer
        return holder

    def evaluate_NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Value:
        """`name := value`."""
        value = self.evaluate(node.value, frame)
        self.assign(node.target, value, frame)
        return value

    def evaluate_Starred(self, node: ast.Starred, frame: Frame) -> Value:
        """`*value` outside a call or display."""
        return self.evaluate(node.value, frame)
