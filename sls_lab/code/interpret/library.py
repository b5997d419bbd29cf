"""What the functions of Python's library and a few others give, where it decides names."""

from __future__ import annotations

import ast

from sls_lab.aws.registry import RAISING
from sls_lab.code.interpret.boto_calls import MAKERS, SESSIONS, identity, make_boto
from sls_lab.code.interpret.boto_objects import BotoSession
from sls_lab.code.interpret.callbacks import call_back, unknown_client
from sls_lab.code.interpret.dependencies import depend_on
from sls_lab.code.interpret.dispatching import adapter_of, dispatch
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.frames import Frame, FunctionValue
from sls_lab.code.interpret.instances import field_default
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.known_functions import FUNCTIONS, any_of
from sls_lab.code.interpret.lookups import modules_named
from sls_lab.code.interpret.machine import Machine, calls
from sls_lab.code.interpret.module_loading import import_module
from sls_lab.code.interpret.values import Arguments, Bound, External, Partial, Text, Unknown, Value, unknown
from sls_lab.code.routes import ADAPTERS, DEPENDENCIES

#: They pass on the function they are given, or keep it without calling it.
_WRAPPERS = frozenset(
    {
        "asyncio.coroutine",
        "atexit.register",
        "builtins.classmethod",
        "builtins.property",
        "builtins.staticmethod",
        "functools.cache",
        "functools.lru_cache",
        "functools.singledispatch",
        "functools.update_wrapper",
        "signal.signal",
    }
)
_TRANSPARENT = frozenset(
    {
        "asyncio.create_task",
        "asyncio.ensure_future",
        "asyncio.run",
        "asyncio.shield",
        "asyncio.wait_for",
        "builtins.aiter",
        "builtins.iter",
        "builtins.reversed",
        "builtins.sorted",
        "contextlib.closing",
        "copy.copy",
        "copy.deepcopy",
        "os.fspath",
        "os.path.abspath",
        "os.path.expanduser",
        "os.path.expandvars",
        "os.path.normpath",
        "os.path.realpath",
        "typing.cast",
    }
)


#: So many elements are given to the function of `reduce` one by one.
_REDUCED = 8


@calls(External)
def call_external(
    machine: Machine, function: External, arguments: Arguments, node: ast.Call | None, frame: Frame
) -> Value:
    """The result of a function of a library, by its dotted name; of an unknown one, its call as a label."""
    name = function.name
    if name in SESSIONS:
        return (BotoSession(identity(arguments, node, frame)),)
    if name in MAKERS:
        return make_boto(machine, name.rpartition(".")[2], arguments, node, frame)
    known = FUNCTIONS.get(name) or FUNCTIONS.get(name.replace("posixpath.", "os.path."))
    if known is not None:
        return known(machine, arguments)
    if name in _TRANSPARENT:
        return arguments.positional[-1].value if arguments.positional else unknown(name)
    if name in _WRAPPERS or name == "functools.wraps":
        given = arguments.positional[0].value if arguments.positional and name != "functools.wraps" else ()
        return given if any(isinstance(atom, FunctionValue) for atom in given) else (External("functools.wraps()"),)
    if name == "functools.wraps()":
        return arguments.positional[0].value if arguments.positional else unknown(name)
    if name == "functools.partial" and arguments.positional:
        inner = Arguments(
            arguments.positional[1:], arguments.keywords, arguments.open_positional, arguments.open_keywords
        )
        return (Partial(arguments.positional[0].value, inner),)
    if name in ("dataclasses.field", "attr.ib", "attrs.field", "pydantic.Field"):
        return field_default(machine, arguments, frame)
    if name in DEPENDENCIES:
        return depend_on(machine, arguments, node, frame)
    if name in ("builtins.map", "builtins.filter"):
        return _mapped(machine, name, arguments, node, frame)
    if name == "functools.reduce" and len(arguments.positional) > 1:
        return _reduced(machine, arguments, node, frame)
    if name in ("importlib.import_module", "builtins.__import__"):
        return _imported(machine, arguments, frame)
    return _unknown_call(machine, name, arguments, node, frame)


def _unknown_call(machine: Machine, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    owner, _, last = name.rpartition(".")
    if last in RAISING and owner and node is not None and not owner.startswith("builtins"):
        unknown_client(machine, owner, last, node, frame)
    handed = call_back(machine, (External(name),), arguments, node, frame)
    if handed:
        return handed
    made = adapter_of(machine, name, arguments, node, frame)
    if name in ADAPTERS and not frame.at_module_level:
        dispatch(machine, made, node, frame)
    return (made,)


def _mapped(machine: Machine, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    function = arguments.get(0, "func")
    sequences = [elements_of(machine, bound.value) for bound in arguments.positional[1:]]
    if not sequences:
        return unknown(name)
    first = sequences[0]
    if len(sequences) == 1 and not first.rest and len(first.items) <= 8:
        results = tuple(machine.call(function, Arguments((Bound(item),)), node, frame) for item in first.items)
        return machine.new_list(results) if name == "builtins.map" else machine.new_list(first.items)
    given = tuple(Bound(any_of(sequence)) for sequence in sequences)
    result = machine.call(function, Arguments(given), node, frame)
    return machine.new_list((), result if name == "builtins.map" else given[0].value)


def _reduced(machine: Machine, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
    """`reduce(function, iterable, initial)`: each element is given to the function with what it gave before."""
    function, sequence = arguments.get(0, "function"), elements_of(machine, arguments.get(1, "iterable"))
    items = [*sequence.items[:_REDUCED], *([any_of(sequence)] if sequence.rest else [])]
    result = arguments.get(2, "initial") or (items.pop(0) if items else unknown("reduce(…)"))
    for item in items:
        result = machine.call(function, Arguments((Bound(result), Bound(item))), node, frame)
    return result


def _imported(machine: Machine, arguments: Arguments, frame: Frame) -> Value:
    results: list[Value] = []
    for atom in arguments.get(0, "name"):
        known = atom.pattern.text if isinstance(atom, Text) else None
        if known:
            level = len(known) - len(known.lstrip("."))
            results.append(import_module(machine, known[level:], level, frame))
        elif isinstance(atom, Text):
            results += modules_named(machine, atom.pattern)
    return join(*results) if results else (Unknown("import_module(…)", lookup="attribute"),)
