"""The interpreter's state, and the operations by which its parts reach each other.

The value of an expression, the run of a statement and the call of a function are found by the type of what is
evaluated, run or called. Each kind has a function of its own, registered by `@evaluates`, `@runs` or `@calls`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, TypeVar

from sls_lab.code.interpret.budget import MAX_STEPS, OutOfBudget, available_depth
from sls_lab.code.interpret.call_log import CallLog
from sls_lab.code.interpret.environment import Environment
from sls_lab.code.interpret.frames import Frame, FunctionValue
from sls_lab.code.interpret.heap import CONTENTS, Store, new_number
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.memory import Contexts, Loads
from sls_lab.code.interpret.values import (
    Arguments,
    Atom,
    Because,
    DictRef,
    External,
    ListRef,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    shortened,
    unknown,
)
from sls_lab.code.module_index import ModuleIndex
from sls_lab.facts import Diagnostic, Pattern, Span
from sls_lab.python.positions import source_of, span_of

Evaluator = Callable[["Machine", Any, Frame], Value]
Runner = Callable[["Machine", Any, Frame], bool]
Caller = Callable[["Machine", Any, Arguments, ast.Call | None, Frame], Value]
EVALUATORS: dict[type[ast.expr], Evaluator] = {}
RUNNERS: dict[type[ast.stmt], Runner] = {}
CALLERS: dict[type[Atom], Caller] = {}
E = TypeVar("E", bound=Evaluator)
R = TypeVar("R", bound=Runner)
C = TypeVar("C", bound=Caller)


def evaluates(*kinds: type[ast.expr]) -> Callable[[E], E]:
    """Register a function that gives the value of these kinds of expressions: `(machine, node, frame) -> Value`."""

    def register(function: E) -> E:
        EVALUATORS.update(dict.fromkeys(kinds, function))
        return function

    return register


def runs(*kinds: type[ast.stmt]) -> Callable[[R], R]:
    """Register a function that runs these kinds of statements: `(machine, node, frame) -> bool`.

    The result says whether the next statement is reached.
    """

    def register(function: R) -> R:
        RUNNERS.update(dict.fromkeys(kinds, function))
        return function

    return register


def calls(*kinds: type[Atom]) -> Callable[[C], C]:
    """Register a function that calls these kinds of atoms: `(machine, atom, arguments, node, frame) -> Value`."""

    def register(function: C) -> C:
        CALLERS.update(dict.fromkeys(kinds, function))
        return function

    return register


class Machine:
    """The state of one handler's interpretation, and the three operations that everything else is reached by."""

    def __init__(
        self, index: ModuleIndex, environment: Environment, recorder: CallLog, most_steps: int = MAX_STEPS
    ) -> None:
        """Start with an empty store, for at most `most_steps` steps."""
        self.index = index
        self.environment = environment
        self.recorder = recorder
        self.store = Store()
        self.loads = Loads()
        self.contexts = Contexts()
        self.notes: dict[tuple[str, str, int], Diagnostic] = {}
        self.handed_over: set[str] = set()  #: services of the clients that libraries are given
        self.incomplete: Diagnostic | None = None
        self.statement: tuple[ast.stmt | None, Frame | None] = (None, None)
        self.running: list[FunctionValue] = []
        self.dispatched: dict[tuple[Unknown, FunctionValue, bool], None] = {}  #: what libraries were seen to call
        self.loaded_until = 0  #: objects with higher numbers are made anew for each event
        self.deepest = available_depth()
        self.depth = 0
        self.steps = 0
        self.most_steps = most_steps

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; of one that is not understood, its source as a label."""
        self.step()
        run = EVALUATORS.get(type(node))
        if run is None:
            return unknown(self.source(node, frame))
        self.depth += 1
        try:
            if self.depth > self.deepest:
                return self.too_deep(node, frame)
            return run(self, node, frame)
        finally:
            self.depth -= 1

    def block(self, body: list[ast.stmt], frame: Frame) -> bool:
        """Run statements one after the other; False as soon as one leaves the block."""
        for statement in body:  # noqa: SIM110 (`all` would take a frame of C's stack for each call within calls)
            if not self.execute(statement, frame):
                return False
        return True

    def execute(self, node: ast.stmt, frame: Frame) -> bool:
        """Run one statement; whether the next one is reached."""
        self.step()
        self.statement = (node, frame)
        run = RUNNERS.get(type(node))
        if run is None:
            return True
        self.depth += 1
        try:
            if self.depth > self.deepest:
                self.too_deep(node, frame)
                return True
            return run(self, node, frame)
        finally:
            self.depth -= 1

    def call(self, function: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a call, for each function that may be meant; `node` and `frame` are its place."""
        results: list[Value] = []
        for atom in function:
            run = CALLERS.get(type(atom))
            result = run(self, atom, arguments, node, frame) if run is not None else ()
            if result:
                results.append(result)
        return join(*results) if results else unknown(f"{self.label(function)}(…)")

    # Shared by the parts.

    def here(self) -> Span | None:
        """The place of the statement that is being run."""
        node, frame = self.statement
        return span_of(frame.module, node) if node is not None and frame is not None else None

    def step(self, count: int = 1) -> None:
        """Count one step, or several. Raises OutOfBudget."""
        self.steps += count
        if self.steps > self.most_steps:
            raise OutOfBudget

    def note(self, code: str, message: str, node: ast.AST, frame: Frame) -> None:
        """Give a note about a place, once."""
        span = span_of(frame.module, node)
        self.notes.setdefault((code, span.file, span.line), Diagnostic(code, message, span))

    def too_deep(self, node: ast.AST, frame: Frame) -> Value:
        """Give up on a place that nests too deeply, and say so."""
        span = span_of(frame.module, node)
        message = f"{span.place} is nested too deeply to be followed; split the expression or the calls."
        if self.incomplete is None:
            self.incomplete = Diagnostic("nested-too-deeply", message, span)
        return unknown("…")

    def source(self, node: ast.AST, frame: Frame) -> str:
        """The source of a node, cut to a readable length."""
        return shortened(source_of(frame.module, node))

    def new_list(self, items: tuple[Value, ...], rest: Value = ()) -> Value:
        """A list with these contents."""
        oid = new_number()
        self.store.write((oid, CONTENTS), (Sequence(items, rest),))
        return (ListRef(oid),)

    def new_dict(self, record: Record) -> Value:
        """A dict with these contents."""
        oid = new_number()
        self.store.write((oid, CONTENTS), (record,))
        return (DictRef(oid),)

    def new_names(self, names: dict[str, Value]) -> Value:
        """A dict with these known keys."""
        return self.new_dict(Record(tuple((Text(Pattern.of(name)), value) for name, value in names.items())))

    def contents(self, reference: ListRef | DictRef) -> Sequence | Record:
        """What a list or dict holds here."""
        held = self.store.read((reference.oid, CONTENTS))
        atom = held[0] if held else None
        if isinstance(atom, Sequence | Record):
            return atom
        return Sequence(()) if isinstance(reference, ListRef) else Record(())

    def replace_contents(self, reference: ListRef | DictRef, contents: Sequence | Record) -> None:
        """Let a list or dict hold something else from here on."""
        self.store.write((reference.oid, CONTENTS), (contents,))

    def label(self, value: Value) -> str:
        """A short name for a value, as labels have it."""
        if len(value) != 1:
            return "…"
        match value[0]:
            case Unknown(label=label):
                return label
            case Text(pattern=pattern) if pattern.known:
                return shortened(f'"{pattern}', '"')
            case Text(pattern=pattern) if len(pattern.parts) == 1:
                return pattern.holes[0].label
            case Text(pattern=pattern):
                return shortened(f'f"{pattern}', '"')
            case Scalar(value=plain):
                return repr(plain)
            case External(name=name):
                return name
            case _:
                return "…"

    def call_label(self, name: str, arguments: Arguments) -> str:
        """What the result of an unknown call is labelled: the call, with the arguments as far as they are short."""
        written = [self.label(bound.value) for bound in arguments.positional]
        written += [f"{key}={self.label(bound.value)}" for key, bound in arguments.keywords]
        return shortened(f"{name}({', '.join(written)}", ")")

    def because(self, value: Value) -> Because:
        """The reasons of a value's first alternative that has any."""
        for atom in value:
            reasons: Because = getattr(atom, "because", ())
            if reasons:
                return reasons
        return ()
