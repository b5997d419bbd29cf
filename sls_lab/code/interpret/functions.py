"""Calls of the application's own functions, methods and classes."""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.code.interpret.budget import MAX_CALLS, MAX_CONTEXTS
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine, calls
from sls_lab.code.interpret.memory import GivenValues
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Bound,
    DictRef,
    ListRef,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Unknown,
    Value,
    unknown,
)
from sls_lab.facts import Pattern
from sls_lab.python.bindings import bindings

# What a function is given that may be another one each time; objects, clients and functions stay themselves.
_VARYING = (Text, PathText, Scalar, Sequence, Record, Unknown)
#: A value's history is not kept beyond this many steps.
_HISTORY = 12
#: A function that calls itself is followed so many calls deep.
_RECURSIONS = 2


@calls(FunctionValue)
def call_function(
    machine: Machine, function: FunctionValue, arguments: Arguments, node: ast.AST | None, frame: Frame
) -> Value:
    """Run a function of the application.

    The same arguments in the same state give the same result, kept while nothing was written. A function that
    calls itself, and one that met `MAX_CONTEXTS` different contexts, is run once with its arguments left open.
    """
    given = _bind(machine, function, arguments, frame, node)
    key = (function, given)
    known = machine.contexts.pure.get(key)
    if known is not None and known[0] == machine.store.version:
        return known[1]
    if len(machine.running) >= MAX_CALLS:
        return machine.too_deep(node or function.node, frame)
    nested = sum(other.node is function.node for other in machine.running)
    if nested > _RECURSIONS:
        return unknown(f"{function.name}(…)")
    if nested or machine.contexts.runs[function.node] >= MAX_CONTEXTS:
        # Lists and dicts are made anew in each call, so that no two are alike: deeper down they are open as well.
        varying = _VARYING if nested < _RECURSIONS else (*_VARYING, ListRef, DictRef)
        given = tuple((name, _opened(name, value, varying)) for name, value in given)
        key = (function, given)
        result = machine.contexts.general.get(key)
        # The result is stored before the body is run, so that a recursive call inside ends here.
        if result is not None or machine.contexts.runs[function.node] >= 2 * MAX_CONTEXTS:
            return result or unknown(f"{function.name}(…)")
        machine.contexts.general[key] = unknown(f"{function.name}(…)")
        result = machine.contexts.general[key] = _run(machine, function, given, frame, node)
        return result
    version = machine.store.version
    result = _run(machine, function, given, frame, node)
    if machine.store.version == version:
        machine.contexts.pure[key] = (version, result)
    return result


@calls(BoundMethod)
def call_method(
    machine: Machine, method: BoundMethod, arguments: Arguments, node: ast.AST | None, frame: Frame
) -> Value:
    """Run a function of the application with its `self` or `cls`."""
    return call_function(machine, method.function, with_first(arguments, (method.receiver,)), node, frame)


def with_first(arguments: Arguments, receiver: Value) -> Arguments:
    """The arguments after a receiver."""
    return replace(arguments, positional=(Bound(receiver), *arguments.positional))


def _run(machine: Machine, function: FunctionValue, given: GivenValues, caller: Frame, node: ast.AST | None) -> Value:
    scope = bindings(function.node)
    module = function.state.module or caller.module
    calls = caller.calls
    if node is not None:
        calls = (*calls, caller.trace(f"{function.name} is called by ", node))
    inside = Frame(new_number(), function.state, module, scope, outer=function.frame, owner=function.owner, calls=calls)
    if not scope.nested:
        machine.store.private.add(inside.oid)
    inside.mark = machine.store.mark()
    if function.owner is not None and given:
        inside.receiver = given[0][1][0] if given[0][1] else None
    machine.recorder.give(function, dict(given))
    for name, value in given:
        machine.store.write((inside.oid, name), value)
    machine.contexts.runs[function.node] += 1
    machine.running.append(function)
    machine.depth += 1
    statement = machine.statement
    try:
        return _body(machine, function, inside)
    finally:
        machine.statement = statement
        machine.depth -= 1
        machine.running.pop()


def _body(machine: Machine, function: FunctionValue, inside: Frame) -> Value:
    body = function.node.body
    if isinstance(body, ast.expr):
        return machine.evaluate(body, inside)
    alive = machine.block(body, inside)
    if inside.exits:
        exits = inside.exits
        last = machine.store.rewind(inside.mark)
        machine.store.merge([*exits, last] if alive else exits)
    if inside.scope is not None and inside.scope.generator:
        return machine.new_list((), join(*inside.yields)) if inside.yields else machine.new_list(())
    results = [*inside.returns, NONE] if alive or not inside.returns else inside.returns
    return join(*results)


def _bind(
    machine: Machine, function: FunctionValue, arguments: Arguments, frame: Frame, node: ast.AST | None
) -> GivenValues:
    """Each parameter with its value, in the order of the parameters."""
    spec = function.node.args
    given: dict[str, Value] = {}
    positional = [*spec.posonlyargs, *spec.args]
    keywords = dict(arguments.keywords)
    spare = arguments.open_positional or arguments.open_keywords
    first_default = len(positional) - len(function.defaults)
    for index, parameter in enumerate(positional):
        name = parameter.arg
        if index < len(arguments.positional):
            given[name] = _passed(name, arguments.positional[index], frame)
        elif name in keywords:
            given[name] = _passed(name, keywords.pop(name), frame)
        elif index >= first_default:
            default = function.defaults[index - first_default]
            given[name] = join(default, spare.value) if spare else default
        else:
            given[name] = _left_open(name, arguments)
    if spec.vararg is not None:
        extra = tuple(bound.value for bound in arguments.positional[len(positional) :])
        rest = arguments.open_positional.value if arguments.open_positional else ()
        given[spec.vararg.arg] = (Sequence(extra, rest),)
    for parameter, default in zip(spec.kwonlyargs, function.keyword_defaults, strict=True):
        name = parameter.arg
        if name in keywords:
            given[name] = _passed(name, keywords.pop(name), frame)
        else:
            given[name] = default or _left_open(name, arguments)
    if spec.kwarg is not None:
        entries = tuple((Text(Pattern.of(name)), bound.value) for name, bound in keywords.items())
        rest = arguments.open_keywords.value if arguments.open_keywords else ()
        given[spec.kwarg.arg] = machine.new_dict(Record(entries, rest))
    return tuple(given.items())


def _left_open(name: str, arguments: Arguments) -> Value:
    spare = arguments.open_positional or arguments.open_keywords
    return spare.value if spare and spare.value else unknown(name)


def _passed(name: str, bound: Bound, frame: Frame) -> Value:
    """An argument with the place where it is passed as its newest reason."""
    if bound.node is None or not hasattr(bound.node, "lineno"):
        return bound.value
    if not any(isinstance(atom, Text) for atom in bound.value):
        return bound.value
    trace = frame.trace(f"parameter {name} is ", bound.node)
    return tuple(
        replace(atom, because=(trace, *atom.because[:_HISTORY])) if isinstance(atom, Text) else atom
        for atom in bound.value
    )


def _opened(name: str, value: Value, varying: tuple[type, ...]) -> Value:
    """One argument for everything that the function may be given; objects and functions stay themselves."""
    kept = tuple(atom for atom in value if not isinstance(atom, varying))
    return kept if len(kept) == len(value) and value else (*kept, *unknown(name))
