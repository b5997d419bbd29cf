"""Objects of libraries that functions are registered with, and that pass requests on to them.

What was registered is in the heap under the place at which the object was made: functions, and other such objects
(a router in an application, an application in an adapter).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.code.interpret.dependencies import depends, injected, request_parts
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import Arguments, Atom, ListRef, Unknown, Value
from sls_lab.code.library_objects import class_made
from sls_lab.code.routes import (
    ADAPTERS,
    checks_annotations,
    framework_class,
    is_route,
    is_web_route,
    request_parameters,
)
from sls_lab.facts import Diagnostic
from sls_lab.python.module import Module
from sls_lab.python.positions import span_of

Owned = tuple[Unknown, FunctionValue, bool]  #: an object, a function registered with it, and whether as an argument


def register_decorated(machine: Machine, decorator: ast.expr, value: Value, frame: Frame) -> None:
    """`@app.get("/path")`: the object `app` may call the function when it is handed an event."""
    registering = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(registering, ast.Attribute):
        return
    for owner in machine.evaluate(registering.value, frame):
        if isinstance(owner, Unknown) and owner.site:
            _keep(machine, owner, [atom for atom in value if isinstance(atom, FunctionValue)], "")


def register_type(machine: Machine, generic: FunctionValue, value: Value) -> None:
    """`@generic.register`: the function is called in place of `generic`, by the type of its first argument.

    https://docs.python.org/3/library/functools.html#functools.singledispatch
    """
    known = machine.store.read((0, _types_of(generic))) or ()
    fresh = tuple(atom for atom in value if isinstance(atom, FunctionValue) and atom not in known)
    machine.store.write((0, _types_of(generic)), (*known, *fresh))


def dispatched(machine: Machine, function: Value) -> Value:
    """What is called, with the functions that are registered for types."""
    found: list[Atom] = []
    for generic in function:
        if isinstance(generic, FunctionValue):
            found += machine.store.read((0, _types_of(generic))) or ()
        elif isinstance(generic, BoundMethod):
            types = machine.store.read((0, _types_of(generic.function))) or ()
            found += [BoundMethod(generic.receiver, one) for one in types if isinstance(one, FunctionValue)]
    return (*function, *found) if found else function


def _types_of(generic: FunctionValue) -> str:
    return f"types of {generic.state.file}:{generic.node.lineno}:{generic.name}"


def take_in(machine: Machine, owner: Unknown, arguments: Arguments) -> None:
    """`app.include_router(router)`, `Mangum(app)`: the object passes requests on to what it was given."""
    given = list(_handed(machine, arguments))
    _keep(machine, owner, [atom for atom in given if isinstance(atom, FunctionValue)], " taken")
    _keep(machine, owner, [atom for atom in given if not isinstance(atom, FunctionValue)], "")


def unknown_framework(machine: Machine, what: str, node: ast.AST, module: Module) -> None:
    """Say that a request goes to functions that cannot be found."""
    message = (
        f"{what}, so that the functions which answer requests are not analysed: let the handler call them, or "
        "register them with FastAPI, Starlette, Flask, Chalice or a resolver of Powertools by decorators."
    )
    machine.incomplete = machine.incomplete or Diagnostic("unknown-framework", message, span_of(module, node))


def adapter_of(machine: Machine, maker: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Unknown:
    """What `maker`, a function or class of a library, makes; it may be handed functions, or take some in later."""
    label = machine.call_label(maker.removeprefix("builtins."), arguments)
    takes = any(isinstance(atom, Unknown) for atom in _handed(machine, arguments))
    if node is None or not (takes or maker.rpartition(".")[2][:1].isupper()):
        return Unknown(label, maker=maker, library_class=class_made(maker))
    span = span_of(frame.module, node)
    site = f"{span.file}:{span.line}:{span.column}"
    made = Unknown(label, site=site, maker=maker, library_class=class_made(maker))
    take_in(machine, made, arguments)
    return made


def dispatch(machine: Machine, owner: Unknown, node: ast.Call | None, frame: Frame) -> None:
    """Run the functions registered with an object of a library, with arguments it chooses."""
    registered = registered_with(machine, owner)
    unknown = "is of a framework that is not known"
    if not registered and node is not None and owner.maker in ADAPTERS:
        unknown_framework(machine, f"what `{owner.label}` is given {unknown}", node, frame.module)
    for holder, function, taken in registered:
        route, home = function.node, function.state.module or frame.module
        known = framework_class(holder.maker) is not None
        if not known and not isinstance(route, ast.Lambda) and is_web_route(route):
            unknown_framework(machine, f"`{holder.label}` {unknown}", route, home)
        machine.dispatched[holder, function, taken] = None
        if function not in machine.running:
            machine.call((function,), injected(machine, function), node, frame)


def registered_with(machine: Machine, owner: Unknown) -> tuple[Owned, ...]:
    """The functions registered with an object, and with those that it passes requests on to."""
    found: list[Owned] = []
    seen = {owner.site}
    waiting = [owner]
    while waiting:
        holder = waiting.pop(0)
        for taken in (False, True):
            for atom in machine.store.read((0, holder.site + " taken" * taken)) or ():
                if isinstance(atom, FunctionValue):
                    found.append((holder, atom, taken))
                elif isinstance(atom, Unknown) and atom.site not in seen:
                    seen.add(atom.site)
                    waiting.append(atom)
    return tuple(found)


def routes_of(machine: Machine) -> Iterator[tuple[FunctionValue, tuple[str, ...]]]:
    """The functions that frameworks handed requests to so far, with the parameters that hold what those say.

    Where dependencies are used, those of every framework object count, since any route may use them.
    """
    owned = [one for one in machine.dispatched if framework_class(one[0].maker)]
    if not owned:
        return
    parts = dict(request_parts(machine))
    yield from parts.items()
    for holder, function, taken in owned:
        node = function.node
        if not isinstance(node, ast.Lambda) and is_route(node, taken):
            depending = depends(machine, function, frozenset(parts))
            yield function, request_parameters(node, checks_annotations(holder.maker), depending)


def _handed(machine: Machine, arguments: Arguments) -> Iterator[Atom]:
    """The functions and objects among arguments, and in lists among them."""
    for value in (bound.value for bound in (*arguments.positional, *(bound for _, bound in arguments.keywords))):
        for atom in value:
            inner: Value = (atom,)
            if isinstance(atom, ListRef):
                inner = tuple(one for item in elements_of(machine, (atom,)).items for one in item)
            yield from (
                one for one in inner if isinstance(one, FunctionValue) or (isinstance(one, Unknown) and one.site)
            )


def _keep(machine: Machine, owner: Unknown, atoms: list[Atom], suffix: str) -> None:
    known = machine.store.read((0, owner.site + suffix)) or ()
    fresh = tuple(atom for atom in dict.fromkeys(atoms) if atom not in known)
    if fresh:
        machine.store.write((0, owner.site + suffix), (*known, *fresh))
