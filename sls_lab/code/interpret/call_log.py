"""The boto3 calls met on the way, and what their arguments were each time."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sls_lab.code.interpret.frames import BoundMethod, FunctionValue
from sls_lab.code.interpret.joining import MAX_ALTERNATIVES, generalised
from sls_lab.code.interpret.objects import ClassValue, Instance
from sls_lab.code.interpret.values import Atom, Because, External, Partial, Scalar, SourceReason, Text, Unknown, Value
from sls_lab.code.model import Argument, BotoCall, CallContext, Choice, Chosen, GivenObject, Iteration, OpenCall
from sls_lab.facts import Pattern, Reason
from sls_lab.python.module import CallableNode, Module
from sls_lab.python.positions import source_of, span_of

#: A `because` chain longer than this says no more.
_REASONS = 16
#: In how many contexts the arguments of a library's function are kept apart.
_CONTEXTS = 32
#: Functions of libraries of whose texts the parts decide: commands of a shell, addresses.
TELLING = ("os.", "subprocess.", "asyncio.", "pty.", "requests.", "urllib.request.", "httpx.", "urllib3.")


@dataclass(frozen=True, slots=True, eq=False)
class Met:
    """One boto3 call in one context."""

    service: str
    receiver: str
    api: str
    node: ast.Call
    module: Module
    arguments: tuple[Argument, ...]
    because: tuple[Reason, ...]
    calls: tuple[ast.AST, ...] = ()


@dataclass(slots=True)
class Passed:
    """What one parameter was given in all contexts; `open` says that it was something else than an object as well."""

    file: str
    classes: dict[ast.ClassDef, str]
    libraries: dict[str, None] = field(default_factory=dict)
    open: bool = False


class CallLog:
    """The calls met for one handler, in order, and the objects that functions were given."""

    def __init__(self) -> None:
        """Nothing met."""
        self.met: list[Met] = []
        self.passed: dict[ast.arg, Passed] = {}
        self.chosen: dict[ast.Call, tuple[str, dict[object, Chosen]]] = {}
        #: the calls that name a method, with the methods that they mean by what is known of the object
        self.typed: dict[ast.Call, tuple[str, dict[object, Chosen]]] = {}
        #: what loops go through and subscripts, and whether it always is an object that has its own method for that
        self.iterated: dict[ast.expr, tuple[str, bool]] = {}
        #: the classes of what is subscripted, by the subscript; None where it is something else as well
        self.subscripted: dict[ast.Subscript, tuple[str, dict[ast.ClassDef, str] | None]] = {}
        #: the calls of which it is not known what they call, each with its file
        self.open: dict[ast.Call, str] = {}
        #: the functions that calls of methods mean, by the call; none where it may mean something else as well
        self.methods: dict[ast.Call, frozenset[CallableNode]] = {}
        self.run: set[CallableNode] = set()
        self.handed: dict[ast.Call, dict[tuple[Argument, ...], None]] = {}
        self._reasons: dict[SourceReason, Reason] = {}

    def give(self, function: FunctionValue, given: Mapping[str, Value]) -> None:
        """Take note of a function that is run, and of what it was given for its parameters without a type."""
        self.run.add(function.node)
        spec, module = function.node.args, function.state.module
        if module is None or isinstance(function.node, ast.Lambda):
            return
        bound = function.owner is not None and function.kind != "static"
        for parameter in [*spec.posonlyargs, *spec.args][int(bound) :] + spec.kwonlyargs:
            if parameter.annotation is not None:
                continue
            passed = self.passed.setdefault(parameter, Passed(module.file, {}))
            for atom in given.get(parameter.arg, ()):
                if isinstance(atom, Instance) and atom.cls.state.module is not None:
                    passed.classes[atom.cls.node] = atom.cls.state.module.file
                elif isinstance(atom, Unknown) and atom.library_class and not atom.is_attribute:
                    passed.libraries[atom.library_class] = None
                elif not (isinstance(atom, Scalar) and atom.value is None):
                    passed.open = True

    def choose(self, node: ast.Call, module: Module, function: Value, *, named: bool = True) -> None:
        """Take note of the functions that a call means without naming them; not `named` where its name is not enough.

        Another name for a library's function is not one of these: whoever reads the code can follow it.
        """
        called = node.func
        if named and isinstance(called, ast.Attribute) and all(_is_named(called.attr, atom) for atom in function):
            computed = any(isinstance(one, ast.Call | ast.Subscript) for one in ast.walk(called.value))
            if not (computed and any(isinstance(atom, External) for atom in function)):
                _note(self.typed, node, module, (one for atom in function for one in _method(atom, called.attr)))
                return
        if isinstance(called, ast.Name) and all(_name(atom) == called.id for atom in function):
            return
        aliased = isinstance(called, ast.Name)
        meant = (atom for atom in function if not (aliased and isinstance(atom, External)))
        _note(self.chosen, node, module, (one for atom in meant for one in _chosen(atom)))

    def mean(self, node: ast.Call, function: Value) -> None:
        """Take note of the methods that a call means by `object.name(…)`."""
        found: set[CallableNode] = set()
        for atom in function:
            meant = atom.function if isinstance(atom, BoundMethod) else atom
            if not isinstance(meant, FunctionValue):
                self.methods[node] = frozenset()
                return
            found |= {meant.node, *([meant.wraps.node] if meant.wraps is not None else [])}
        known = self.methods.get(node)
        if known is None or known:
            self.methods[node] = (known or frozenset()) | found

    def leave_open(self, node: ast.Call, module: Module) -> None:
        """Take note of a call of which it is not known what it calls."""
        self.open[node] = module.file

    def iterate(self, node: ast.expr, module: Module, by_method: bool) -> None:
        """Take note of what a loop goes through, and whether a method of the application gives it its elements."""
        _, before = self.iterated.get(node, ("", True))
        self.iterated[node] = (module.file, before and by_method)

    def subscript(self, node: ast.Subscript, module: Module, value: Value, by_method: bool) -> None:
        """Take note of what is subscripted, and whether a method of the application gives the element."""
        _, known = self.subscripted.get(node, ("", {}))
        classes = {
            atom.cls.node: atom.cls.state.module.file
            for atom in value
            if isinstance(atom, Instance) and atom.cls.state.module is not None
        }
        together = {**known, **classes} if known is not None and by_method else None
        self.subscripted[node] = (module.file, together)

    def hand(self, node: ast.Call, arguments: tuple[Argument, ...]) -> None:
        """Take note of what a library's function was given."""
        known = self.handed.setdefault(node, {})
        if len(known) < _CONTEXTS:
            known.setdefault(arguments)

    def reasons(self, because: Because) -> tuple[Reason, ...]:
        """The first reasons written out, without repetition, and of the others those that something is decided by."""
        written = tuple(dict.fromkeys(self._written(reason) for reason in because))
        return (*written[:_REASONS], *(one for one in written[_REASONS:] if one.kind in ("environment", "identity")))

    def _written(self, reason: Reason | SourceReason) -> Reason:
        if isinstance(reason, Reason):
            return reason
        known = self._reasons.get(reason)
        if known is None:
            source = source_of(reason.module, reason.node)
            source = source if len(source) <= 120 else source[:119] + "…"
            known = Reason(f"{reason.prefix}`{source}`", span_of(reason.module, reason.node))
            self._reasons[reason] = known
        return known


def given_objects(recorders: Iterable[CallLog]) -> tuple[GivenObject, ...]:
    """The parameters that were given objects and nothing else, whichever handler was followed."""
    together: dict[ast.arg, Passed] = {}
    for recorder in recorders:
        for parameter, passed in recorder.passed.items():
            known = together.setdefault(parameter, Passed(passed.file, {}))
            known.classes |= passed.classes
            known.libraries |= passed.libraries
            known.open |= passed.open
    return tuple(
        GivenObject(
            parameter,
            passed.file,
            tuple((file, node) for node, file in passed.classes.items()),
            tuple(passed.libraries),
        )
        for parameter, passed in together.items()
        if (passed.classes or passed.libraries) and not passed.open
    )


def iterations(recorders: Iterable[CallLog]) -> tuple[Iteration, ...]:
    """The loops through objects of the application, whichever handler was followed."""
    together: dict[ast.expr, tuple[str, bool]] = {}
    holders: dict[ast.expr, set[tuple[str, ast.ClassDef] | None]] = {}
    for recorder in recorders:
        for node, (file, by_method) in recorder.iterated.items():
            together[node] = (file, together.get(node, ("", True))[1] and by_method)
        for node, (file, classes) in recorder.subscripted.items():
            together[node] = (file, together.get(node, ("", True))[1] and classes is not None)
            found = {(home, one) for one, home in classes.items()} if classes is not None else {None}
            holders.setdefault(node, set()).update(found)
    return tuple(
        Iteration(node, file, next(iter(holders.get(node, {None}))))
        for node, (file, by_method) in together.items()
        if by_method and len(holders.get(node, {None})) == 1
    )


def _name(atom: Atom) -> str:
    return atom.node.name if isinstance(atom, ClassValue) else getattr(atom, "name", "")


def _is_named(attribute: str, atom: Atom) -> bool:
    """Whether `x.attribute` names what it means: a method, a function of a module, something of a library."""
    match atom:
        case FunctionValue(owner=None):
            return (atom.wraps or atom).name == attribute
        case BoundMethod(function=function):
            return (function.wraps or function).name == attribute
        case ClassValue(node=node):
            return node.name == attribute
        case External(name=name):
            return name.rpartition(".")[2] == attribute
        case Partial():
            return False
    return True


def _note(
    log: dict[ast.Call, tuple[str, dict[object, Chosen]]], node: ast.Call, module: Module, found: Iterable[Chosen]
) -> None:
    """Take note of functions that a call means."""
    for one in found:
        known = log.setdefault(node, (module.file, {}))[1]
        known.setdefault((one.node, one.library, one.arguments, one.keywords, one.made_by), one)


def _method(atom: Atom, name: str) -> Iterator[Chosen]:
    """The method that an atom is of an object: of the application, or of a library's class."""
    match atom:
        case BoundMethod(receiver=Instance(), function=FunctionValue(kind="function")):
            yield from _chosen(atom)
        case Unknown(library_class=holder, is_attribute=True) if holder:
            yield Chosen("", None, library=f"{holder}.{name}", is_bound=True)


def _chosen(atom: Atom) -> Iterator[Chosen]:
    """The functions that an atom means; arguments of a partial function that no expression gives are lost."""
    match atom:
        case FunctionValue():
            meant = atom.wraps or atom
            if meant.state.module is not None:
                owner = meant.owner.node if meant.owner is not None else None
                yield Chosen(meant.state.module.file, meant.node, owner=owner, made_by=atom.made_by)
        case BoundMethod(function=function) if function.kind in ("function", "class"):
            for one in _chosen(function):
                yield replace(one, is_bound=function.kind == "function")
        case ClassValue(node=node, state=state):
            if state.module is not None:
                yield Chosen(state.module.file, node)
        case External(name=name):
            if "." in name and all(part.isidentifier() for part in name.split(".")):
                yield Chosen("", None, library=name)
        case Partial(function=function, arguments=arguments):
            first = tuple(bound.node for bound in arguments.positional if bound.node is not None)
            named = tuple((name, bound.node) for name, bound in arguments.keywords if bound.node is not None)
            if len(first) == len(arguments.positional):
                for one in (found for inner in function for found in _chosen(inner)):
                    yield replace(one, arguments=(*one.arguments, *first), keywords=(*one.keywords, *named))


def open_calls(recorders: Iterable[CallLog]) -> tuple[OpenCall, ...]:
    """The calls of which it is not known what they call, whichever handler was followed."""
    found = {call: file for recorder in recorders for call, file in recorder.open.items()}
    return tuple(OpenCall(call, file) for call, file in found.items())


def choices(recorders: Iterable[CallLog]) -> tuple[Choice, ...]:
    """The calls with the functions that they mean, whichever handler was followed."""
    hidden: dict[ast.Call, tuple[str, dict[object, Chosen]]] = {}
    typed: dict[ast.Call, tuple[str, dict[object, Chosen]]] = {}
    for recorder in recorders:
        for log, together in ((recorder.chosen, hidden), (recorder.typed, typed)):
            for call, (file, functions) in log.items():
                together.setdefault(call, (file, {}))[1].update(functions)
    found = [Choice(call, file, tuple(functions.values())) for call, (file, functions) in hidden.items()]
    found += [
        Choice(call, file, tuple(functions.values()), is_named=True)
        for call, (file, functions) in typed.items()
        if call not in hidden
    ]
    return tuple(found)


def boto_calls(handler: str, met: Iterable[Met]) -> list[BotoCall]:
    """One call for each call site and kind of receiver; the contexts' values become alternatives."""
    groups: dict[tuple[ast.Call, str, str, str], list[Met]] = {}
    for one in met:
        groups.setdefault((one.node, one.service, one.receiver, one.api), []).append(one)
    calls = []
    for (node, service, receiver, api), contexts in groups.items():
        first = contexts[0]
        arguments: dict[str, Argument] = {}
        for one in contexts:
            for argument in one.arguments:
                known = arguments.get(argument.name)
                arguments[argument.name] = argument if known is None else merged(known, argument)
        span = span_of(first.module, node)
        ways = tuple(
            CallContext(one.calls, {argument.name: argument for argument in one.arguments}) for one in contexts
        )
        calls.append(
            BotoCall(handler, service, receiver, api, arguments, node, first.module.file, span, first.because, ways)
        )
    return sorted(calls, key=lambda call: (call.span, call.service, call.receiver, call.api))


def merged(left: Argument, right: Argument) -> Argument:
    """The same argument in two contexts."""
    if left == right:
        return left
    parts = {part.name: part for part in left.parts}
    for part in right.parts:
        parts[part.name] = merged(parts[part.name], part) if part.name in parts else part
    return replace(
        left,
        node=left.node or right.node,
        values=bounded_patterns((*left.values, *right.values)),
        because=left.because or right.because,
        parts=tuple(parts.values()),
        keys=bounded_patterns((*left.keys, *right.keys)),
    )


def bounded_patterns(patterns: Iterable[Pattern]) -> tuple[Pattern, ...]:
    """The different patterns; too many of them become one."""
    different = tuple(dict.fromkeys(patterns))
    if len(different) <= MAX_ALTERNATIVES:
        return different
    return (generalised([Text(pattern) for pattern in different]).pattern,)
