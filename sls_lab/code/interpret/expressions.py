"""Expressions: names, displays, operators and comprehensions."""

from __future__ import annotations

import ast
import builtins

from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.branches import decided
from sls_lab.code.interpret.deciding import UNDECIDED, compared, keeps_when_false, keeps_when_true, truth
from sls_lab.code.interpret.dependencies import ANNOTATED, annotated
from sls_lab.code.interpret.elements import elements_of, is_iterated_by_method, slice_of, subscript_of
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine, evaluates
from sls_lab.code.interpret.operators import format_value, operate
from sls_lab.code.interpret.special_methods import compare, operated
from sls_lab.code.interpret.statements import assign
from sls_lab.code.interpret.values import FALSE, NONE, TRUE, External, ListRef, Unknown, Value, scalar, text, unknown
from sls_lab.facts import Pattern

_BUILTINS = frozenset(dir(builtins))


@evaluates(ast.Constant)
def evaluate_constant(machine: Machine, node: ast.Constant, frame: Frame) -> Value:
    """A literal."""
    value = node.value
    if isinstance(value, str):
        return text(value)
    if value is ...:
        return unknown("...")
    return scalar(value)


@evaluates(ast.Name)
def evaluate_name(machine: Machine, node: ast.Name, frame: Frame) -> Value:
    """What a name means here."""
    return look_up(machine, node.id, frame)


def look_up(machine: Machine, name: str, frame: Frame) -> Value:
    """What a name means: in its function, those around it, the module, or Python itself."""
    holder: Frame | None = frame
    cells = machine.store.cells
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
    if name in _BUILTINS:
        return (External(f"builtins.{name}"),)
    module = frame.state.module
    is_module = module is not None and name in machine.index.facts(module).unbound
    return (External(name),) if is_module else unknown(name)


@evaluates(ast.Attribute)
def evaluate_attribute(machine: Machine, node: ast.Attribute, frame: Frame) -> Value:
    """`value.name`."""
    return attribute_of(machine, machine.evaluate(node.value, frame), node.attr, frame)


@evaluates(ast.Subscript)
def evaluate_subscript(machine: Machine, node: ast.Subscript, frame: Frame) -> Value:
    """`value[index]`; a slice goes by its bounds."""
    value = machine.evaluate(node.value, frame)
    by_method = is_iterated_by_method(machine, value, frame, "__getitem__")
    machine.recorder.subscript(node, frame.module, value, by_method)
    if isinstance(node.slice, ast.Slice):
        bounds = [
            machine.evaluate(bound, frame) if bound is not None else NONE
            for bound in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        return slice_of(machine, value, bounds, machine.source(node, frame))
    index = machine.evaluate(node.slice, frame)
    return annotated(machine, index) if value in ANNOTATED else subscript_of(machine, value, index, frame)


@evaluates(ast.JoinedStr)
def evaluate_joined_str(machine: Machine, node: ast.JoinedStr, frame: Frame) -> Value:
    """An f-string."""
    result = text("")
    for part in node.values:
        result = operate(machine, ast.Add(), result, machine.evaluate(part, frame))
    return result


@evaluates(ast.FormattedValue)
def evaluate_formatted_value(machine: Machine, node: ast.FormattedValue, frame: Frame) -> Value:
    """One replacement field of an f-string."""
    value = machine.evaluate(node.value, frame)
    specification: Value = text("")
    if node.format_spec is not None:
        specification = machine.evaluate(node.format_spec, frame)
    return format_value(machine, value, specification, node.conversion in (ord("r"), ord("a")))


@evaluates(ast.BinOp)
def evaluate_bin_op(machine: Machine, node: ast.BinOp, frame: Frame) -> Value:
    """An operator; a long sum is walked, not descended."""
    chain: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        chain.append(left)
        left = left.left
    value = machine.evaluate(left, frame)
    for each in reversed(chain):
        right = machine.evaluate(each.right, frame)
        value = operated(machine, each.op, value, right, frame) or operate(machine, each.op, value, right)
        if value and isinstance(value[0], Unknown) and value[0].label == "…":
            value = unknown(machine.source(each, frame), machine.because(value))
    return value


@evaluates(ast.UnaryOp)
def evaluate_unary_op(machine: Machine, node: ast.UnaryOp, frame: Frame) -> Value:
    """`not x`, `-x`."""
    value = machine.evaluate(node.operand, frame)
    if isinstance(node.op, ast.Not):
        answer = truth(value)
        return UNDECIDED if answer is None else FALSE if answer else TRUE
    if isinstance(node.op, ast.USub):
        return operate(machine, ast.Sub(), scalar(0), value)
    return value


@evaluates(ast.BoolOp)
def evaluate_bool_op(machine: Machine, node: ast.BoolOp, frame: Frame) -> Value:
    """`a or b`, `a and b`: the alternatives that each operand leaves."""
    passes = keeps_when_true if isinstance(node.op, ast.Or) else keeps_when_false
    stops = keeps_when_false if isinstance(node.op, ast.Or) else keeps_when_true
    results: list[Value] = []
    for operand in node.values[:-1]:
        value = machine.evaluate(operand, frame)
        results.append(tuple(atom for atom in value if passes(atom)))
        if value and not any(stops(atom) for atom in value):
            return join(*results)
    results.append(machine.evaluate(node.values[-1], frame))
    return join(*results)


@evaluates(ast.Compare)
def evaluate_compare(machine: Machine, node: ast.Compare, frame: Frame) -> Value:
    """A comparison, answered where both sides are written out."""
    left = machine.evaluate(node.left, frame)
    answers: list[Value] = []
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = machine.evaluate(comparator, frame)
        if len(right) == 1 and isinstance(right[0], ListRef):
            contents = machine.contents(right[0])
            right = (contents,)
        compare(machine, operator, left, right, frame)
        answers.append(compared(type(operator).__name__, left, right))
        left = right
    if FALSE in answers:
        return FALSE
    return TRUE if all(answer == TRUE for answer in answers) else UNDECIDED


@evaluates(ast.IfExp)
def evaluate_if_exp(machine: Machine, node: ast.IfExp, frame: Frame) -> Value:
    """Both sides, unless the code decides the test."""
    answer = decided(machine, node.test, frame)
    if answer is not None:
        return machine.evaluate(node.body if answer else node.orelse, frame)
    return join(machine.evaluate(node.body, frame), machine.evaluate(node.orelse, frame))


@evaluates(ast.Await)
def evaluate_await(machine: Machine, node: ast.Await, frame: Frame) -> Value:
    """What is awaited has been run where it was called."""
    return machine.evaluate(node.value, frame)


@evaluates(ast.Yield)
def evaluate_yield(machine: Machine, node: ast.Yield, frame: Frame) -> Value:
    """Keep what the generator gives."""
    value = machine.evaluate(node.value, frame) if node.value is not None else NONE
    _function_frame(frame).yields.append(value)
    return unknown(machine.source(node, frame))


@evaluates(ast.YieldFrom)
def evaluate_yield_from(machine: Machine, node: ast.YieldFrom, frame: Frame) -> Value:
    """Keep what the inner generator gives."""
    value = machine.evaluate(node.value, frame)
    machine.recorder.iterate(node.value, frame.module, is_iterated_by_method(machine, value, frame))
    inner = elements_of(machine, value)
    for value in (*inner.items, inner.rest):
        if value:
            _function_frame(frame).yields.append(value)
    return unknown(machine.source(node, frame))


def _function_frame(frame: Frame) -> Frame:
    holder: Frame = frame
    while holder.outer is not None and not (holder.scope is None or holder.scope.generator):
        holder = holder.outer
    return holder


@evaluates(ast.NamedExpr)
def evaluate_named_expr(machine: Machine, node: ast.NamedExpr, frame: Frame) -> Value:
    """`name := value`."""
    value = machine.evaluate(node.value, frame)
    assign(machine, node.target, value, frame)
    return value


@evaluates(ast.Starred)
def evaluate_starred(machine: Machine, node: ast.Starred, frame: Frame) -> Value:
    """`*value` outside a call or display."""
    return machine.evaluate(node.value, frame)
