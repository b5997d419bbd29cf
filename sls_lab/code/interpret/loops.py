"""Loops: known elements one by one, anything else until nothing changes any more."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code.interpret.budget import MAX_PASSES, MAX_UNROLLED
from sls_lab.code.interpret.frames import Frame, Loop
from sls_lab.code.interpret.heap import CONTENTS, Changes, Key, joined
from sls_lab.code.interpret.joining import join, widen
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import Value

#: In loops nested deeper than this, what changes is widened at once.
_NESTED = 2


class Loops(Machine):
    """`for`, `while`, `break` and `continue`."""

    def run_For(self, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
        """A known, short sequence is run element by element."""
        value = self.evaluate(node.iter, frame)
        sequence = self.elements(value, self._element_label(node.target, value))
        if not sequence.rest and len(sequence.items) <= MAX_UNROLLED:
            left = self._unrolled(node, sequence.items, frame)
        else:
            element = join(*sequence.items, sequence.rest) if sequence.items else sequence.rest

            def body() -> bool:
                self.assign(node.target, element, frame)
                return self.block(node.body, frame)

            self._repeated(body, frame)
            left = True
        return self.block(node.orelse, frame) if left and node.orelse else left

    def run_AsyncFor(self, node: ast.AsyncFor, frame: Frame) -> bool:
        """As `for`."""
        return self.run_For(node, frame)

    def run_While(self, node: ast.While, frame: Frame) -> bool:
        """The test and the body, any number of times."""

        def body() -> bool:
            self.evaluate(node.test, frame)
            return self.block(node.body, frame)

        self._repeated(body, frame)
        return self.block(node.orelse, frame) if node.orelse else True

    def run_Break(self, node: ast.Break, frame: Frame) -> bool:
        """Keep what stands here for behind the loop."""
        if frame.loops:
            loop = frame.loops[-1]
            loop.breaks.append(self.store.changes(loop.break_mark))
        return False

    def run_Continue(self, node: ast.Continue, frame: Frame) -> bool:
        """Keep what stands here for the end of the body."""
        if frame.loops:
            loop = frame.loops[-1]
            loop.continues.append(self.store.changes(loop.continue_mark))
        return False

    def _element_label(self, target: ast.expr, value: Value) -> str:
        return target.id if isinstance(target, ast.Name) else f"{self.label(value)}[…]"

    def _unrolled(self, node: ast.For | ast.AsyncFor, items: tuple[Value, ...], frame: Frame) -> bool:
        start = self.store.mark()
        loop = Loop(start, start)
        frame.loops.append(loop)
        alive = True
        for item in items:
            loop.continue_mark = self.store.mark()
            loop.continues = []
            self.assign(node.target, item, frame)
            alive = self.block(node.body, frame)
            if loop.continues:
                changes = self.store.rewind(loop.continue_mark)
                self.store.merge([*([changes] if alive else []), *loop.continues])
                alive = True
            if not alive:
                break
        frame.loops.pop()
        if not loop.breaks:
            return alive
        normal = self.store.rewind(start)
        self.store.merge([*([normal] if alive else []), *loop.breaks])
        return True

    def _repeated(self, body: Callable[[], bool], frame: Frame) -> None:
        ends: list[Changes] = []
        loop = Loop(self.store.mark(), self.store.mark())
        nested = len(frame.loops) >= _NESTED
        for passed in range(MAX_PASSES):
            mark = self.store.mark()
            loop = Loop(mark, mark)
            frame.loops.append(loop)
            alive = body()
            frame.loops.pop()
            changes = self.store.rewind(mark)
            ends = [*([changes] if alive else []), *loop.continues]
            carried = self._carried(ends, at_once=nested or passed > 0)
            if not carried:
                break
            self.store.apply(carried)
            if passed == MAX_PASSES - 1:
                # What still changes has been widened so as to hold for all passes.
                ends = [{key: value for key, value in end.items() if key not in carried} for end in ends]
        self.store.merge([{}, *ends, *loop.breaks])

    def _carried(self, ends: list[Changes], at_once: bool) -> Changes:
        """What the next pass begins with differently than this one did."""
        carried: dict[Key, Value] = {}
        for end in ends:
            for key, value in list(end.items()):
                before = carried.get(key) or self.store.read(key)
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
