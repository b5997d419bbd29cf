"""What libraries do with the functions and objects that they are given."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.boto_objects import Boto
from sls_lab.code.interpret.dispatching import dispatch
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import ClassValue
from sls_lab.code.interpret.values import (
    Arguments,
    Atom,
    Bound,
    DictRef,
    Method,
    Partial,
    Record,
    Sequence,
    Text,
    Unknown,
    Value,
    unknown,
)

_CALLED = (FunctionValue, BoundMethod, Partial, ClassValue)


def call_back(machine: Machine, caller: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """What becomes of arguments that a library is given; empty where there is nothing to say of the result.

    At the top of a module a function is taken to be wrapped, and objects that functions are registered with to be kept
    for later; in a call, they are run.
    """
    given = [bound.value for bound in (*arguments.positional, *(bound for _, bound in arguments.keywords))]
    atoms = [atom for value in given for atom in value]
    machine.handed_over |= {getattr(atom, "service", "*") for atom in atoms if isinstance(atom, Boto)}
    functions = [atom for atom in atoms if isinstance(atom, _CALLED) or is_boto_method(atom)]
    if frame.at_module_level:
        wrapped = wrapped_function(functions, arguments)
        if wrapped:
            return wrapped
    else:
        for atom in atoms:
            if isinstance(atom, Unknown) and atom.site:
                dispatch(machine, atom, node, frame)
    run_given(machine, functions, caller, arguments, node, frame)
    return ()


def wrapped_function(functions: list[Atom], arguments: Arguments) -> Value:
    """The function that a library wraps when it is given one at the top of a module; empty where it is given none."""
    return (functions[0],) if arguments.positional and functions and isinstance(functions[0], FunctionValue) else ()


def run_given(
    machine: Machine,
    functions: list[Atom],
    caller: Value,
    arguments: Arguments,
    node: ast.Call | None,
    frame: Frame,
) -> None:
    """Run the functions that a library is given; a class may be given for a type, and is not called."""
    for function in functions:
        if not isinstance(function, ClassValue) and function not in machine.running:
            passed = _passed_on(machine, function, caller, arguments)
            machine.call((function,), passed, node, frame)


def _passed_on(machine: Machine, function: Atom, caller: Value, arguments: Arguments) -> Arguments:
    """What a library passes to a function it was given: the arguments after it, `args=` and `kwargs=`, or its
    own.
    """
    name = machine.label(caller).rpartition(".")[2]
    positional = arguments.positional
    index = next((i for i, bound in enumerate(positional) if function in bound.value), None)
    if name in ("submit", "to_thread", "run_in_executor", "call_soon", "apply", "add_task", "start_new_thread"):
        if index is not None:
            return Arguments(positional[index + 1 :], arguments.keywords, arguments.open_positional)
    elif name in ("map", "imap", "starmap", "map_async") and index is not None:
        given = tuple(Bound(_any_element(machine, bound.value)) for bound in positional[index + 1 :])
        return Arguments(given)
    if name in ("Thread", "Process", "Timer"):
        args = elements_of(machine, arguments.keyword("args")) if arguments.keyword("args") else Sequence(())
        spread = spread_keywords(machine, arguments.keyword("kwargs"), ast.Constant(None))
        named = tuple((key, Bound(bound.value)) for key, bound in spread if key)
        return Arguments(tuple(Bound(item) for item in args.items), named)
    return Arguments()  # chosen by the library: only the parameters' names are known


def _any_element(machine: Machine, value: Value) -> Value:
    sequence = elements_of(machine, value)
    values = [item for item in (*sequence.items, sequence.rest) if item]
    return join(*values) if values else unknown("…")


def is_boto_method(atom: Atom) -> bool:
    """Whether a value is a method of a boto3 object that is not called here."""
    return isinstance(atom, Method) and isinstance(atom.receiver, Boto)


def unknown_client(machine: Machine, owner: str, name: str, node: ast.Call, frame: Frame) -> None:
    """Say that a call which may raise events is on an object that is not known."""
    message = (
        f"`{owner}.{name}(…)` looks like a boto3 call, but where `{owner}` comes from is not known, so that no "
        "event is followed from it: make the client with boto3.client(…) where it can be seen."
    )
    machine.note("unknown-client", message, node, frame)


def spread_keywords(machine: Machine, value: Value, node: ast.expr) -> list[tuple[str, Bound]]:
    """What `**value` passes, by name; under the empty name what else it may pass."""
    passed: dict[str, Value] = {}
    rest: list[Value] = []
    for atom in value:
        held = machine.contents(atom) if isinstance(atom, DictRef) else None
        if not isinstance(held, Record):
            rest.append((atom,))
            continue
        for key, inner in held.entries:
            name = key.pattern.text if isinstance(key, Text) else None
            if name is None:
                rest.append(inner)
            else:
                passed[name] = join(passed[name], inner) if name in passed else inner
        if held.rest:
            rest.append(held.rest)
    spread = [(name, Bound(inner, _entry(node, name))) for name, inner in passed.items()]
    return [*spread, ("", Bound(join(*rest), node))] if rest else spread


def _entry(node: ast.expr, name: str) -> ast.expr:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == name:
                return value
    return ast.Subscript(value=node, slice=ast.Constant(value=name), ctx=ast.Load())
