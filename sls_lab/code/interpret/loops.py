"""Loops: known elements one by one, anything else until nothing changes any more."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code.interpret.budget import MAX_PASSES, MAX_UNROLLED
from sls_lab.code.interpret.elements import elements_of, is_iterated_by_method
from sls_lab.code.interpret.frames import Frame, Loop
from sls_lab.code.interpret.heap import CONTENTS, Changes, HeapKey, joined
from sls_lab.code.interpret.joining import join, widen
from sls_lab.code.interpret.machine import Machine, runs
from sls_lab.code.interpret.statements import assign
from sls_lab.code.interpret.values import Value

#: In loops nested deeper than this, what changes is widened at once.
_NESTED = 2


@runs(ast.For)
def run_for(machine: Machine, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
    """A known, short sequence is run element by element."""
    value = machine.evaluate(node.iter, frame)
    if isinstance(node, ast.For):
        machine.recorder.iterate(node.iter, frame.module, is_iterated_by_method(machine, value, frame))
    sequence = elements_of(machine, value, _element_label(machine, node.target, value))
    if not sequence.rest and len(sequence.items) <= MAX_UNROLLED:
        left = _unrolled(machine, node, sequence.items, frame)
    else:
        element = join(*sequence.items, sequence.rest) if sequence.items else sequence.rest

        def body() -> bool:
            assign(machine, node.target, element, frame)
            return machine.block(node.body, frame)

        _repeated(machine, body, frame)
        left = True
    return machine.block(node.orelse, frame) if left and node.orelse else left


@runs(ast.AsyncFor)
def run_async_for(machine: Machine, node: ast.AsyncFor, frame: Frame) -> bool:
    """As `for`."""
    return run_for(machine, node, frame)


@runs(ast.While)
def run_while(machine: Machine, node: ast.While, frame: Frame) -> bool:
    """The test and the body, any number of times."""

    def body() -> bool:
        machine.evaluate(node.test, frame)
        return machine.block(node.body, frame)

    _repeated(machine, body, frame)
    return machine.block(node.orelse, frame) if node.orelse else True


@runs(ast.Break)
def run_break(machine: Machine, node: ast.Break, frame: Frame) -> bool:
    """Keep the heap as it is here for the code after the loop."""
    if frame.loops:
        loop = frame.loops[-1]
        loop.breaks.append(machine.store.changes(loop.break_mark))
    return False


@runs(ast.Continue)
def run_continue(machine: Machine, node: ast.Continue, frame: Frame) -> bool:
    """Keep the heap as it is here for the end of the body."""
    if frame.loops:
        loop = frame.loops[-1]
        loop.continues.append(machine.store.changes(loop.continue_mark))
    return False


def _element_label(machine: Machine, target: ast.expr, value: Value) -> str:
    return target.id if isinstance(target, ast.Name) else f"{machine.label(value)}[…]"


def _unrolled(machine: Machine, node: ast.For | ast.AsyncFor, items: tuple[Value, ...], frame: Frame) -> bool:
    start = machine.store.mark()
    loop = Loop(start, start)
    frame.loops.append(loop)
    alive = True
    for item in items:
        loop.continue_mark = machine.store.mark()
        loop.continues = []
        assign(machine, node.target, item, frame)
        alive = machine.block(node.body, frame)
        if loop.continues:
            changes = machine.store.rewind(loop.continue_mark)
            machine.store.merge([*([changes] if alive else []), *loop.continues])
            alive = True
        if not alive:
            break
    frame.loops.pop()
    if not loop.breaks:
        return alive
    normal = machine.store.rewind(start)
    machine.store.merge([*([normal] if alive else []), *loop.breaks])
    return True


def _repeated(machine: Machine, body: Callable[[], bool], frame: Frame) -> None:
    ends: list[Changes] = []
    loop = Loop(machine.store.mark(), machine.store.mark())
    nested = len(frame.loops) >= _NESTED
    for passed in range(MAX_PASSES):
        mark = machine.store.mark()
        loop = Loop(mark, mark)
        frame.loops.append(loop)
        alive = body()
        frame.loops.pop()
        changes = machine.store.rewind(mark)
        ends = [*([changes] if alive else []), *loop.continues]
        carried = _carried(machine, ends, at_once=nested or passed > 0)
        if not carried:
            break
        machine.store.apply(carried)
        if passed == MAX_PASSES - 1:
            # What still changes has been widened so as to hold for all passes.
            ends = [{key: value for key, value in end.items() if key not in carried} for end in ends]
    machine.store.merge([{}, *ends, *loop.breaks])


def _carried(machine: Machine, ends: list[Changes], at_once: bool) -> Changes:
    """What the next pass begins with differently than this one did."""
    carried: dict[HeapKey, Value] = {}
    for end in ends:
        for key, value in list(end.items()):
            before = carried.get(key) or machine.store.read(key)
            if before is None or before is value:
                continue
            widens = at_once and key[1] != CONTENTS
            after = widen(before, value) if widens else joined(key, before, value)
            if after != before:
                carried[key] = after
            elif widens:
                # What the pass began with holds for its end as well.
                end[key] = before
    return carried
