"""What a framework gives to parameters that say on what they depend: `store: Store = Depends(get_store)`.

https://fastapi.tiangolo.com/tutorial/dependencies/: in a default or in `Annotated[Store, Depends(get_store)]`; without
a function, the annotated class is made of the request.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import ClassValue, Instance
from sls_lab.code.interpret.values import Arguments, Atom, Bound, External, Partial, Value
from sls_lab.code.routes import request_parameters
from sls_lab.python.bindings import bindings

#: The place in the heap that has the functions on which others depend.
_KNOWN: Final = (0, "dependencies")
_DEPENDS: Final[Value] = (External("fastapi.Depends"),)
#: The names of the type that says more of a type.
ANNOTATED: Final[tuple[Value, ...]] = ((External("typing.Annotated"),), (External("typing_extensions.Annotated"),))


@dataclass(frozen=True, slots=True)
class _Dependency:
    """What a parameter depends on: a function, an object or a class, and what that gives."""

    called: Value
    result: Value


def depend_on(machine: Machine, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """`Depends(function)`: with what the function gives when the framework calls it for a request."""
    given = arguments.get(0, "dependency")
    if not given:
        return (Partial(_DEPENDS, Arguments()),)
    return (Partial(_DEPENDS, Arguments((Bound(given), Bound(_result(machine, given, node, frame))))),)


def annotated(machine: Machine, inner: Value) -> Value:
    """`Annotated[Store, Depends(get_store)]`, of what its brackets hold."""
    parts = elements_of(machine, inner).items
    return (Partial(ANNOTATED[0], Arguments(tuple(Bound(part) for part in parts))),)


def injected(machine: Machine, function: FunctionValue) -> Arguments:
    """What a framework gives to those parameters of a function that depend on something."""
    found = _dependencies(machine, function)
    return Arguments((), tuple((name, Bound(one.result)) for name, one in found.items()))


def request_parts(machine: Machine) -> Iterator[tuple[FunctionValue, tuple[str, ...]]]:
    """The functions on which others depend, with their parameters that hold what a request says."""
    known = [one for one in machine.store.read(_KNOWN) or () if isinstance(one, FunctionValue)]
    found: dict[FunctionValue, tuple[str, ...]] = {}
    for _ in known:  # one may depend on one that is known later
        before = len(found)
        for function in known:
            if function not in found and not isinstance(function.node, ast.Lambda):
                depending = depends(machine, function, frozenset(found))
                parameters = request_parameters(function.node, True, depending)
                if parameters:
                    found[function] = parameters
        if len(found) == before:
            break
    yield from ((function, found[function]) for function in known if function in found)


def depends(machine: Machine, function: FunctionValue, telling: frozenset[FunctionValue]) -> dict[str, bool]:
    """The parameters of a function that depend on something, and whether they get parts of the request by it.

    `telling` are functions that pass on parts of the request.
    """
    found = _dependencies(machine, function)
    return {name: any(_tells(machine, atom, telling) for atom in one.called) for name, one in found.items()}


def _dependencies(machine: Machine, function: FunctionValue) -> dict[str, _Dependency]:
    module = function.state.module
    if module is None or function in machine.running:
        return {}
    frame = Frame(function.state.oid, function.state, module, None)
    found = {}
    machine.running.append(function)
    try:
        for parameter, default in _parameters(function):
            kind, depending = _annotation(machine, parameter.annotation, frame)
            for one in (*_dependings(default), *depending):
                if one.arguments.positional:
                    called, result = (bound.value for bound in one.arguments.positional)
                else:
                    called = tuple(atom for atom in kind if isinstance(atom, ClassValue))
                    result = _result(machine, called, None, frame) if called else ()
                if called:  # else it is an object of a library, made of the request
                    found[parameter.arg] = _Dependency(called, result)
    finally:
        machine.running.pop()
    return found


def _parameters(function: FunctionValue) -> Iterator[tuple[ast.arg, Value]]:
    spec = function.node.args
    positional = [*spec.posonlyargs, *spec.args]
    defaults = [*[()] * (len(positional) - len(function.defaults)), *function.defaults]
    yield from zip(positional, defaults, strict=True)
    yield from zip(spec.kwonlyargs, function.keyword_defaults, strict=True)


def _annotation(machine: Machine, annotation: ast.expr | None, frame: Frame) -> tuple[Value, list[Partial]]:
    """The type that an annotation names, and what it says that a parameter depends on."""
    if annotation is None or isinstance(annotation, ast.Constant):
        return (), []
    value = machine.evaluate(annotation, frame)
    for atom in value:
        if isinstance(atom, Partial) and atom.function in ANNOTATED and atom.arguments.positional:
            first, *others = (bound.value for bound in atom.arguments.positional)
            return first, [one for other in others for one in _dependings(other)]
    return value, []


def _dependings(value: Value) -> list[Partial]:
    return [atom for atom in value if isinstance(atom, Partial) and atom.function == _DEPENDS]


def _result(machine: Machine, called: Value, node: ast.Call | None, frame: Frame) -> Value:
    """What is given for a request; of a generator what it yields. The functions that are called are kept."""
    functions = [function for atom in called for function in _functions(machine, atom)]
    known = machine.store.read(_KNOWN) or ()
    machine.store.write(_KNOWN, tuple(dict.fromkeys((*known, *functions))))
    given = injected(machine, functions[0]) if functions else Arguments()
    result = machine.call(called, given, node, frame)
    if functions and bindings(functions[0].node).generator:
        made = elements_of(machine, result)
        return join(*filter(None, (*made.items, made.rest)))
    return result


def _functions(machine: Machine, atom: Atom) -> Iterator[FunctionValue]:
    """The functions of the application that are run where something is called."""
    match atom:
        case FunctionValue():
            yield atom
        case BoundMethod(function=function):
            yield function
        case Instance() | ClassValue():
            name = "__call__" if isinstance(atom, Instance) else "__init__"
            for method in attribute_of(machine, (atom,), name, None):
                if isinstance(method, BoundMethod):
                    yield method.function
                elif isinstance(method, FunctionValue):
                    yield method


def _tells(machine: Machine, atom: Atom, telling: frozenset[FunctionValue]) -> bool:
    """Whether what is depended on passes on parts of the request."""
    functions = list(_functions(machine, atom))
    if isinstance(atom, ClassValue) and not functions:
        return bool(atom.fields or atom.bases)
    return any(function in telling for function in functions)
