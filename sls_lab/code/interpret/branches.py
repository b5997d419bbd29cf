"""Branches: `if`, `match`, `try` and `with`."""

from __future__ import annotations

import ast

from sls_lab.code.interpret.attributes import attribute_of
from sls_lab.code.interpret.boto_objects import BotoClient, BotoHelper, BotoService
from sls_lab.code.interpret.deciding import truth
from sls_lab.code.interpret.elements import elements_of, subscript_of
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue, TryBody
from sls_lab.code.interpret.heap import Changes, joined
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine, runs
from sls_lab.code.interpret.objects import ClassValue, EnumMember, Instance
from sls_lab.code.interpret.statements import assign, bind_name
from sls_lab.code.interpret.values import Arguments, ListRef, Value, unknown


@runs(ast.If)
def run_if(machine: Machine, node: ast.If, frame: Frame) -> bool:
    """Both arms, unless the code itself decides the test; a chain of `elif` is walked, not descended."""
    arms: list[Changes] = []
    mark = machine.store.mark()
    current: ast.If | None = node
    while current is not None:
        answer = decided(machine, current.test, frame)
        if answer is not False:
            branch = machine.store.mark()
            alive = machine.block(current.body, frame)
            changes = machine.store.changes(mark) if alive else None
            if answer is True and not arms:
                # There is nothing to join here: what the arm left stays.
                return alive
            machine.store.rewind(branch)
            if changes is not None:
                arms.append(changes)
            if answer is True:
                break
        rest = current.orelse
        if len(rest) == 1 and isinstance(rest[0], ast.If):
            machine.step()
            current = rest[0]
            continue
        if machine.block(rest, frame):
            arms.append(machine.store.changes(mark))
        current = None
    machine.store.rewind(mark)
    if not arms:
        return False
    machine.store.merge(arms)
    return True


def decided(machine: Machine, test: ast.expr, frame: Frame) -> bool | None:
    """Evaluate a test; its answer where the code alone decides it.

    What the environment says, and names that functions rebind and that keep their value from one event to the
    next, decide nothing: both arms are looked at.
    """
    value = machine.evaluate(test, frame)
    answer = truth(value)
    if answer is None or not _simple(test):
        return None
    return answer if all(_settled(machine, node, frame) for node in ast.walk(test)) else None


def _settled(machine: Machine, node: ast.AST, frame: Frame) -> bool:
    """Whether a name or attribute in a test begins each event with the value that is known of it."""
    if isinstance(node, ast.Name):
        outer = frame.scope is not None and node.id in frame.scope.nonlocals
        return node.id not in frame.state.rebound and not outer
    if isinstance(node, ast.Attribute):
        return all(
            isinstance(atom, EnumMember)
            or (isinstance(atom, ClassValue) and atom.flavour == "enum")
            or (isinstance(atom, Instance) and atom.oid > machine.loaded_until)
            for atom in machine.evaluate(node.value, frame)
        )
    return True


@runs(ast.Match)
def run_match(machine: Machine, node: ast.Match, frame: Frame) -> bool:
    """Every case; names in a pattern are bound to parts of the subject."""
    subject = machine.evaluate(node.subject, frame)
    label = machine.source(node.subject, frame)
    arms: list[Changes] = []
    exhausted = False
    for case in node.cases:
        mark = machine.store.mark()
        _match(machine, case.pattern, subject, label, frame)
        if case.guard is not None:
            machine.evaluate(case.guard, frame)
        elif isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
            exhausted = True
        alive = machine.block(case.body, frame)
        changes = machine.store.rewind(mark)
        if alive:
            arms.append(changes)
    if not exhausted:
        arms.append({})
    if arms:
        machine.store.merge(arms)
    return bool(arms)


def _match(machine: Machine, pattern: ast.pattern, subject: Value, label: str, frame: Frame) -> None:
    match pattern:
        case ast.MatchAs(pattern=inner, name=name):
            if inner is not None:
                _match(machine, inner, subject, label, frame)
            if name is not None:
                bind_name(machine, name, subject, frame)
        case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
            bind_name(machine, name, unknown(name), frame)
    inner_patterns = [child for child in ast.iter_child_nodes(pattern) if isinstance(child, ast.pattern)]
    if isinstance(pattern, ast.MatchOr):
        for alternative in inner_patterns:
            _match(machine, alternative, subject, label, frame)
    elif isinstance(pattern, ast.MatchMapping):
        for key, each in zip(pattern.keys, pattern.patterns, strict=True):
            _match(machine, each, subscript_of(machine, subject, machine.evaluate(key, frame), frame), label, frame)
    elif not isinstance(pattern, ast.MatchAs):
        for each in inner_patterns:
            _match(machine, each, unknown(label), label, frame)


@runs(ast.Try)
def run_try(machine: Machine, node: ast.Try, frame: Frame) -> bool:
    """The body, each handler from any point of the body, then `finally` on all ways."""
    mark = machine.store.mark()
    attempt = TryBody(mark)
    frame.attempts.append(attempt)
    alive = machine.block(node.body, frame)
    frame.attempts.pop()
    thrown = _thrown(machine, attempt) if node.handlers else {}
    if alive:
        alive = machine.block(node.orelse, frame)
    normal = machine.store.rewind(mark)
    arms = [normal] if alive else []
    for handler in node.handlers:
        machine.store.apply(thrown)
        if handler.name is not None:
            bind_name(machine, handler.name, unknown(handler.name), frame)
        reached = machine.block(handler.body, frame)
        changes = machine.store.rewind(mark)
        if reached:
            arms.append(changes)
    machine.store.merge(arms or [normal])
    finished = machine.block(node.finalbody, frame)
    return bool(arms) and finished


@runs(ast.TryStar)
def run_try_star(machine: Machine, node: ast.Try, frame: Frame) -> bool:
    """`except*` is followed as `except` is."""
    return run_try(machine, node, frame)


def _thrown(machine: Machine, attempt: TryBody) -> Changes:
    """What the heap may hold when the body is left by an exception: whatever it held at any point of it."""
    thrown = machine.store.history(attempt.mark)
    for changes in attempt.raised:
        for key, value in changes.items():
            thrown[key] = joined(key, thrown[key], value) if key in thrown else value
    return thrown


@runs(ast.With)
def run_with(machine: Machine, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
    """Enter each context manager, run the body, leave."""
    managers: list[Value] = []
    for item in node.items:
        manager = machine.evaluate(item.context_expr, frame)
        managers.append(manager)
        if item.optional_vars is not None:
            label = machine.source(item.context_expr, frame)
            assign(machine, item.optional_vars, _entered(machine, manager, label, frame), frame)
        else:
            _entered(machine, manager, "", frame)
    alive = machine.block(node.body, frame)
    for manager in managers:
        for atom in manager:
            if isinstance(atom, Instance):
                _special(machine, atom, ("__exit__", "__aexit__"), frame)
    return alive


@runs(ast.AsyncWith)
def run_async_with(machine: Machine, node: ast.AsyncWith, frame: Frame) -> bool:
    """As `with`."""
    return run_with(machine, node, frame)


def _entered(machine: Machine, manager: Value, label: str, frame: Frame) -> Value:
    results: list[Value] = []
    for atom in manager:
        if isinstance(atom, BotoHelper | BotoClient | BotoService):
            results.append((atom,))
        elif isinstance(atom, Instance):
            results.append(_special(machine, atom, ("__enter__", "__aenter__"), frame) or (atom,))
        elif isinstance(atom, ListRef):
            # A generator function under `@contextmanager`: what it yields.
            held = elements_of(machine, (atom,))
            results.append(join(*held.items, held.rest))
        else:
            results.append((atom,))
    return join(*results) if results else unknown(label)


def _special(machine: Machine, owner: Instance, names: tuple[str, ...], frame: Frame) -> Value:
    for name in names:
        for atom in attribute_of(machine, (owner,), name, frame):
            if isinstance(atom, BoundMethod | FunctionValue):
                return machine.call((atom,), Arguments(), None, frame)
    return ()


def _simple(test: ast.expr) -> bool:
    """Whether a test is made of names, constants, attributes of names and comparisons alone."""
    match test:
        case ast.Name() | ast.Constant():
            return True
        case ast.Attribute(value=ast.Name()):
            return True
        case ast.UnaryOp(operand=operand):
            return _simple(operand)
        case ast.BoolOp(values=values):
            return all(_simple(value) for value in values)
        case ast.Compare(left=left, comparators=others):
            return _simple(left) and all(_simple(other) for other in others)
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return all(_simple(element) for element in elements)
        case _:
            return False
