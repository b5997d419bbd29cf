"""The statements of one function that lie between a source and where the data leaves.

Pysa works with summaries: within a function it stores the places of some transformations, but not the assignments
between them, and none where a call could not be resolved. The function's own source has them all.
"""

from __future__ import annotations

import ast
import sys
from bisect import bisect_right
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.scopes import owner, scopes_around
from sls_lab.python.walking import own_nodes

_FILE_READERS = {"open", "Path"}
#: Stands for the expressions at which the data comes in, among the names of variables.
_ORIGIN = "\ue000"
_ROUNDS = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
#: A line and a column, as Python's syntax tree counts them.
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Definition:
    """One place at which the variables `targets` get something of `uses`. `value` is the expression they get.

    `filled` is what a call may have changed, where it is a call that stands alone: what its method is called on, or one
    of its arguments.
    """

    targets: frozenset[str]
    uses: frozenset[str]
    value: ast.expr
    filled: Literal["receiver", "argument"] | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What holds the data where a function is entered: `variables`, and the expressions at which it comes in.

    `part` is the attribute or key of the variables in which it is, where that is known.
    """

    function: NamespaceNode
    variables: frozenset[str]
    expressions: tuple[ast.AST, ...] = ()
    part: str | None = None

    def carries(self, node: ast.AST) -> bool:
        """Whether an expression of the function reads something that the data went into."""
        return bool(carriers(self.function, self.variables, self.expressions, [node]))

    def is_beside(self, node: ast.AST) -> bool:
        """Whether an expression is another part of a parameter than the one in which the data is.

        A parameter that is bound again, or of which parts are, may have it elsewhere.
        """
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=part):
                pass
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(part))):
                pass
            case _:
                return False
        if self.part is None or part == self.part or name not in self.variables:
            return False
        return all(one.kind is BindingKind.PARAMETER for one in bindings(self.function).every if one.name == name)


@dataclass(frozen=True, slots=True)
class _Visible:
    """From `start` to `end`, all that is assigned up to `latest` may come before a use.

    In a loop that is what the round before assigned, in a function whatever is assigned before it is called.
    """

    start: _Place
    end: _Place
    latest: _Place


@dataclass(frozen=True, slots=True)
class Station:
    """One function on the way of the data: what holds it there, and the expressions with which it leaves.

    `entry` is the key or attribute of what leaves at which the next function has the data, where that is known.
    """

    module: Module
    held: Held
    leaving: tuple[ast.AST, ...]
    entry: str | None = None


def carried_but_for(held: Held, leaving: Iterable[ast.AST], is_clean: Callable[[ast.AST], bool]) -> bool:
    """Whether one of `leaving` carries the data by anything else than the expressions that are clean."""

    def reads(node: ast.AST) -> frozenset[str]:
        names: set[str] = set()
        waiting = [node]
        while waiting:
            inner = waiting.pop()
            if is_clean(inner):
                continue
            if id(inner) in origins:
                names.add(_ORIGIN)
            if isinstance(inner, ast.Name):
                names.add(inner.id)
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
                names.add(f"{inner.value.id}.{inner.attr}")
            # What decides between two values is not part of either.
            waiting += [inner.body, inner.orelse] if isinstance(inner, ast.IfExp) else ast.iter_child_nodes(inner)
        return frozenset(names)

    origins = set(map(id, held.expressions))
    tainted = {*held.variables, _ORIGIN}
    # What an assignment uses beside its value (`x += value`) is used still.
    steps = [
        (reads(definition.value) | (definition.uses - names_in(definition.value)), definition.targets)
        for definition in _definitions(held.function)
    ]
    _spread(tainted, steps)
    return any(reads(node) & tainted for node in leaving)


def _spread(tainted: set[str], steps: Iterable[tuple[frozenset[str], frozenset[str]]]) -> list[int]:
    """Add to `tainted` the targets of all steps of which a use is in it; gives the numbers of these steps.

    Each step is (uses, targets), and each is looked at once for each name that it uses, in whatever order they are.
    """
    using: dict[str, list[int]] = {}
    targets: list[frozenset[str]] = []
    for number, (uses, into) in enumerate(steps):
        targets.append(into)
        for name in uses:
            using.setdefault(name, []).append(number)
    taken: dict[int, None] = {}
    waiting = list(tainted)
    while waiting:
        for number in using.get(waiting.pop(), ()):
            if number not in taken:
                taken[number] = None
                waiting += targets[number] - tainted
                tainted |= targets[number]
    return list(taken)


def between(
    function: NamespaceNode,
    entry: frozenset[str],
    sources: Iterable[ast.AST],
    leaving: Iterable[ast.AST],
    unchanged: frozenset[str] = frozenset(),
) -> list[ast.expr]:
    """The values assigned on the paths from the variables `entry` or the expressions `sources` to `leaving`.

    In the order of their places; empty where data takes a path that no assignment shows. What is assigned below a use,
    other than in a loop around both, does not lead to it. A call is taken to change its
    arguments, and the variables `unchanged`, such as modules and clients, only where nothing else leads on:
    `os.system(x)` puts no `x` into `os`, but what `s3.put_object` stores comes out of `s3.get_object`.
    """
    leaving = list(leaving)
    every = _definitions(function)
    but_for = [replace(one, targets=one.targets - unchanged) if one.filled else one for one in every]
    for definitions in ([one for one in but_for if one.filled != "argument"], but_for, every):
        reached, tainted = _forward(function, entry, sources, definitions)
        if any(_reads_any(node, tainted, sources) for node in leaving):
            break
    leading = _leading(reached, leaving, _visible(function))
    ordered = sorted((reached[number] for number in leading), key=lambda one: (one.value.lineno, one.value.col_offset))
    return list(dict.fromkeys(definition.value for definition in ordered))


def _leading(reached: Sequence[Definition], leaving: Iterable[ast.AST], visible: Sequence[_Visible]) -> set[int]:
    """The numbers of those of `reached` that lead to `leaving`: what is used comes from what was assigned before."""
    defining: dict[str, list[int]] = {}
    for number, definition in enumerate(reached):
        for name in definition.targets:
            defining.setdefault(name, []).append(number)
    leading: set[int] = set()
    needed: dict[str, _Place] = {}
    waiting: list[str] = []

    def use(names: Iterable[str], node: ast.AST) -> None:
        latest = place = _end(node)
        around = bisect_right(visible, place, key=lambda one: one.start) - 1
        if around >= 0 and place <= visible[around].end:
            latest = visible[around].latest
        for name in names:
            if name not in needed or needed[name] < latest:
                needed[name] = latest
                waiting.append(name)

    for node in leaving:
        use(names_in(node), node)
    while waiting:
        name = waiting.pop()
        for number in defining.get(name, ()):
            definition = reached[number]
            if number not in leading and _end(definition.value) <= needed[name]:
                leading.add(number)
                use(definition.uses, definition.value)
    return leading


def _visible(function: NamespaceNode) -> list[_Visible]:
    """The outermost loops and inner functions of a function, in their order."""
    found: list[_Visible] = []
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, _ROUNDS):
            found.append(_Visible((node.lineno, node.col_offset), _end(node), _end(node)))
        elif isinstance(node, _LATER):
            found.append(_Visible((node.lineno, node.col_offset), _end(node), (sys.maxsize, 0)))
        else:
            waiting += ast.iter_child_nodes(node)
    return sorted(found, key=lambda one: one.start)


def _end(node: ast.AST) -> _Place:
    return getattr(node, "end_lineno", None) or 0, getattr(node, "end_col_offset", None) or 0


def carriers(
    function: NamespaceNode, entry: frozenset[str], sources: Iterable[ast.AST], candidates: Iterable[ast.AST]
) -> list[ast.AST]:
    """Those of `candidates` that read something the data from `entry` or `sources` went into."""
    _, tainted = _forward(function, entry, sources, _definitions(function))
    return [node for node in candidates if _reads_any(node, tainted, sources)]


def _reads_any(node: ast.AST, tainted: frozenset[str], sources: Iterable[ast.AST]) -> bool:
    origins = set(map(id, sources))
    return bool(names_in(node) & tainted) or any(id(inner) in origins for inner in ast.walk(node))


def _forward(
    function: NamespaceNode, entry: frozenset[str], sources: Iterable[ast.AST], definitions: Sequence[Definition]
) -> tuple[list[Definition], frozenset[str]]:
    """Those of `definitions` that the data reaches, and the variables that then hold some of it.

    One pass from top to bottom is enough for straight code, since a definition only uses what is above it. In a loop
    the next round also sees what is below, so the definitions in loops that were not reached are visited again until a
    pass adds nothing. Variables are never cleared: an assignment of something else may be on a branch that is not
    taken, and what is shown to a reader must not miss a step.
    """
    tainted = set(entry)
    origins = set(map(id, sources))
    reached: list[Definition] = []
    looped = {
        id(inner)
        for loop in ast.walk(function)
        if isinstance(loop, ast.For | ast.AsyncFor | ast.While)
        for inner in ast.walk(loop)
    }
    beginning = {
        number
        for number, definition in enumerate(definitions)
        if origins and any(id(node) in origins for node in ast.walk(definition.value))
    }
    later: list[Definition] = []
    for number, definition in enumerate(definitions):
        if number in beginning or definition.uses & tainted:
            reached.append(definition)
            tainted |= definition.targets
        elif id(definition.value) in looped:
            later.append(definition)
    if reached:
        reached += (later[number] for number in _spread(tainted, ((one.uses, one.targets) for one in later)))
    return reached, frozenset(tainted)


def kept_by_object(function: NamespaceNode) -> Iterator[ast.expr]:
    """What an `__init__`, which returns nothing, puts into the attributes of its object."""
    if isinstance(function, ast.FunctionDef) and function.name == "__init__":
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))], value=value):
                    yield value


def names_in(node: ast.AST) -> frozenset[str]:
    """The variables an expression reads; an attribute of a variable counts as one of its own, and as the variable."""
    names = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            names.add(inner.id)
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            names.add(f"{inner.value.id}.{inner.attr}")
    return frozenset(names)


def _definitions(function: NamespaceNode) -> list[Definition]:
    """All that changes variables of a function, in the order of its places."""
    return sorted(_changes(function), key=lambda one: (one.value.lineno, one.value.col_offset))


def _changes(function: NamespaceNode) -> Iterator[Definition]:
    opened: dict[str, frozenset[str]] = {}
    known = bindings(function)
    for one in (*known.every, *known.inner):
        if one.value is None or one.kind is BindingKind.PARAMETER or isinstance(one.node, ast.Call):
            continue
        bound = _bound(one.target) if one.target is not None else frozenset({one.name})
        uses = names_in(one.value)
        yield Definition(bound, uses | bound if isinstance(one.node, ast.AugAssign) else uses, one.value)
        if _opens(one.value):
            opened |= dict.fromkeys(bound, uses)
    for node in own_nodes(function):
        match node:
            case ast.Expr(value=ast.Call() as call) | ast.Expr(value=ast.Await(value=ast.Call() as call)):
                yield from _filled(call, opened)


def unchanged_by_calls(module: Module, function: NamespaceNode, aws_calls: Container[ast.AST]) -> frozenset[str]:
    """The variables in a function that hold a module, or that it makes one of `aws_calls` on.

    Such a call changes something elsewhere, not what the variable holds.
    """
    found: set[str] = set()
    for node in own_nodes(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name))) if node in aws_calls:
                found.add(name)
            case ast.Name(id=name) if name not in found and _is_module(name, scopes_around(module, node)):
                found.add(name)
    return frozenset(found)


def _is_module(name: str, scopes: Sequence[NamespaceNode]) -> bool:
    """Whether nothing but `import name` binds a name."""
    scope = owner(name, scopes)
    found = [one for one in bindings(scope).every if one.name == name and one.binds] if scope is not None else []
    return bool(found) and all(one.imported is not None and one.imported[2] is None for one in found)


def _filled(call: ast.Call, opened: dict[str, frozenset[str]]) -> Iterator[Definition]:
    """What a call may change: the object its method is called on, the files that this stands for, and its arguments.

    `items.append(x)` puts `x` into `items`, `file.write(x)` into whatever path `file` was opened from,
    `download_file(bucket, key, path)` fills `path` with what `key` names.
    """
    arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
    uses = [names_in(argument) for argument in arguments]
    receiver: frozenset[str] = frozenset()
    if isinstance(call.func, ast.Attribute):
        receiver = names_in(call.func.value)
        behind = frozenset(name for variable in receiver for name in opened.get(variable, ()))
        yield Definition(receiver | behind, receiver.union(*uses), call, "receiver")
    for number, argument in enumerate(arguments):
        # What fills an argument is what the call has besides it.
        others = receiver.union(*uses[:number], *uses[number + 1 :])
        yield Definition(_bound(argument), others, call, "argument")


def _opens(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and bool(names_in(value.func) & _FILE_READERS)


def _bound(target: ast.expr) -> frozenset[str]:
    """The variables that an assignment to `target` changes."""
    match target:
        case ast.Name(id=name):
            return frozenset({name})
        case ast.Attribute(value=ast.Name(id=owner), attr=attribute):
            return frozenset({f"{owner}.{attribute}"})
        case ast.Subscript(value=value) | ast.Starred(value=value) | ast.Attribute(value=value):
            return _bound(value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return frozenset(name for element in elements for name in _bound(element))
    return frozenset()
