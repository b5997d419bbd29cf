"""Expressions: names, displays, operators and comprehensions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable

from sls_lab.code.interpret.deciding import UNDECIDED, compared, keeps_when_false, keeps_when_true, truth
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    FALSE,
    NONE,
    TRUE,
    External,
    ListRef,
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
