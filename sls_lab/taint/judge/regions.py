"""Where in a function a check is certain to hold.

Within the branch of an `if` that it opens, after one that leaves the function otherwise, in a case of a `match`; and
after the call of a function of the application that returns only where a check of what it is given held.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.class_makers import CALLED_AFTER, DATA_CLASSES, FIELD_CHECKS, STRUCTS
from sls_lab.python.walking import leaves, own_nodes
from sls_lab.taint.judge.call_arguments import arguments_given, is_bound
from sls_lab.taint.judge.definitions import Defined, makes_at_once
from sls_lab.taint.judge.guard_conditions import Guard, implied
from sls_lab.taint.judge.object_classes import class_made
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.typed_fields import field_guards, is_model, is_of_attrs

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: Functions that check what they are given are followed through so many that they call.
_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Region:
    """A guard and the nodes at which it holds, by their identity."""

    guard: Guard
    nodes: frozenset[int]


@dataclass(frozen=True, slots=True)
class _After:
    """The statements that follow a block: where nothing is raised in it, and those that are then alone reached."""

    quiet: tuple[ast.stmt, ...] = ()
    raised: tuple[ast.stmt, ...] = ()


def regions(function: _Function, reading: Reading, depth: int = _DEPTH) -> Iterator[Region]:
    """The checks in a function that nothing undoes, each with where it holds."""
    finder = _Finder(reading, depth)
    found = [*finder.of_parameters(function), *finder.in_block(function.body, _After())]
    return (one for one in found if _stays(one, function))


def class_guards(found: Defined | None, instance: ast.expr, reading: Reading, depth: int = _DEPTH) -> Iterator[Guard]:
    """What a class makes sure of when it makes an object, said of the expression `instance`."""
    return _Finder(reading, depth).of_class(found, instance)


class _Finder:
    """Finds the checks of one function; `depth` bounds how far functions that it calls are followed."""

    def __init__(self, reading: Reading, depth: int) -> None:
        self._reading = reading
        self._depth = depth

    def of_parameters(self, function: _Function) -> Iterator[Region]:
        """What the class of a parameter makes sure of each of its objects."""
        for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
            if one.annotation is not None:
                made = self._reading.meant(self._leaf(one.annotation))
                for guard in self.of_class(made, ast.Name(one.arg, ast.Load())):
                    yield Region(replace(guard, test=one.annotation), _nodes(function.body))
                yield from self._of_elements(function, one.arg, one.annotation)

    def _of_elements(self, function: _Function, name: str, annotation: ast.expr) -> Iterator[Region]:
        """What the class of the elements of a list makes sure of each that a loop goes through."""
        match annotation:
            case ast.Subscript(value=ast.Name(id="list" | "List" | "Sequence" | "Iterable"), slice=element):
                made = self._reading.meant(self._leaf(element))
            case _:
                return
        for loop in own_nodes(function):
            match loop:
                case ast.For(target=ast.Name(id=target), iter=ast.Name(id=through)) if through == name:
                    for guard in self.of_class(made, ast.Name(target, ast.Load())):
                        yield Region(replace(guard, test=annotation), _nodes(loop.body))

    def in_block(self, block: Sequence[ast.stmt], after: _After) -> Iterator[Region]:
        """The checks within the statements of a block."""
        for number, statement in enumerate(block):
            rest = tuple(block[number + 1 :])
            quiet, raised = (*rest, *after.quiet), (*rest, *after.raised)
            match statement:
                case ast.If(test=test, body=body, orelse=other):
                    for holds, branch, opposite in ((True, body, other), (False, other, body)):
                        where: list[ast.AST] = [*branch]
                        if leaves(opposite):
                            where += quiet if leaves(opposite, quietly=True) else raised
                        for guard in implied(test, holds, self._reading, self._leaf(test)):
                            yield Region(guard, _nodes(where))
                    yield from self.in_block(body, _After())
                    yield from self.in_block(other, _After())
                case ast.With(body=body) | ast.AsyncWith(body=body):
                    yield from self.in_block(body, _After(quiet))  # it may swallow what is raised within it
                case ast.For(body=body) | ast.AsyncFor(body=body) | ast.While(body=body):
                    yield from self.in_block(body, _After())
                case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=final):
                    only = all(leaves(one.body) for one in handlers)
                    beyond = _After((*other, *quiet), (*other, *raised)) if only else _After(tuple(other), tuple(other))
                    yield from self.in_block(body, beyond)
                    for inner in (other, final, *(one.body for one in handlers)):
                        yield from self.in_block(inner, _After())
                case ast.Match(subject=subject, cases=cases):
                    for case in cases:
                        if _is_literal(case.pattern):
                            yield Region(Guard("listed", (subject,), subject), _nodes(case.body))
                        yield from self.in_block(case.body, _After())
                case ast.Expr(value=value) | ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value):
                    for guard in self._after_call(statement, value):
                        yield Region(guard, _nodes(raised))
            if not isinstance(statement, ast.If | _Function | ast.ClassDef):
                yield from self._in_expressions(statement)

    def _leaf(self, node: ast.expr) -> Leaf:
        return Leaf(node, self._reading.scopes_of(node))

    def _in_expressions(self, statement: ast.stmt) -> Iterator[Region]:
        for node in ast.walk(statement):
            match node:
                case ast.IfExp(test=test, body=body, orelse=other):
                    for holds, branch in ((True, body), (False, other)):
                        for guard in implied(test, holds, self._reading, self._leaf(test)):
                            yield Region(guard, _nodes([branch]))
                case ast.BoolOp(op=operator, values=values):
                    # What follows `and` runs where all before it came out true, what follows `or` where it did not.
                    for number, test in enumerate(values[:-1], 1):
                        for guard in implied(test, isinstance(operator, ast.And), self._reading, self._leaf(test)):
                            yield Region(guard, _nodes(values[number:]))
                case ast.ListComp(elt=element, generators=[only]) | ast.GeneratorExp(elt=element, generators=[only]):
                    for test in only.ifs:
                        for guard in implied(test, True, self._reading, self._leaf(test)):
                            yield Region(guard, _nodes([element]))

    def _after_call(self, statement: ast.stmt, value: ast.expr) -> Iterator[Guard]:
        """What holds after a statement that is no more than a call of something of the application."""
        awaited = isinstance(value, ast.Await)
        value = value.value if isinstance(value, ast.Await) else value
        if not isinstance(value, ast.Call) or not self._depth:
            return
        found, holder = self._reading.meant(self._leaf(value.func)), class_made(self._leaf(value.func), self._reading)
        match statement:
            case ast.Assign(targets=[ast.Name() as target]) | ast.AnnAssign(target=ast.Name() as target):
                yield from (
                    replace(guard, test=value) for guard in self.of_class(holder, ast.Name(target.id, ast.Load()))
                )
        # A coroutine that nobody awaits checks nothing.
        if found is None:
            return
        if isinstance(found.node, ast.AsyncFunctionDef if awaited else ast.FunctionDef) and makes_at_once(found.node):
            given = arguments_given(value, found.node, bound=is_bound(value, found.node))
            held = frozenset(name for name, argument in given.items() if self._reading.carries(argument))
            inner = self._reading.within(found.module, found.node, held, value)
            for guard in self._left_true(inner, found.node):
                yield from _renamed(guard, given, value)

    def of_class(self, found: Defined | None, instance: ast.expr) -> Iterator[Guard]:
        """What the class `found` makes sure of when it makes an object, said of the expression `instance`."""
        if found is None or not isinstance(found.node, ast.ClassDef) or not self._depth:
            return
        yield from field_guards(found, instance, self._reading)
        for method in found.node.body:
            if not isinstance(method, ast.FunctionDef):
                continue
            for guard, attribute in self._made_sure(found, method):
                if not self._reading.reassigns(attribute, method, found.node):
                    yield replace(guard, subjects=(ast.Attribute(instance, attribute, ast.Load()),))

    def _made_sure(self, holder: Defined, method: ast.FunctionDef) -> Iterator[tuple[Guard, str]]:
        """What a method makes sure of whenever an object of its class is made, and of which attributes."""
        assert isinstance(holder.node, ast.ClassDef)
        names = [one.arg for one in method.args.args]
        inner = self._reading.within(holder.module, method, frozenset(names))
        checked = self._validated(holder, method)
        value = method.args.args[-1].arg if checked and names else ""
        if checked and _gives_back(method, value):
            for guard in self._left_true(inner, method):
                if any(isinstance(one, ast.Name) and one.id == value for one in guard.subjects):
                    yield from ((guard, attribute) for attribute in checked)
        elif not checked and names and self._makes(method, holder):
            for guard in self._left_true(inner, method):
                for attribute in _attributes(guard, method, names[0]):
                    yield guard, attribute

    def _validated(self, holder: Defined, method: ast.FunctionDef) -> list[str]:
        """The fields that a method checks: `@room.validator` of attrs, `@field_validator("room")` of pydantic.

        What it checks is the last of its parameters.
        """
        found: list[str] = []
        for decorator in method.decorator_list:
            match decorator:
                case ast.Attribute(value=ast.Name(id=name), attr="validator") if len(method.args.args) == 3:
                    found += [name] if is_of_attrs(holder, self._reading) else []
                case ast.Call(func=function, args=args) if len(method.args.args) == 2:
                    if self._reading.means(Leaf(function, (holder.module.tree,)), FIELD_CHECKS):
                        found += [str(one.value) for one in args if isinstance(one, ast.Constant)]
        return found

    def _makes(self, method: ast.FunctionDef, holder: Defined) -> bool:
        """Whether a method runs whenever an object of a class or of those below it is made."""
        assert isinstance(holder.node, ast.ClassDef)
        if self._reading.is_overridden(method.name, holder.node.name):
            return False
        scopes = (holder.module.tree,)
        decorators = [one.func if isinstance(one, ast.Call) else one for one in holder.node.decorator_list]
        match method.name:
            case "__init__":
                return True
            case "__post_init__":
                of_data = any(self._reading.means(Leaf(one, scopes), DATA_CLASSES) for one in decorators)
                return of_data or any(self._reading.means(Leaf(one, scopes), STRUCTS) for one in holder.node.bases)
            case "__attrs_post_init__":
                return is_of_attrs(holder, self._reading)
        return method.name == CALLED_AFTER["model"] and is_model(holder, self._reading)

    def _left_true(self, reading: Reading, function: _Function) -> Iterator[Guard]:
        """What holds of the parameters of a function wherever it returns; `reading` is of what is within it."""
        end = ast.Pass()
        exits = [node for node in own_nodes(function) if isinstance(node, ast.Return)]
        inner = _Finder(reading, self._depth - 1)
        for region in inner.in_block([*function.body, end], _After()):
            left = [*exits, *([] if leaves(function.body) else [end])]
            if left and all(id(node) in region.nodes for node in left) and _stays(region, function):
                yield region.guard


def _gives_back(method: ast.FunctionDef, name: str) -> bool:
    """Whether a method returns nothing but this parameter, as it was given."""
    returned = [one.value for one in own_nodes(method) if isinstance(one, ast.Return) and one.value is not None]
    bound = [one for one in bindings(method).every if one.name == name]
    return len(bound) == 1 and all(isinstance(one, ast.Name) and one.id == name for one in returned)


def _attributes(guard: Guard, method: ast.FunctionDef, own: str) -> Iterator[str]:
    """The attributes of an object of which a guard in what makes it speaks, also by the parameters they are given."""
    for subject in guard.subjects:
        match subject:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == own:
                yield attribute
            case ast.Name(id=name):
                if all(one.kind is BindingKind.PARAMETER for one in bindings(method).every if one.name == name):
                    kept = [one for one in bindings(method).every if one.name == own and one.target is not None]
                    for one in kept:
                        match one.target, one.value:
                            case ast.Attribute(attr=attribute), ast.Name(id=value) if value == name:
                                again = [other for other in kept if _is_attribute(other.target, attribute)]
                                if len(again) == 1:
                                    yield attribute


def _is_attribute(target: ast.expr | None, name: str) -> bool:
    return isinstance(target, ast.Attribute) and target.attr == name


def _renamed(guard: Guard, given: Mapping[str, ast.expr], call: ast.expr | ast.ClassDef) -> Iterator[Guard]:
    """A guard on parameters as one on what they are given."""
    subjects = []
    for subject in guard.subjects:
        names = [node.id for node in ast.walk(subject) if isinstance(node, ast.Name)]
        if names and all(name in given for name in names):
            subjects.append(_Renaming(given).visit(copy.deepcopy(subject)))
    if subjects:
        yield replace(guard, subjects=tuple(subjects), test=call)


class _Renaming(ast.NodeTransformer):
    def __init__(self, given: Mapping[str, ast.expr]) -> None:
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._given[node.id]


def _stays(region: Region, function: _Function) -> bool:
    """Whether nothing binds or changes what was checked where the guard holds."""
    names = {
        inner.id for subject in region.guard.subjects for inner in ast.walk(subject) if isinstance(inner, ast.Name)
    }
    return not any(one.name in names and id(one.node) in region.nodes for one in bindings(function).every)


def _is_literal(pattern: ast.pattern) -> bool:
    match pattern:
        case ast.MatchValue(value=ast.Constant()):
            return True
        case ast.MatchOr(patterns=patterns):
            return all(map(_is_literal, patterns))
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return _is_literal(inner)
    return False


def _nodes(roots: Sequence[ast.AST]) -> frozenset[int]:
    return frozenset(id(node) for root in roots for node in ast.walk(root))
