"""What all parts of the interpreter share: its state, and the operations by which they call each other."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.budget import MAX_STEPS, OutOfBudget, available_depth
from sls_lab.code.interpret.call_log import Recorder
from sls_lab.code.interpret.environment import Environment
from sls_lab.code.interpret.frames import Frame, ModuleState
from sls_lab.code.interpret.heap import CONTENTS, Store, new_number
from sls_lab.code.interpret.values import (
    Arguments,
    Because,
    ClassValue,
    DictRef,
    External,
    FunctionValue,
    Instance,
    ListRef,
    Method,
    Partial,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    shortened,
    unknown,
)
from sls_lab.code.modules import ModuleIndex
from sls_lab.facts import Diagnostic, Pattern, Span
from sls_lab.python.module import CallableNode, Module
from sls_lab.python.positions import source_of, span_of


class Machine:
    """The state of one handler's interpretation, and the operations that the parts below it define."""

    def __init__(self, index: ModuleIndex, environment: Environment, recorder: Recorder) -> None:
        """Start with an empty store."""
        self.index = index
        self.environment = environment
        self.recorder = recorder
        self.store = Store()
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

    # Defined by the parts.

    def evaluate(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def block(self, body: list[ast.stmt], frame: Frame) -> bool:
        """Run statements; whether the end is reached."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value, frame: Frame) -> None:
        """Bind a target of an assignment."""
        raise NotImplementedError

    def bind_name(self, name: str, value: Value, frame: Frame) -> None:
        """Bind a name where its scope says."""
        raise NotImplementedError

    def look_up(self, name: str, frame: Frame) -> Value:
        """What a name means."""
        raise NotImplementedError

    def call(self, function: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a call; `node` and `frame` are its place."""
        raise NotImplementedError

    def call_function(self, function: FunctionValue, arguments: Arguments, frame: Frame, node: ast.AST | None) -> Value:
        """Run a function of the application."""
        raise NotImplementedError

    def call_external(self, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a function of a library."""
        raise NotImplementedError

    def make(self, method: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """`client(service)` or `resource(service)` of boto3."""
        raise NotImplementedError

    def call_boto(self, function: Method, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a method of a boto3 object."""
        raise NotImplementedError

    def attribute(self, value: Value, name: str, frame: Frame | None) -> Value:
        """What `value.name` is."""
        raise NotImplementedError

    def subscript(self, value: Value, index: Value, frame: Frame | None) -> Value:
        """What `value[index]` is."""
        raise NotImplementedError

    def elements(self, value: Value, label: str = "") -> Sequence:
        """What iterating over a value gives; `label` names the elements of an unknown one."""
        raise NotImplementedError

    def as_text(self, value: Value, as_repr: bool = False) -> Value:
        """What `str` (or `repr`) makes of a value."""
        raise NotImplementedError

    def format_text(self, template: Text, arguments: Arguments, mapping: Value = ()) -> Value:
        """`template.format(…)` or `template.format_map(mapping)`."""
        raise NotImplementedError

    def set_element(self, owner: Value, index: Value, value: Value) -> None:
        """`owner[index] = value`."""
        raise NotImplementedError

    def environ(self, names: Value, default: Value | None) -> Value:
        """The environment variables of these names."""
        raise NotImplementedError

    def function_value(self, node: CallableNode, frame: Frame) -> FunctionValue:
        """A function with its defaults and what it closes over."""
        raise NotImplementedError

    def register(self, decorator: ast.Call, value: Value, frame: Frame) -> None:
        """Let an object of a library know the functions that it decorates."""
        raise NotImplementedError

    def take_in(self, owner: Unknown, arguments: Arguments) -> None:
        """Let an object of a library hand on to what it is given."""
        raise NotImplementedError

    def registered(self, owner: Unknown) -> tuple[tuple[Unknown, FunctionValue, bool], ...]:
        """The functions registered with an object of a library: where, and whether as an argument."""
        raise NotImplementedError

    def unknown_framework(self, what: str, node: ast.AST, module: Module) -> None:
        """Say that a request goes to functions that cannot be found."""
        raise NotImplementedError

    def adapter(self, maker: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Unknown:
        """What a library makes of what it is given."""
        raise NotImplementedError

    def depend(self, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """What a framework gives for a dependency."""
        raise NotImplementedError

    def bound_partial(self, atom: Partial, arguments: Arguments) -> Arguments:
        """The arguments of a partial function with those of its call."""
        raise NotImplementedError

    def binary(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """The result of an arithmetic or string operator."""
        raise NotImplementedError

    def import_module(self, name: str, level: int, frame: Frame) -> Value:
        """Load the module that an import means; an external name where it is not of the application."""
        raise NotImplementedError

    def module_attribute(self, state: ModuleState, name: str, frame: Frame | None) -> Value:
        """A global or submodule of a module."""
        raise NotImplementedError

    def call_back(self, value: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """Run what a library was given to call."""
        raise NotImplementedError

    def slice(self, value: Value, bounds: list[Value], label: str) -> Value:
        """`value[start:stop:step]`."""
        raise NotImplementedError

    def format_value(self, value: Value, specification: Value, as_repr: bool) -> Value:
        """`format(value, specification)`."""
        raise NotImplementedError

    def decided(self, test: ast.expr, frame: Frame) -> bool | None:
        """The answer of a test where the code alone decides it."""
        raise NotImplementedError

    def environment_read(self, name: str) -> None:
        """Remember that a module's value depends on a variable."""
        raise NotImplementedError

    def special(self, owner: Instance, name: str, arguments: tuple[Value, ...], frame: Frame) -> Value:
        """Call a special method of an instance; empty where its class has none."""
        raise NotImplementedError

    def submodule(self, state: ModuleState, name: str) -> Value:
        """The submodule of a package, loaded; empty where there is none."""
        raise NotImplementedError

    def instantiate(self, cls: ClassValue, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """A new instance of a class."""
        raise NotImplementedError

    def text_method(self, atom: Text | PathText, name: str, arguments: Arguments) -> Value:
        """A method of a string or path."""
        raise NotImplementedError

    def list_method(self, atom: ListRef, name: str, arguments: Arguments) -> Value:
        """A method of a list."""
        raise NotImplementedError

    def dict_method(self, atom: DictRef, name: str, arguments: Arguments) -> Value:
        """A method of a dict."""
        raise NotImplementedError

    def field_default(self, arguments: Arguments, frame: Frame) -> Value:
        """What a dataclass's `field(…)` gives."""
        raise NotImplementedError

    def dispatch(self, owner: Unknown, node: ast.Call | None, frame: Frame) -> None:
        """Run the functions registered with an object of a library."""
        raise NotImplementedError

    def call_label(self, name: str, arguments: Arguments) -> str:
        """What the result of an unknown call is labelled."""
        raise NotImplementedError

    def unknown_client(self, owner: str, name: str, node: ast.Call, frame: Frame) -> None:
        """Say that a call which may raise events is on an object that is not known."""
        raise NotImplementedError

    # Shared by the parts.

    def here(self) -> Span | None:
        """The place of the statement that is being run."""
        node, frame = self.statement
        return span_of(frame.module, node) if node is not None and frame is not None else None

    def step(self) -> None:
        """Count one step. Raises OutOfBudget."""
        self.steps += 1
        if self.steps > MAX_STEPS:
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
        """A short text for a value, as it stands in labels."""
        if len(value) != 1:
            return "…"
        match value[0]:
            case Unknown(label=label):
                return label
            case Text(pattern=pattern) if pattern.known:
                return f'"{pattern}"'
            case Text(pattern=pattern) if len(pattern.parts) == 1:
                return pattern.holes[0].label
            case Text(pattern=pattern):
                return f'f"{pattern}"'
            case Scalar(value=plain):
                return repr(plain)
            case External(name=name):
                return name
            case _:
                return "…"

    def because(self, value: Value) -> Because:
        """The reasons of a value's first alternative that has any."""
        for atom in value:
            reasons: Because = getattr(atom, "because", ())
            if reasons:
                return reasons
        return ()
