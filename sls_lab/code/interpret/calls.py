"""Calls: what is called, with which arguments."""

from __future__ import annotations

import ast

from sls_lab.aws.registry import RAISING
from sls_lab.code.interpret.call_log import TELLING
from sls_lab.code.interpret.describing import Describer
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.values import (
    Arguments,
    Atom,
    Bound,
    BoundMethod,
    ClassValue,
    Client,
    Collection,
    DictRef,
    External,
    FunctionValue,
    Helper,
    Instance,
    ListRef,
    Method,
    Partial,
    PathText,
    Record,
    Resource,
    Sequence,
    Service,
    Session,
    SuperRef,
    Text,
    Unknown,
    Value,
    shortened,
    unknown,
)
from sls_lab.code.routes import CLASS_TAKING, TAKING
from sls_lab.python.positions import span_of

_BOTO = (Session, Client, Service, Resource, Collection, Helper)
_OURS = (FunctionValue, BoundMethod, Partial, ClassValue)
# Methods of an object of a library that hand an event to the functions registered with it.
_DISPATCHING = frozenset({"resolve", "handle", "dispatch", "run", "lambda_handler", "handler", "process"})


class Calls(Machine):
    """`f(…)`."""

    def evaluate_Call(self, node: ast.Call, frame: Frame) -> Value:
        """A call; `super()` needs the function it stands in."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            behind = self._super(frame)
            if behind:
                return behind
        function = self.evaluate(node.func, frame)
        self.recorder.choose(node, frame.module, function)
        arguments = self.arguments(node, frame)
        if any(isinstance(atom, External) and atom.name.startswith(TELLING) for atom in function):
            describer = Describer(self, span_of(frame.module, node))
            named = [(str(index), bound) for index, bound in enumerate(arguments.positional)]
            described = tuple(describer.argument(name, bound, None) for name, bound in (*named, *arguments.keywords))
            self.recorder.hand(node, described)
        return self.call(function, arguments, node, frame)

    def _super(self, frame: Frame) -> Value:
        holder: Frame | None = frame
        while holder is not None:
            if holder.owner is not None and holder.receiver is not None and holder.scope is not None:
                return (SuperRef(holder.owner, holder.receiver),)
            holder = holder.outer
        return ()

    def arguments(self, node: ast.Call, frame: Frame) -> Arguments:
        """The evaluated arguments of a call, `*x` and `**x` taken apart where they are known."""
        positional: list[Bound] = []
        keywords: list[tuple[str, Bound]] = []
        open_positional: Bound | None = None
        open_keywords: Bound | None = None
        for argument in node.args:
            if not isinstance(argument, ast.Starred):
                positional.append(Bound(self.evaluate(argument, frame), argument))
                continue
            value = self.evaluate(argument.value, frame)
            sequence = self.elements(value)
            if open_positional is None:
                for index, item in enumerate(sequence.items):
                    positional.append(Bound(item, _item(argument.value, index)))
            if sequence.rest:
                open_positional = Bound(sequence.rest, argument.value)
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            if keyword.arg is not None:
                keywords.append((keyword.arg, Bound(value, keyword.value)))
                continue
            for name, bound in self._spread(value, keyword.value):
                if name:
                    keywords.append((name, bound))
                else:
                    open_keywords = bound
        return Arguments(tuple(positional), tuple(keywords), open_positional, open_keywords)

    def _spread(self, value: Value, node: ast.expr) -> list[tuple[str, Bound]]:
        """What `**value` passes, by name; under the empty name what else it may pass."""
        passed: dict[str, Value] = {}
        rest: list[Value] = []
        for atom in value:
            held = self.contents(atom) if isinstance(atom, DictRef) else None
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

    def call(self, function: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a call, for each function that may be meant."""
        results = [self._call_atom(atom, arguments, node, frame) for atom in function]
        found = [result for result in results if result]
        return join(*found) if found else unknown(f"{self.label(function)}(…)")

    def _call_atom(self, atom: Atom, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        match atom:
            case FunctionValue():
                return self.call_function(atom, arguments, frame, node)
            case BoundMethod(receiver=receiver, function=function):
                positional = (Bound((receiver,)), *arguments.positional)
                return self.call_function(function, _with(arguments, positional), frame, node)
            case ClassValue():
                return self.instantiate(atom, arguments, node, frame)
            case Partial(function=function):
                return self.call(function, self.bound_partial(atom, arguments), node, frame)
            case External(name=name):
                return self.call_external(name, arguments, node, frame)
            case Method(receiver=receiver, name=name):
                return self._call_method(atom, receiver, name, arguments, node, frame)
            case Instance():
                found = self.attribute((atom,), "__call__", frame)
                if any(isinstance(inner, BoundMethod | FunctionValue) for inner in found):
                    return self.call(found, arguments, node, frame)
                return unknown(f"{atom.cls.node.name}(…)")
            case Unknown():
                return self._call_unknown(atom, arguments, node, frame)
        return ()

    def _call_method(
        self, method: Method, receiver: Atom, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame
    ) -> Value:
        if isinstance(receiver, _BOTO):
            return self.call_boto(method, arguments, node, frame)
        if isinstance(receiver, Text | PathText):
            return self.text_method(receiver, name, arguments)
        if isinstance(receiver, ListRef):
            return self.list_method(receiver, name, arguments)
        if isinstance(receiver, DictRef):
            return self.dict_method(receiver, name, arguments)
        if isinstance(receiver, Sequence):
            return unknown("…")
        return unknown(self.call_label(f"{self.label((receiver,))}.{name}", arguments))

    def _call_unknown(self, atom: Unknown, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        owner, _, name = atom.label.rpartition(".")
        if name in RAISING and owner and node is not None:
            self.unknown_client(owner, name, node, frame)
        if atom.site and name in TAKING:
            self.take_in(atom, arguments)
        elif name in CLASS_TAKING and node is not None:
            self.unknown_framework(f"`{name}` registers a class", node, frame.module)
        elif atom.site and (name in _DISPATCHING or not owner or atom.label.endswith(")")):
            self.dispatch(atom, node, frame)
        if name == "get_remaining_time_in_millis":
            return unknown(f"{atom.label}()")
        handed = self.call_back((atom,), arguments, node, frame)
        return handed or (Unknown(self.call_label(atom.label, arguments), atom.because),)

    def unknown_client(self, owner: str, name: str, node: ast.Call, frame: Frame) -> None:
        """Say that a call which may raise events is on an object that is not known."""
        message = (
            f"`{owner}.{name}(…)` looks like a boto3 call, but where `{owner}` comes from is not known, so that no "
            "event is followed from it: make the client with boto3.client(…) where it can be seen."
        )
        self.note("unknown-client", message, node, frame)

    def call_label(self, name: str, arguments: Arguments) -> str:
        """What the result of an unknown call is labelled: the call, with the arguments as far as they are short."""
        written = [self.label(bound.value) for bound in arguments.positional]
        written += [f"{key}={self.label(bound.value)}" for key, bound in arguments.keywords]
        return shortened(f"{name}({', '.join(written)}", ")")

    def call_back(self, value: Value, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """Run what a library was given to call; at module level, a lone function is taken to be wrapped, and an object
        that functions are registered with to be kept for later.

        The result is empty where there is nothing to say of it.
        """
        bounds = [*arguments.positional, *(bound for _, bound in arguments.keywords)]
        given = [bound.value for bound in bounds]
        self.handed_over |= {getattr(atom, "service", "*") for one in given for atom in one if isinstance(atom, _BOTO)}
        functions = [atom for one in given for atom in one if isinstance(atom, _OURS) or is_boto_method(atom)]
        for one in given if not frame.at_module_level else ():
            for atom in one:
                if isinstance(atom, Unknown) and atom.site:
                    self.dispatch(atom, node, frame)
        if not functions:
            return ()
        if frame.at_module_level and arguments.positional and isinstance(functions[0], FunctionValue):
            return (functions[0],)
        for function in functions:
            if not isinstance(function, ClassValue) and function not in self.running:
                passed = self._passed_on(function, value, arguments)
                self.call((function,), passed, node, frame)
        return ()

    def _passed_on(self, function: Atom, caller: Value, arguments: Arguments) -> Arguments:
        """What a library passes to a function it was given: the arguments behind it, `args=` and `kwargs=`, or its
        own.
        """
        name = self.label(caller).rpartition(".")[2]
        positional = arguments.positional
        index = next((i for i, bound in enumerate(positional) if function in bound.value), None)
        if name in ("submit", "to_thread", "run_in_executor", "call_soon", "apply", "add_task", "start_new_thread"):
            if index is not None:
                return Arguments(positional[index + 1 :], arguments.keywords, arguments.open_positional)
        elif name in ("map", "imap", "starmap", "map_async") and index is not None:
            given = tuple(Bound(self._any_element(bound.value)) for bound in positional[index + 1 :])
            return Arguments(given)
        if name in ("Thread", "Process", "Timer"):
            args = self.elements(arguments.keyword("args")) if arguments.keyword("args") else Sequence(())
            spread = self._spread(arguments.keyword("kwargs"), ast.Constant(None))
            named = tuple((key, Bound(bound.value)) for key, bound in spread if key)
            return Arguments(tuple(Bound(item) for item in args.items), named)
        return Arguments()  # chosen by the library: only the parameters' names are known

    def _any_element(self, value: Value) -> Value:
        sequence = self.elements(value)
        values = [item for item in (*sequence.items, sequence.rest) if item]
        return join(*values) if values else unknown("…")


def is_boto_method(atom: Atom) -> bool:
    """Whether a value is a method of a boto3 object that is not called here."""
    return isinstance(atom, Method) and isinstance(atom.receiver, _BOTO)


def _with(arguments: Arguments, positional: tuple[Bound, ...]) -> Arguments:
    return Arguments(positional, arguments.keywords, arguments.open_positional, arguments.open_keywords)


def _item(node: ast.expr, index: int) -> ast.expr:
    if isinstance(node, ast.List | ast.Tuple) and index < len(node.elts):
        return node.elts[index]
    return ast.Subscript(value=node, slice=ast.Constant(value=index), ctx=ast.Load())


def _entry(node: ast.expr, name: str) -> ast.expr:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == name:
                return value
    return ast.Subscript(value=node, slice=ast.Constant(value=name), ctx=ast.Load())
