"""The function that a handler string means, through imports, aliases, decorators, methods and partial functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.dispatching import dispatch, registered_with, routes_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.module_loading import submodule_of
from sls_lab.code.interpret.module_state import ModuleState
from sls_lab.code.interpret.objects import Instance
from sls_lab.code.interpret.values import Arguments, Atom, Bound, External, Partial, Unknown, Value
from sls_lab.code.model import Handler, Receiver
from sls_lab.code.routes import framework_class
from sls_lab.code.wrapping import passed_on
from sls_lab.facts import Diagnostic, Reason, Span
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.positions import definition_span, qualified_name, source_of, span_of
from sls_lab.template.model import Function

#: Decorators around one handler that are looked through.
_WRAPPERS = 20


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A handler found: what is called, several values where one of them is, and what the call hands it."""

    handler: Handler
    called: Value
    event: str
    context: str


@dataclass(frozen=True, slots=True)
class _Found:
    """The function that a handler's value leads to; how many of its first parameters are bound, and what wraps it."""

    function: FunctionValue
    skipped: int
    wrappers: tuple[FunctionValue, ...] = ()


def find_entry(
    machine: Machine, function: Function, module: Module, state: ModuleState, attribute: str
) -> EntryPoint | Diagnostic:
    """The handler `attribute` of a loaded module, or the diagnostic that says why it is not analysed."""
    value = machine.store.read((state.oid, attribute)) or submodule_of(machine, state, attribute)
    if not value:
        return _missing(function, module, attribute)
    frame = Frame(state.oid, state, module, None)
    found = [_entry(machine, function, module, attribute, atom, frame) for atom in value]
    problem = next((one for one in found if isinstance(one, Diagnostic)), None)
    entries = [one for one in found if isinstance(one, EntryPoint)]
    if problem is not None or not entries:
        return problem or _no_function(function, module, attribute)
    if any(one is None and isinstance(atom, External | Unknown) for atom, one in zip(value, found, strict=True)):
        message = (
            f"The handler {function.handler} may be something of a library instead of `{entries[0].handler.qualified}`,"
            " which is not analysed: let the handler be one def that calls it."
        )
        told = Diagnostic("handler-not-a-function", message, entries[0].handler.span)
        machine.incomplete = machine.incomplete or told
    return _joined(entries)


def _entry(
    machine: Machine, function: Function, module: Module, attribute: str, atom: Atom, frame: Frame
) -> EntryPoint | Diagnostic | None:
    """The handler that one value is; None for anything else, such as the `None` of an import that failed."""
    if isinstance(atom, Unknown) and any(framework_class(one.maker) for one, _, _ in registered_with(machine, atom)):
        return EntryPoint(_adapter(machine, function, module, attribute, atom), (atom,), "event", "context")
    found = _definition(machine, atom, frame)
    if found is None:
        return None
    node, home = found.function.node, found.function.state.module or module
    qualified = _lambda_name(home, node) if isinstance(node, ast.Lambda) else qualified_name(home, node)
    if qualified is None:
        message = (
            f"The handler {function.handler} is a lambda expression within another expression, so it is not "
            "analysed: write it as a def."
        )
        return Diagnostic("handler-is-lambda", message, span_of(home, node))
    parameters = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)][found.skipped :]
    handler = Handler(
        name=function.name,
        file=home.file,
        named_in=module.file,
        attribute=attribute,
        qualified=qualified,
        definition=node,
        event=parameters[0] if parameters else None,
        span=span_of(home, node) if isinstance(node, ast.Lambda) else definition_span(home, node),
        because=_because(function, module, home, node, attribute),
        receivers=tuple(_receivers(found, home, qualified)),
    )
    event = parameters[0] if parameters else "event"
    return EntryPoint(handler, (atom,), event, parameters[1] if len(parameters) > 1 else "context")


def _joined(entries: list[EntryPoint]) -> EntryPoint:
    """The first of the functions that a handler may be; the event goes to all of them."""
    first = entries[0]
    others = (one.handler for one in entries if one.handler.definition is not first.handler.definition)
    handler = replace(
        first.handler,
        receivers=tuple(dict.fromkeys(receiver for one in entries for receiver in one.handler.receivers)),
        alternatives=tuple(dict.fromkeys(one.qualified for one in others)),
    )
    return replace(first, handler=handler, called=tuple(atom for one in entries for atom in one.called))


def run_entry(machine: Machine, entry: EntryPoint, module: Module, state: ModuleState) -> Handler:
    """Run a handler on an event of which nothing is known; the handler with the routes that it was seen to reach.

    Raises OutOfBudget and RecursionError.
    """
    frame = Frame(state.oid, state, module, None, mark=machine.store.mark())
    event: Value = (Unknown(entry.event, (Reason(f"the event of {entry.handler.name}", entry.handler.span),), way=()),)
    context: Value = (Unknown(entry.context, (Reason(f"the context of {entry.handler.name}"),), role="context"),)
    machine.loaded_until = new_number()
    machine.dispatched.clear()
    for called in entry.called:
        if isinstance(called, Unknown):
            dispatch(machine, called, None, frame)
    functions = tuple(called for called in entry.called if not isinstance(called, Unknown))
    if functions:
        machine.call(functions, Arguments((Bound(event), Bound(context))), None, frame)
    routes = [
        Receiver(route.state.module.file, qualified_name(route.state.module, route.node), route.node, parameters, True)
        for route, parameters in routes_of(machine)
        if route.state.module is not None and not isinstance(route.node, ast.Lambda)
    ]
    return replace(entry.handler, receivers=tuple(dict.fromkeys((*entry.handler.receivers, *routes))))


def _receivers(found: _Found, home: Module, qualified: str) -> Iterator[Receiver]:
    """The function itself and what wraps it; all are given the event."""
    event = _event_of(found.function.node, found.skipped)
    answers = True
    around = []
    for wrapper in found.wrappers:
        module = wrapper.state.module
        if module is not None and not isinstance(wrapper.node, ast.Lambda):
            name = qualified_name(module, wrapper.node)
            skipped = int(wrapper.kind == "middleware")  # it is given the handler first
            around.append(Receiver(module.file, name, wrapper.node, _event_of(wrapper.node, skipped), answers=answers))
            answers = answers and bool(passed_on(module, wrapper.node))
    yield Receiver(home.file, qualified, found.function.node, event, answers=answers)
    yield from around


def _event_of(node: FunctionNode | ast.Lambda, skipped: int) -> tuple[str, ...]:
    parameters = [arg.arg for arg in (*node.args.posonlyargs, *node.args.args)][skipped:]
    variadic = [f"*{node.args.vararg.arg}"] if node.args.vararg is not None else []
    return tuple([*parameters[:1], *variadic][:1])


def _definition(machine: Machine, atom: Atom, frame: Frame) -> _Found | None:
    """The function that a handler's value leads to."""
    match atom:
        case FunctionValue():
            wrappers: list[FunctionValue] = []
            for _ in range(_WRAPPERS):
                behind = atom.wraps or _wrapped(machine, atom)
                if behind is None:
                    break
                wrappers.append(atom)
                atom = behind
            return _Found(atom, 0, tuple(wrappers))
        case BoundMethod(function=function):
            return _Found(function, 1)
        case Instance():
            for inner in attribute_of(machine, (atom,), "__call__", frame):
                if isinstance(inner, BoundMethod):
                    return _Found(inner.function, 1)
        case Partial(function=(FunctionValue(kind="middleware") as around,), arguments=arguments):
            for inner in arguments.positional[0].value:
                found = _definition(machine, inner, frame)
                if found is not None:
                    return replace(found, wrappers=(around, *found.wrappers))
        case Partial(function=functions, arguments=arguments):
            for inner in functions:
                found = _definition(machine, inner, frame)
                if found is not None:
                    return replace(found, skipped=found.skipped + len(arguments.positional))
    return None


def _adapter(machine: Machine, function: Function, module: Module, attribute: str, atom: Unknown) -> Handler:
    """The handler that a library made of an application of a framework (`Mangum(app)`), or that application."""
    file, line, column = atom.site.rsplit(":", 2)
    home = machine.index.module(file)
    span = Span(file, int(line), int(column), int(line), int(column))
    if isinstance(home, Module):
        calls = (span_of(home, node) for node in ast.walk(home.tree) if isinstance(node, ast.Call))
        made_at = [one for one in calls if (one.line, one.column) == (span.line, span.column)]
        span = min(made_at, key=lambda one: (one.end_line, one.end_column), default=span)
    first = Reason(f"{function.name} is handled by {function.handler}", function.handler_span)
    made = Reason(f"`{attribute}` is `{atom.label}`, which hands requests to the routes registered with it", span)
    return Handler(function.name, file, module.file, attribute, attribute, None, None, span, (first, made))


def _lambda_name(module: Module, node: ast.Lambda) -> str | None:
    """The name of the variable at the top of the module that a lambda expression is, None if there is none."""
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value is node:
                return name
    return None


def _wrapped(machine: Machine, function: FunctionValue) -> FunctionValue | None:
    """The function of the surroundings to which a nested function hands its event on, as decorators do."""
    if function.frame is None or isinstance(function.node, ast.Lambda):
        return None
    arguments = function.node.args
    own = {arg.arg for arg in (*arguments.posonlyargs, *arguments.args)[:1]}
    own.update(arg.arg for arg in (arguments.vararg,) if arg is not None)
    for node in ast.walk(function.node):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        first = node.args[0].value if isinstance(node.args[0], ast.Starred) else node.args[0]
        if isinstance(first, ast.Name) and first.id in own:
            for atom in machine.store.read((function.frame.oid, node.func.id)) or ():
                if isinstance(atom, FunctionValue):
                    return atom
    return None


def _because(
    function: Function, module: Module, home: Module, node: FunctionNode | ast.Lambda, attribute: str
) -> tuple[Reason, ...]:
    first = Reason(f"{function.name} is handled by {function.handler}", function.handler_span)
    if isinstance(node, ast.Lambda):
        return first, Reason(f"`{attribute}` is a lambda expression", span_of(home, node))
    if home.file != module.file:
        return first, Reason(f"`{attribute}` of {module.file} is `{node.name}` of {home.file}", span_of(home, node))
    if node.name != attribute:
        return first, Reason(f"`{attribute}` is `{node.name}`", span_of(home, node))
    return (first,)


def _missing(function: Function, module: Module, attribute: str) -> Diagnostic:
    names = [
        statement.name
        for statement in module.tree.body
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    near = get_close_matches(attribute, names, n=3, cutoff=0.4) or names[:3]
    if not module.tree.body:
        remedy = f"{module.file} is empty: write `def {attribute}(event, context)` in it"
    elif near:
        remedy = f"{module.file} has {' and '.join(f'`{name}`' for name in near)}: correct one of the two names"
    else:
        remedy = f"{module.file} defines no function at its top level: write `def {attribute}(event, context)` in it"
    message = f"The handler {function.handler} names `{attribute}`, which is not there, and {remedy}."
    return Diagnostic("handler-function-missing", message, function.handler_span)


def _no_function(function: Function, module: Module, attribute: str) -> Diagnostic:
    for statement in module.tree.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if any(isinstance(target, ast.Name) and target.id == attribute for target in targets):
            source = " ".join(source_of(module, statement).split())[:80]
            message = (
                f"The handler {function.handler} is `{source}`, which is not a function of the application, so it is "
                "not analysed: let the handler be a def that calls it."
            )
            return Diagnostic("handler-not-a-function", message, span_of(module, statement))
    message = (
        f"The handler {function.handler} is not a function of the application, so it is not analysed: let it be a def."
    )
    return Diagnostic("handler-not-a-function", message, function.handler_span)
