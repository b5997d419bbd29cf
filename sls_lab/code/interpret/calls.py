"""Calls: what is called, with which arguments."""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.aws.registry import RAISING
from sls_lab.code.interpret.attributes import attribute_of, linearised
from sls_lab.code.interpret.boto_calls import call_boto
from sls_lab.code.interpret.boto_objects import Boto
from sls_lab.code.interpret.call_log import TELLING
from sls_lab.code.interpret.callbacks import call_back, spread_keywords, unknown_client
from sls_lab.code.interpret.containers import dict_method, list_method
from sls_lab.code.interpret.describing import Describer
from sls_lab.code.interpret.dispatching import dispatch, dispatched, take_in, unknown_framework
from sls_lab.code.interpret.elements import elements_of, is_iterated_by_method
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.instances import blank_instance
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.lookups import subclasses_of
from sls_lab.code.interpret.machine import Machine, calls, evaluates
from sls_lab.code.interpret.objects import ClassValue, Instance, SuperRef
from sls_lab.code.interpret.text_methods import text_method
from sls_lab.code.interpret.values import (
    Arguments,
    Bound,
    DictRef,
    External,
    ListRef,
    Lookup,
    Method,
    Partial,
    PathText,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    unknown,
)
from sls_lab.code.library_objects import class_returned
from sls_lab.code.routes import CLASS_TAKING, TAKING
from sls_lab.python.positions import span_of

#: Expressions that may give an object, whose call does not show its `__call__`.
_CALLING = (ast.Call, ast.Subscript, ast.Name, ast.Attribute)
_OURS = (FunctionValue, BoundMethod, Partial, ClassValue)
# Methods of an object of a library that hand an event to the functions registered with it.
#: Built-in functions that go through what they are given.
_GOING_THROUGH = frozenset(
    f"builtins.{name}"
    for name in ("dict", "enumerate", "iter", "list", "max", "min", "reversed", "set", "sorted", "tuple", "zip")
)
#: Methods that give what a mapping has under a key.
_TAKING_OUT = frozenset({"get", "pop", "setdefault", "__getitem__"})
_DISPATCHING = frozenset({"resolve", "handle", "dispatch", "run", "lambda_handler", "handler", "process"})


@evaluates(ast.Call)
def evaluate_call(machine: Machine, node: ast.Call, frame: Frame) -> Value:
    """A call; `super()` needs the function around it."""
    if isinstance(node.func, ast.Name) and node.func.id == "super":
        behind = _super(frame)
        if behind:
            return behind
    function = machine.evaluate(node.func, frame)
    function = dispatched(machine, function)
    called = _as_methods(machine, function, frame) if isinstance(node.func, _CALLING) else function
    machine.recorder.choose(node, frame.module, called, named=not _is_beside(machine, node, function, frame))
    if isinstance(node.func, ast.Attribute):
        machine.recorder.mean(node, function)
    if is_unknown_callee(function):
        machine.recorder.leave_open(node, frame.module)
    arguments = arguments_of(machine, node, frame)
    if any(isinstance(atom, External) and atom.name in _GOING_THROUGH for atom in function):
        for bound in arguments.positional:
            if bound.node is not None and hasattr(bound.node, "lineno"):
                by_method = is_iterated_by_method(machine, bound.value, frame)
                machine.recorder.iterate(bound.node, frame.module, by_method)
    if any(isinstance(atom, External) and atom.name.startswith(TELLING) for atom in function):
        describer = Describer(machine, span_of(frame.module, node))
        named = [(str(index), bound) for index, bound in enumerate(arguments.positional)]
        described = tuple(describer.argument(name, bound, None) for name, bound in (*named, *arguments.keywords))
        machine.recorder.hand(node, described)
    result = machine.call(function, arguments, node, frame)
    return tuple(
        replace(atom, made_by=node) if isinstance(atom, FunctionValue) and atom.frame is not None else atom
        for atom in result
    )


def is_unknown_callee(function: Value) -> bool:
    """Whether what is called was chosen by what is computed, so that it may be anything."""
    if any(isinstance(atom, Unknown) and atom.lookup for atom in function):
        return True
    return bool(function) and all(isinstance(atom, Scalar) and atom.value is None for atom in function)


def _as_methods(machine: Machine, function: Value, frame: Frame) -> Value:
    """What is called, with the `__call__` of an object in its place."""
    found = [
        attribute_of(machine, (atom,), "__call__", frame) if isinstance(atom, Instance) else (atom,)
        for atom in function
    ]
    return join(*found) if found else function


def _is_beside(machine: Machine, node: ast.Call, function: Value, frame: Frame) -> bool:
    """Whether `super().name(…)` of a mixin means a method of a class that is inherited beside it."""
    match node.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            found = next((atom for atom in _super(frame) if isinstance(atom, SuperRef)), None)
            above = linearised(machine, found.cls) if found is not None else []
            owners = (atom.function.owner for atom in function if isinstance(atom, BoundMethod))
            return any(owner is not None and owner not in above for owner in owners)
    return False


def _super(frame: Frame) -> Value:
    holder: Frame | None = frame
    while holder is not None:
        if holder.owner is not None and holder.receiver is not None and holder.scope is not None:
            return (SuperRef(holder.owner, holder.receiver),)
        holder = holder.outer
    return ()


def arguments_of(machine: Machine, node: ast.Call, frame: Frame) -> Arguments:
    """The evaluated arguments of a call, `*x` and `**x` taken apart where they are known."""
    positional: list[Bound] = []
    keywords: list[tuple[str, Bound]] = []
    open_positional: Bound | None = None
    open_keywords: Bound | None = None
    for argument in node.args:
        if not isinstance(argument, ast.Starred):
            positional.append(Bound(machine.evaluate(argument, frame), argument))
            continue
        value = machine.evaluate(argument.value, frame)
        sequence = elements_of(machine, value)
        if open_positional is None:
            for index, item in enumerate(sequence.items):
                positional.append(Bound(item, _item(argument.value, index)))
        if sequence.rest:
            open_positional = Bound(sequence.rest, argument.value)
    for keyword in node.keywords:
        value = machine.evaluate(keyword.value, frame)
        if keyword.arg is not None:
            keywords.append((keyword.arg, Bound(value, keyword.value)))
            continue
        for name, bound in spread_keywords(machine, value, keyword.value):
            if name:
                keywords.append((name, bound))
            else:
                open_keywords = bound
    return Arguments(tuple(positional), tuple(keywords), open_positional, open_keywords)


@calls(Method)
def call_library_method(
    machine: Machine, method: Method, arguments: Arguments, node: ast.Call | None, frame: Frame
) -> Value:
    """A method of a value that is not the application's own."""
    receiver, name = method.receiver, method.name
    if isinstance(receiver, Boto):
        return call_boto(machine, method, arguments, node, frame)
    if isinstance(receiver, Text | PathText):
        return text_method(machine, receiver, name, arguments)
    if isinstance(receiver, ListRef):
        return list_method(machine, receiver, name, arguments)
    if isinstance(receiver, DictRef):
        return dict_method(machine, receiver, name, arguments)
    if isinstance(receiver, Sequence):
        return unknown("…")
    if isinstance(receiver, FunctionValue) and name == "register":
        return (Method(receiver, name),)  # `@function.register(dict)`
    if isinstance(receiver, ClassValue) and name == "__subclasses__":
        return subclasses_of(machine, receiver)
    if isinstance(receiver, ClassValue) and name == "__new__":
        return blank_instance(arguments)
    return unknown(machine.call_label(f"{machine.label((receiver,))}.{name}", arguments))


@calls(Unknown)
def call_unknown(machine: Machine, atom: Unknown, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """A value of a library, or of which nothing is known: what it is given may be called, and events passed on."""
    owner, _, name = atom.label.rpartition(".")
    if name in RAISING and owner and node is not None:
        unknown_client(machine, owner, name, node, frame)
    if atom.site and name in TAKING:
        take_in(machine, atom, arguments)
    elif name in CLASS_TAKING and node is not None:
        unknown_framework(machine, f"`{name}` registers a class", node, frame.module)
    elif atom.site and (name in _DISPATCHING or not owner or atom.label.endswith(")")):
        dispatch(machine, atom, node, frame)
    if name == "get_remaining_time_in_millis":
        return unknown(f"{atom.label}()")
    if atom.way is not None and atom.way[-1:] == ("get",):
        match arguments.get(0, "key"):
            case (Text(pattern=pattern),) if pattern.text is not None:
                label = machine.call_label(atom.label, arguments)
                return machine.environment.part_of_event((*atom.way[:-1], pattern.text), label, atom.because)
    handed = call_back(machine, (atom,), arguments, node, frame)
    if handed:
        return handed
    made = class_returned(atom.library_class, name) if atom.is_attribute else ""
    lookup: Lookup = "result" if atom.lookup else ""
    if name in _TAKING_OUT and owner and atom.way is None:
        lookup = "element"
    return (Unknown(machine.call_label(atom.label, arguments), atom.because, library_class=made, lookup=lookup),)


def _item(node: ast.expr, index: int) -> ast.expr:
    if isinstance(node, ast.List | ast.Tuple) and index < len(node.elts):
        return node.elts[index]
    return ast.Subscript(value=node, slice=ast.Constant(value=index), ctx=ast.Load())
