"""What the interpreter keeps to spare itself work: runs of functions, and loads of modules."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sls_lab.code.imports import Roots
from sls_lab.code.interpret.call_log import Met
from sls_lab.code.interpret.frames import FunctionValue
from sls_lab.code.interpret.heap import Changes
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.values import Value
from sls_lab.facts import Diagnostic, Pattern
from sls_lab.python.module import CallableNode
from sls_lab.template.model import Variable

#: The parameters of a function with what they are given.
GivenValues = tuple[tuple[str, Value], ...]


@dataclass(slots=True)
class Contexts:
    """The contexts in which functions were run for one handler.

    `runs` counts them. `pure` has results with the version of the store that they hold for, `general` those with
    arguments left open.
    """

    runs: Counter[CallableNode] = field(default_factory=Counter)
    pure: dict[tuple[FunctionValue, GivenValues], tuple[int, Value]] = field(default_factory=dict)
    general: dict[tuple[FunctionValue, GivenValues], Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Loaded:
    """What loading one module did.

    `reads` are the variables it depends on, `changes` what it wrote, `met` its boto3 calls, `states` the modules that
    it loaded and `needed` those that it found loaded.
    """

    state: ModuleState
    reads: dict[str, Variable | Pattern | None] = field(default_factory=dict)
    changes: Changes = field(default_factory=dict)
    met: list[Met] = field(default_factory=list)
    states: dict[str, ModuleState] = field(default_factory=dict)
    needed: dict[str, ModuleState] = field(default_factory=dict)
    notes: dict[tuple[str, str, int], Diagnostic] = field(default_factory=dict)
    undeclared: dict[str, Diagnostic] = field(default_factory=dict)
    handed_over: set[str] = field(default_factory=set)
    incomplete: Diagnostic | None = None
    reusable: bool = True


#: What was loaded for earlier handlers, by file and roots.
Library = dict[tuple[str, Roots], list[Loaded]]


@dataclass(slots=True)
class Loads:
    """The modules of one handler: `states` of those it has, `running` loads from the outside in, and `earlier` ones."""

    earlier: Library = field(default_factory=dict)
    states: dict[str, ModuleState] = field(default_factory=dict)
    running: list[Loaded] = field(default_factory=list)
