"""What the code says: modules, handlers, and the boto3 calls that each handler can reach."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from sls_lab.facts import Diagnostic, Pattern, Reason, Span
from sls_lab.python.module import CallableNode, Module


@dataclass(frozen=True, slots=True)
class Receiver:
    """A function that is given data of an event: the handler itself, a wrapper around it, or a route of a framework.

    `qualified` is its dotted name in `file` (`App.run`, `make.inner`), `parameters` are those that receive the data
    (`*args` for a variadic one): the event object, or parts of the request where it is a route. `answers` says whether
    what it returns may be the answer to the event: all that is around it returns that as it is.
    """

    file: str
    qualified: str
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    parameters: tuple[str, ...]
    is_route: bool = False
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Handler:
    """A template's function found in the code. `definition` is its `def`, `file` where that is.

    `definition` is a lambda expression where the handler is one, and None where it is an object of a library that
    hands requests to routes (`Mangum(app)`); `qualified` is its dotted name in `file`. The template names `attribute`
    of `named_in`. `event` is the name of the parameter that receives the event object, None if there is none
    (`*args`). `receivers` are all functions that are given data of the event. `alternatives` are the names of other
    functions that the handler may be instead, as in `handler = one if DEBUG else other`; they are receivers as well.
    """

    name: str
    file: str
    named_in: str
    attribute: str
    qualified: str
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None
    event: str | None
    span: Span
    because: tuple[Reason, ...] = ()
    receivers: tuple[Receiver, ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a boto3 call.

    `node` is the expression as written at the call (for a receiver such as `Bucket("photos")` that of the name). Where
    none is written it is synthesised without a place around an expression that is: `params["Key"]` for `**params`,
    `obj.key` for a receiver; None where no expression at the call gives the value. `values` are the string
    patterns it may have (empty where it is not a string); several are alternatives.

    Where the value is a dict or list that the code builds (or the JSON text that `json.dumps` makes of one), `parts`
    are its elements in order: `name` is an element's key or index as text, `keys` the patterns of its key (which need
    not be written out: `{TABLE: [...]}`). Elements at unknown keys or indices come last, with the name `*`. Where there
    are `values` as well, some alternative could not be taken apart.
    """

    name: str
    node: ast.expr | None
    values: tuple[Pattern, ...]
    span: Span
    because: tuple[Reason, ...] = ()
    parts: tuple[Argument, ...] = ()
    keys: tuple[Pattern, ...] = ()

    def part(self, name: str) -> Argument | None:
        """The element called `name`, or None."""
        return next((part for part in self.parts if part.name == name), None)


@dataclass(frozen=True, slots=True)
class CallContext:
    """One way to a boto3 call: the calls of the application's functions that lead to it, the outermost first."""

    calls: tuple[ast.AST, ...]
    arguments: Mapping[str, Argument]


@dataclass(frozen=True, slots=True)
class BotoCall:
    """One boto3 call as one handler can reach it.

    `service` is the client's name (`s3`), `receiver` what the method is called on: `client`, or the resource's class
    (`ServiceResource`, `Bucket`, `Object`, `Table`, `Queue`, `Topic`, `BatchWriter`, …) or `Paginator`. `api` is the
    method as written. `arguments` are by parameter name, positional ones named from the method's signature, and
    include what the receiver brings (`bucket_name` and `key` of an `Object` come as `Bucket` and `Key`). `**` stands
    for keyword arguments that are not known, `*` for such positional ones, and `operation_name` for what a paginator
    or waiter was made for. `contexts` has the ways to it that were followed, each with the arguments it gives.
    """

    handler: str
    service: str
    receiver: str
    api: str
    arguments: Mapping[str, Argument]
    node: ast.Call
    file: str
    span: Span
    because: tuple[Reason, ...] = ()
    contexts: tuple[CallContext, ...] = ()

    @property
    def acts_as(self) -> Reason | None:
        """Why it acts as another role than its function's, None where it does not."""
        return next((reason for reason in self.because if reason.kind == "identity"), None)


@dataclass(frozen=True, slots=True)
class GivenObject:
    """A parameter that every call gives objects of known classes, or None.

    `classes` are those of the application, each with its file, in the order in which they were met; `libraries` those
    of libraries, by their dotted names.
    """

    parameter: ast.arg
    file: str
    classes: tuple[tuple[str, ast.ClassDef], ...]
    libraries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A function that a call may mean, and what a partial function gives it before the call's own arguments.

    One of a library has no `node` but its dotted name as `library`, such as `os.system`. A method has the class that
    defines it as `owner`; where it `is_bound`, it is given an object that the call may not name. So is a method of a
    library's class, whose `library` ends with the names of the class and the method.
    One that is defined in another function is what the call `made_by` returned.
    """

    file: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | None
    arguments: tuple[ast.expr, ...] = ()
    keywords: tuple[tuple[str, ast.expr], ...] = ()
    library: str = ""
    owner: ast.ClassDef | None = None
    is_bound: bool = False
    made_by: ast.Call | None = None


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call of which it is not known what it calls: chosen by a computed name, or from what a library gives."""

    call: ast.Call
    file: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A call that does not name the functions it means: one out of a table or attribute, a partial one, a lambda.

    One that `is_named` has the name of a method; which class has it is known by the object.
    """

    call: ast.Call
    file: str
    functions: tuple[Chosen, ...]
    is_named: bool = False

    @property
    def is_generic(self) -> bool:
        """Whether it names one of several functions of which the type of an argument chooses."""
        names = [getattr(chosen.node, "name", "") for chosen in self.functions]
        return isinstance(self.call.func, ast.Name) and self.call.func.id in names and len(self.functions) > 1


@dataclass(frozen=True, slots=True)
class Iteration:
    """A loop through an object of the application, whose class has an `__iter__`; `node` is that object.

    Where `node` is a subscript of such an object, `holder` is its class, which has a `__getitem__`, with its file.
    """

    node: ast.expr
    file: str
    holder: tuple[str, ast.ClassDef] | None = None


@dataclass(frozen=True, slots=True)
class SecretRead:
    """An expression whose value is a secret; `kind` is that of the source of flows from it."""

    kind: str
    span: Span
    because: tuple[Reason, ...]

    @property
    def file(self) -> str:
        """The file it is in."""
        return self.span.file


@dataclass(frozen=True, slots=True)
class MethodCalls:
    """Which functions the handlers run that were followed to their ends, and which methods their calls mean.

    `meant` has the calls by `object.name(…)` of which it is known.
    """

    run: Mapping[str, frozenset[CallableNode]] = field(default_factory=dict)
    meant: Mapping[str, Mapping[ast.Call, frozenset[CallableNode]]] = field(default_factory=dict)

    def never_enters(self, handler: str, call: ast.Call, method: ast.AST) -> bool:
        """Whether `call` means other methods of this name when `handler` makes it, which runs `method` nowhere."""
        name = getattr(method, "name", None)
        meant = self.meant.get(handler, {}).get(call, frozenset())
        if not meant or any(getattr(one, "name", "") != name for one in meant):
            return False
        named = isinstance(call.func, ast.Attribute) and call.func.attr == name
        return named and method not in meant and self.never_runs(handler, method)

    def never_runs(self, handler: str, function: ast.AST) -> bool:
        """Whether `handler` was followed to its end and does not run `function`; of another one, see `never_enters`."""
        return handler in self.run and function not in self.run[handler]

    def against(
        self,
        handler: str,
        call: ast.AST | None,
        entered: ast.FunctionDef | ast.AsyncFunctionDef,
        holder: ast.AST | None,
        *,
        is_chosen: bool,
    ) -> str | None:
        """Why a `call` of `handler` does not lead into the function `entered`, which the class `holder` has.

        One that `is_chosen` was put beside a call that means several functions, for all handlers together.
        """
        if is_chosen:
            return f"`{handler}` does not call `{entered.name}`" if self.never_runs(handler, entered) else None
        if isinstance(call, ast.Call) and isinstance(holder, ast.ClassDef):
            return f"`{handler}` has no `{holder.name}` here" if self.never_enters(handler, call, entered) else None
        return None


@dataclass(frozen=True, slots=True)
class Code:
    """All Python of one application that its handlers can reach.

    `unseen` gives, for each function of the template that was not found or not understood, the diagnostic that says
    why. `reached` gives the files each handler reaches through imports, `handed_over` the services of the clients that
    it gives to libraries, which may call what they like (`*` for a session). `objects` are the parameters without a
    type whose type the calls show. `secrets` are the places that read one. `handed` gives, for each handler, the
    arguments of calls that run commands or send requests, once for each context; an argument is named by its keyword
    or its index. `methods` says which methods the handlers' calls enter.
    """

    modules: Mapping[str, Module]
    handlers: Mapping[str, Handler]
    calls: tuple[BotoCall, ...]
    unseen: Mapping[str, Diagnostic]
    reached: Mapping[str, tuple[str, ...]]
    diagnostics: tuple[Diagnostic, ...]
    handed_over: Mapping[str, frozenset[str]] = field(default_factory=dict)
    objects: tuple[GivenObject, ...] = ()
    choices: tuple[Choice, ...] = ()
    open_calls: tuple[OpenCall, ...] = ()
    iterations: tuple[Iteration, ...] = ()
    handed: Mapping[str, Mapping[ast.Call, tuple[tuple[Argument, ...], ...]]] = field(default_factory=dict)
    secrets: tuple[SecretRead, ...] = ()
    methods: MethodCalls = field(default_factory=lambda: MethodCalls())
