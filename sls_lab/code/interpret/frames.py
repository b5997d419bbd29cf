"""Where the interpreter is: the function call, the loop and the `try` around it; and functions, which keep it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from sls_lab.code.interpret.heap import Changes, HeapMark
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.objects import ClassValue
from sls_lab.code.interpret.values import Atom, Callee, SourceReason, Value
from sls_lab.python.bindings import Bindings
from sls_lab.python.module import CallableNode, Module


@dataclass(eq=False, slots=True)
class Loop:
    """A running loop: the heap at each place where it is left, and where it goes on early."""

    break_mark: HeapMark
    continue_mark: HeapMark
    breaks: list[Changes] = field(default_factory=list)
    continues: list[Changes] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class TryBody:
    """A running `try` body: the heap at each place where it raises."""

    mark: HeapMark
    raised: list[Changes] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Frame:
    """One running body. Its variables are in the heap under `oid`; `scope` None binds every name (module, class).

    `outer` is the frame whose variables it sees. `calls` are the places of the calls that led here.
    """

    oid: int
    state: ModuleState
    module: Module
    scope: Bindings | None
    outer: Frame | None = None
    mark: HeapMark = (0, 0)
    owner: ClassValue | None = None
    receiver: Atom | None = None
    calls: tuple[SourceReason, ...] = ()
    returns: list[Value] = field(default_factory=list)
    exits: list[Changes] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    attempts: list[TryBody] = field(default_factory=list)

    @property
    def at_module_level(self) -> bool:
        """Whether this is a module's own body."""
        return self.oid == self.state.oid

    def trace(self, prefix: str, node: ast.AST) -> SourceReason:
        """A reason at a place of this frame's code."""
        return SourceReason(prefix, self.module, node)


@dataclass(frozen=True, slots=True)
class FunctionValue(Callee):
    """A function or lambda of the application with what it closes over.

    `kind` is `function`, `static`, `class`, `property` or `context` (a context manager made of a generator). `wraps` is
    the function that a decorator was given to make this one, `setter` what an assignment to a property calls, `made_by`
    the last call that returned it.
    """

    node: CallableNode
    state: ModuleState
    frame: Frame | None
    defaults: tuple[Value, ...] = field(default=(), compare=False)
    keyword_defaults: tuple[Value, ...] = field(default=(), compare=False)
    owner: ClassValue | None = field(default=None, compare=False)
    kind: str = "function"
    wraps: FunctionValue | None = field(default=None, compare=False)
    setter: FunctionValue | None = field(default=None, compare=False)
    made_by: ast.Call | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """The name in its `def`."""
        return getattr(self.node, "name", "<lambda>")


@dataclass(frozen=True, slots=True)
class BoundMethod(Callee):
    """A function of the application with its `self` or `cls`."""

    receiver: Atom
    function: FunctionValue
