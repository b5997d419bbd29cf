"""Bounds on the interpreter's work, so that no code, however made, keeps it busy."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

#: Expressions and statements interpreted for one handler.
MAX_STEPS = 400_000
#: The same for all handlers of one application: some seconds. The largest example takes some hundred.
MAX_STEPS_TOGETHER = 1_000_000
#: Names taken over from a module that was loaded before: what costs as much as one step.
NAMES_IN_A_STEP = 4
#: Calls within calls that are followed.
MAX_CALLS = 200
#: Executions of one function with different arguments for one handler; then its arguments are taken together.
MAX_CONTEXTS = 24
#: Elements of a known list over which a loop is run one by one.
MAX_UNROLLED = 8
#: Passes over the body of a loop whose variables change.
MAX_PASSES = 3
#: Characters, and parts, of one string.
MAX_TEXT = 4_096
MAX_PARTS = 64
#: Tuples nested in one tuple.
MAX_WEIGHT = 200

# One level of the interpretation takes at most this many frames of Python's own stack.
_FRAMES = 5
_SPARE = 120
#: Frames of Python's own stack while code is interpreted: `MAX_CALLS` calls, each in an expression that nests a little.
_STACK = 8_000


class OutOfBudget(Exception):
    """A handler takes more steps than it may."""


@contextmanager
def deep_stack() -> Iterator[None]:
    """Let Python's own stack be as deep as `MAX_CALLS` asks for, and as it was again afterwards."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def available_depth() -> int:
    """How deep the interpretation may nest from here without reaching Python's recursion limit."""
    used = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        used += 1
        frame = frame.f_back
    return max(20, (sys.getrecursionlimit() - used - _SPARE) // _FRAMES)
