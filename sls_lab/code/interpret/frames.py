"""Where the interpreter stands: the module, the function call, the loop and the `try` around it."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from sls_lab.code.imports import Roots
from sls_lab.code.interpret.heap import Changes, Mark
from sls_lab.code.interpret.values import Atom, ClassValue, Trace, Value
from sls_lab.python.bindings import Bindings
from sls_lab.python.module import Module


@dataclass(eq=False, slots=True)
class ModuleState:
    """One module as it was loaded; its globals stand in the store under `oid`.

    `module` is None for a folder without `__init__.py`, which is a package all the same.
    """

    oid: int
    file: str
    folder: str | None
    module: Module | None
    roots: Roots
    rebound: frozenset[str] = frozenset()


@dataclass(eq=False, slots=True)
class Loop:
    """A running loop: what stands where it is left, and where it goes on early."""

    break_mark: Mark
    continue_mark: Mark
    breaks: list[Changes] = field(default_factory=list)
    continues: list[Changes] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Attempt:
    """A running `try` body: what stands where it raises."""

    mark: Mark
    raised: list[Changes] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Frame:
    """One running body. Its variables stand in the store under `oid`; `scope` None binds every name (module, class).

    `outer` is the frame whose variables it sees. `calls` are the places of the calls that led here.
    """

    oid: int
    state: ModuleState
    module: Module
    scope: Bindings | None
    outer: Frame | None = None
    mark: Mark = (0, 0)
    owner: ClassValue | None = None
    receiver: Atom | None = None
    calls: tuple[Trace, ...] = ()
    returns: list[Value] = field(default_factory=list)
    exits: list[Changes] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def at_module_level(self) -> bool:
        """Whether this is a module's own body."""
        return self.oid == self.state.oid

    def trace(self, prefix: str, node: ast.AST) -> Trace:
        """A reason at a place of this frame's code."""
        return Trace(prefix, self.module, node)
