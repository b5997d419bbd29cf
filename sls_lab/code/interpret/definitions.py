"""Definitions: functions, classes, and what decorators make of them."""

from __future__ import annotations

import ast
from dataclasses import replace

from sls_lab.code.interpret.attributes import linearised
from sls_lab.code.interpret.dispatching import register_decorated, register_type
from sls_lab.code.interpret.frames import BoundMethod, Frame, FunctionValue
from sls_lab.code.interpret.heap import new_number
from sls_lab.code.interpret.machine import Machine, calls, evaluates, runs
from sls_lab.code.interpret.objects import ClassValue
from sls_lab.code.interpret.statements import bind_name
from sls_lab.code.interpret.values import Arguments, Atom, Bound, External, Method, Partial, Unknown, Value
from sls_lab.code.routes import MIDDLEWARE
from sls_lab.python.module import CallableNode

_RECORD_BASES = frozenset(
    {
        "typing.NamedTuple",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "pydantic.dataclasses.dataclass",
        "aws_lambda_powertools.utilities.parser.BaseModel",
    }
)
_RECORD_DECORATORS = frozenset(
    {"dataclasses.dataclass", "attr.s", "attr.attrs", "attr.dataclass", "attrs.define", "attr.define", "attrs.frozen"}
)
_ENUM_BASES = frozenset({"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag"})
_CONTEXT = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


@runs(ast.FunctionDef)
def run_function_def(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> bool:
    """Bind the function, decorated from the inside out."""
    value: Value = (function_value(machine, node, frame),)
    for decorator in reversed(node.decorator_list):
        value = decorate(machine, decorator, value, frame)
    bind_name(machine, node.name, value, frame)
    return True


@runs(ast.AsyncFunctionDef)
def run_async_function_def(machine: Machine, node: ast.AsyncFunctionDef, frame: Frame) -> bool:
    """As `def`: what a coroutine does is looked at where it is called."""
    return run_function_def(machine, node, frame)


def function_value(machine: Machine, node: CallableNode, frame: Frame) -> FunctionValue:
    """The function with its defaults and what it closes over."""
    defaults = tuple(machine.evaluate(default, frame) for default in node.args.defaults)
    keyword_defaults = tuple(
        machine.evaluate(default, frame) if default is not None else () for default in node.args.kw_defaults
    )
    closure: Frame | None = frame
    while closure is not None and closure.scope is None:
        closure = closure.outer
    return FunctionValue(
        node, frame.state, closure, defaults, keyword_defaults, frame.owner if _is_class(frame) else None
    )


def decorate(machine: Machine, decorator: ast.expr, value: Value, frame: Frame) -> Value:
    """What a decorator makes of a function; one of a library is taken to hand it through."""
    if isinstance(decorator, ast.Call):
        around = _middleware(machine.evaluate(decorator.func, frame))
        if around:
            named = [
                (one.arg, Bound(machine.evaluate(one.value, frame), one.value)) for one in decorator.keywords if one.arg
            ]
            return (Partial((around,), Arguments((Bound(value),), tuple(named))),)
    applied = machine.evaluate(decorator, frame)
    around = _middleware(applied)
    if around:
        return (Partial((around,), Arguments((Bound(value),))),)
    results: list[Atom] = []
    for atom in applied:
        results.extend(_applied(machine, atom, decorator, value, frame))
    return tuple(dict.fromkeys(results)) or value


def _middleware(decorator: Value) -> FunctionValue | None:
    """The function that a decorator calls with the handler, the event and the context, where it is such a one."""
    match decorator:
        case (FunctionValue(kind="middleware") as function,):
            return function
    return None


def _applied(machine: Machine, atom: Atom, decorator: ast.expr, value: Value, frame: Frame) -> Value:
    if isinstance(atom, FunctionValue | BoundMethod | ClassValue | Partial):
        wrapped = next((inner for inner in value if isinstance(inner, FunctionValue)), None)
        made = machine.call((atom,), Arguments((Bound(value),)), None, frame)
        functions = tuple(
            replace(inner, wraps=wrapped) if isinstance(inner, FunctionValue) and inner != wrapped else inner
            for inner in made
            if not isinstance(inner, Unknown)
        )
        return functions or value
    generic = atom.receiver if isinstance(atom, Method) and atom.name == "register" else None
    if isinstance(generic, FunctionValue):
        register_type(machine, generic, value)
        return value
    name = atom.name if isinstance(atom, External) else ""
    if isinstance(atom, Unknown) and isinstance(decorator, ast.Call):
        name = atom.maker
    kinds = {"builtins.staticmethod": "static", "builtins.classmethod": "class", "builtins.property": "property"}
    kind = kinds.get(name) or ("context" if name in _CONTEXT else "middleware" if name in MIDDLEWARE else None)
    if kind is None and name.endswith("cached_property"):
        kind = "property"
    if kind is None and isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter"):
        setter = next((one for one in value if isinstance(one, FunctionValue) and decorator.attr == "setter"), None)
        read = machine.evaluate(decorator.value, frame)
        return tuple(replace(one, setter=setter) if isinstance(one, FunctionValue) else one for one in read) or value
    if kind is None or isinstance(decorator, ast.Call):
        register_decorated(machine, decorator, value, frame)
    if kind is None:
        return value
    return tuple(replace(inner, kind=kind) if isinstance(inner, FunctionValue) else inner for inner in value)


@runs(ast.ClassDef)
def run_class_def(machine: Machine, node: ast.ClassDef, frame: Frame) -> bool:
    """Run the class body; its names become attributes."""
    bases = tuple(atom for base in node.bases for atom in machine.evaluate(base, frame))
    cls = ClassValue(new_number(), node, frame.state, bases)
    inside = Frame(
        cls.oid, frame.state, frame.module, None, outer=frame, mark=machine.store.mark(), owner=cls, calls=frame.calls
    )
    machine.block(node.body, inside)
    decorators = {_decorator_name(machine, decorator, frame) for decorator in node.decorator_list}
    inherited = [base for base in bases if isinstance(base, ClassValue)]
    flavour = next((base.flavour for base in inherited if base.flavour != "plain"), "plain")
    externals = {base.name for base in bases if isinstance(base, External)}
    if decorators & _RECORD_DECORATORS or externals & _RECORD_BASES:
        flavour = "record"
    elif externals & _ENUM_BASES:
        flavour = "enum"
    own = tuple(
        statement.target.id
        for statement in node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    )
    fields = dict.fromkeys(name for base in inherited if base.flavour == "record" for name in base.fields)
    fields.update(dict.fromkeys(own))
    made = replace(cls, flavour=flavour, fields=tuple(fields))
    value: Value = (made,)
    _begin_subclass(machine, made, node, frame)
    for decorator in reversed(node.decorator_list):
        if _decorator_name(machine, decorator, frame) not in _RECORD_DECORATORS:
            value = decorate(machine, decorator, value, frame)
    bind_name(machine, node.name, value, frame)
    return True


def _begin_subclass(machine: Machine, cls: ClassValue, node: ast.ClassDef, frame: Frame) -> None:
    """Run the `__init_subclass__` that a class inherits, with the keywords of its definition.

    https://docs.python.org/3/reference/datamodel.html#object.__init_subclass__
    """
    named = tuple(
        (one.arg, Bound(machine.evaluate(one.value, frame), one.value)) for one in node.keywords if one.arg is not None
    )
    for base in linearised(machine, cls)[1:]:
        found = machine.store.read((base.oid, "__init_subclass__"))
        if found:
            machine.call(found, Arguments((Bound((cls,)),), named), None, frame)
            return


def _decorator_name(machine: Machine, decorator: ast.expr, frame: Frame) -> str:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(target, ast.Name | ast.Attribute):
        return ""
    value = machine.evaluate(target, frame)
    return value[0].name if len(value) == 1 and isinstance(value[0], External) else ""


@evaluates(ast.Lambda)
def evaluate_lambda(machine: Machine, node: ast.Lambda, frame: Frame) -> Value:
    """A function without a name."""
    return (function_value(machine, node, frame),)


@calls(Partial)
def call_partial(
    machine: Machine, partial: Partial, arguments: Arguments, node: ast.Call | None, frame: Frame
) -> Value:
    """`functools.partial(function, …)(…)`."""
    return machine.call(partial.function, filled_partial(partial, arguments), node, frame)


def filled_partial(atom: Partial, arguments: Arguments) -> Arguments:
    """The arguments of a partial function with those of its call."""
    given = {name for name, _ in arguments.keywords}
    kept = tuple(pair for pair in atom.arguments.keywords if pair[0] not in given)
    return Arguments(
        (*atom.arguments.positional, *arguments.positional),
        (*kept, *arguments.keywords),
        arguments.open_positional or atom.arguments.open_positional,
        arguments.open_keywords or atom.arguments.open_keywords,
    )


def _is_class(frame: Frame) -> bool:
    return frame.scope is None and not frame.at_module_level
