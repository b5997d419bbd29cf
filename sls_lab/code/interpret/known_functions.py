"""The functions of Python's library whose results are followed, by their dotted names."""

from __future__ import annotations

from collections.abc import Callable

from sls_lab.code.interpret.attributes import attribute_of, parent_folder, split_extension
from sls_lab.code.interpret.containers import dict_method
from sls_lab.code.interpret.elements import elements_of, read_environ
from sls_lab.code.interpret.instances import blank_instance
from sls_lab.code.interpret.joining import MAX_ALTERNATIVES, bounded, join
from sls_lab.code.interpret.lookups import named_attributes
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.objects import ModuleRef
from sls_lab.code.interpret.operators import as_text
from sls_lab.code.interpret.statements import set_attribute, set_element
from sls_lab.code.interpret.string_operations import concatenation, last_piece, shell_word
from sls_lab.code.interpret.text_methods import dump_json, encode_text, join_paths, load_json, path_of, substitute
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    DictRef,
    External,
    Record,
    Scalar,
    Sequence,
    Text,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.facts import Pattern

KnownFunction = Callable[[Machine, Arguments], Value]


def any_of(sequence: Sequence) -> Value:
    """Any element of a sequence."""
    values = [item for item in (*sequence.items, sequence.rest) if item]
    return join(*values) if values else unknown("…")


def _dict(machine: Machine, arguments: Arguments) -> Value:
    record = Record(())
    source = arguments.get(0, "")
    made = machine.new_dict(record)
    reference = made[0]
    if not isinstance(reference, DictRef):
        return made
    if any(isinstance(atom, External) and atom.name == "os.environ" for atom in source):
        return source
    pairs = elements_of(machine, source) if source and not isinstance(source[0], DictRef) else Sequence(())
    for pair in pairs.items:
        inner = elements_of(machine, pair)
        if len(inner.items) == 2:
            set_element(machine, made, inner.items[0], inner.items[1])
    if pairs.rest:
        set_element(machine, made, unknown("…"), unknown(machine.label(source)))
    given = arguments if source and isinstance(source[0], DictRef) else Arguments((), arguments.keywords)
    dict_method(machine, reference, "update", given)
    return made


def _default_dict(machine: Machine, arguments: Arguments) -> Value:
    """A dict that has what its factory makes under every key that it is asked for."""
    _, frame = machine.statement
    factory = arguments.get(0, "default_factory")
    rest: Value = ()
    if frame is not None and factory and factory != NONE:
        rest = machine.call(factory, Arguments(), None, frame)
    return machine.new_dict(Record((), rest))


def _list(machine: Machine, arguments: Arguments) -> Value:
    source = arguments.get(0, "")
    sequence = elements_of(machine, source) if source else Sequence(())
    return machine.new_list(sequence.items, sequence.rest)


def _tuple(machine: Machine, arguments: Arguments) -> Value:
    source = arguments.get(0, "")
    sequence = elements_of(machine, source) if source else Sequence(())
    return (Sequence(sequence.items, sequence.rest),)


def _range(machine: Machine, arguments: Arguments) -> Value:
    numbers = [
        atom.value
        for bound in arguments.positional
        for atom in bound.value
        if isinstance(atom, Scalar) and isinstance(atom.value, int)
    ]
    if len(numbers) == len(arguments.positional) and 0 < len(numbers) <= 3 and (len(numbers) < 3 or numbers[2]):
        values = range(*numbers)
        if len(values) <= 8:
            return (Sequence(tuple(scalar(number) for number in values)),)
    return (Sequence((), unknown("range(…)")),)


def _enumerate(machine: Machine, arguments: Arguments) -> Value:
    sequence = elements_of(machine, arguments.get(0, "iterable"))
    pairs = tuple((Sequence((scalar(index), item)),) for index, item in enumerate(sequence.items))
    rest: Value = (Sequence((unknown("index"), sequence.rest)),) if sequence.rest else ()
    return machine.new_list(pairs, rest)


def _zip(machine: Machine, arguments: Arguments) -> Value:
    sequences = [elements_of(machine, bound.value) for bound in arguments.positional]
    if sequences and not any(sequence.rest for sequence in sequences):
        shortest = min(len(sequence.items) for sequence in sequences)
        return machine.new_list(
            tuple((Sequence(tuple(sequence.items[at] for sequence in sequences)),) for at in range(shortest))
        )
    return machine.new_list((), (Sequence(tuple(any_of(sequence) for sequence in sequences)),))


def _setattr(machine: Machine, arguments: Arguments) -> Value:
    for atom in arguments.get(1, "name"):
        name = atom.pattern.text if isinstance(atom, Text) else None
        for owner in arguments.get(0, "object") if name else ():
            set_attribute(machine, owner, name or "", arguments.get(2, "value"))
    return NONE


def _environ_get(machine: Machine, arguments: Arguments) -> Value:
    default = arguments.get(1, "default") or NONE
    return read_environ(machine, arguments.get(0, "key"), default)


def _str(machine: Machine, arguments: Arguments) -> Value:
    return as_text(machine, arguments.get(0, "object")) if arguments.get(0, "object") else text("")


def _splitext(machine: Machine, arguments: Arguments) -> Value:
    return _both(machine, arguments.get(0, "p"), split_extension)


def _split_path(machine: Machine, arguments: Arguments) -> Value:
    return _both(machine, arguments.get(0, "p"), lambda pattern: (parent_folder(pattern), last_piece(pattern, "/")))


def _both(machine: Machine, value: Value, function: Callable[[Pattern], tuple[Pattern, Pattern]]) -> Value:
    firsts: list[Atom] = []
    seconds: list[Atom] = []
    for atom in as_text(machine, value):
        if isinstance(atom, Text):
            first, second = function(atom.pattern)
            firsts.append(Text(first, atom.because, atom.deployed))
            seconds.append(Text(second, atom.because, atom.deployed))
    return (Sequence((tuple(dict.fromkeys(firsts)), tuple(dict.fromkeys(seconds)))),)


def _one(function: Callable[[Pattern], Pattern], parameter: str = "p") -> KnownFunction:
    def run(machine: Machine, arguments: Arguments) -> Value:
        given = as_text(machine, arguments.get(0, parameter))
        texts = [atom for atom in given if isinstance(atom, Text)]
        return tuple(dict.fromkeys(Text(function(atom.pattern), atom.because, atom.deployed) for atom in texts))

    return run


def _shell_join(machine: Machine, arguments: Arguments) -> Value:
    """`shlex.join(words)`; of words that are not known one by one, a hole that is quoted."""
    sequence = elements_of(machine, arguments.get(0, "split_command"))
    if sequence.rest:
        return (Text(shell_word(Pattern.any(machine.call_label("shlex.join", arguments)))),)
    results = [Pattern.of()]
    for index, item in enumerate(sequence.items):
        words = [shell_word(atom.pattern) for atom in as_text(machine, item) if isinstance(atom, Text)]
        results = [concatenation(one, " " if index else "", word) for one in results for word in words]
        results = results[:MAX_ALTERNATIVES]
    return bounded(tuple(dict.fromkeys(Text(pattern) for pattern in results)))


def _encoder(name: str) -> KnownFunction:
    return lambda machine, arguments: encode_text(machine, name, arguments.get(0, "string"))


def _next(machine: Machine, arguments: Arguments) -> Value:
    sequence = elements_of(machine, arguments.get(0, "iterator"))
    default = arguments.get(1, "default")
    return join(any_of(sequence), default) if default else any_of(sequence)


def _gather(machine: Machine, arguments: Arguments) -> Value:
    return machine.new_list(tuple(bound.value for bound in arguments.positional))


def _int(machine: Machine, arguments: Arguments) -> Value:
    given = arguments.get(0, "x")
    atom = given[0] if len(given) == 1 else None
    if isinstance(atom, Scalar) and isinstance(atom.value, int):
        return scalar(int(atom.value))
    known = atom.pattern.text if isinstance(atom, Text) else None
    if known is not None and known.isascii() and known.isdigit() and len(known) < 18:
        return scalar(int(known))
    return unknown(machine.call_label("int", arguments))


def _type(machine: Machine, arguments: Arguments) -> Value:
    return attribute_of(machine, arguments.get(0, "object"), "__class__", None)


def _new(machine: Machine, arguments: Arguments) -> Value:
    return blank_instance(arguments)


def _vars(machine: Machine, arguments: Arguments) -> Value:
    """`vars(owner)` and `asdict(instance)`: its attributes by name."""
    owner = arguments.get(0, "object")
    found = attribute_of(machine, owner, "__dict__", None) if owner else _globals(machine, arguments)
    return (
        found
        if all(isinstance(atom, DictRef | External) for atom in found)
        else unknown(machine.call_label("vars", arguments))
    )


def _globals(machine: Machine, arguments: Arguments) -> Value:
    """The names of the module that is being run."""
    _, frame = machine.statement
    return (
        attribute_of(machine, (ModuleRef(frame.state),), "__dict__", None)
        if frame is not None
        else unknown("globals()")
    )


FUNCTIONS: dict[str, KnownFunction] = {
    "asyncio.gather": _gather,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _default_dict,
    "collections.deque": _list,
    "builtins.enumerate": _enumerate,
    "builtins.frozenset": _list,
    "builtins.getattr": named_attributes,
    "builtins.globals": _globals,
    "builtins.int": _int,
    "builtins.list": _list,
    "builtins.next": _next,
    "anext": _next,
    "builtins.range": _range,
    "builtins.set": _list,
    "builtins.setattr": _setattr,
    "builtins.str": _str,
    "builtins.tuple": _tuple,
    "builtins.object.__new__": _new,
    "builtins.type": _type,
    "builtins.vars": _vars,
    "builtins.zip": _zip,
    "dataclasses.asdict": _vars,
    "json.dumps": lambda machine, arguments: dump_json(machine, arguments.get(0, "obj")),
    "pipes.quote": _one(shell_word, "s"),
    "shlex.join": _shell_join,
    "shlex.quote": _one(shell_word, "s"),
    "simplejson.dumps": lambda machine, arguments: dump_json(machine, arguments.get(0, "obj")),
    "ujson.dumps": lambda machine, arguments: dump_json(machine, arguments.get(0, "obj")),
    "orjson.dumps": lambda machine, arguments: dump_json(machine, arguments.get(0, "obj")),
    "json.loads": lambda machine, arguments: load_json(machine, arguments),
    "simplejson.loads": lambda machine, arguments: load_json(machine, arguments),
    "ujson.loads": lambda machine, arguments: load_json(machine, arguments),
    "orjson.loads": lambda machine, arguments: load_json(machine, arguments),
    "os.environ.copy": lambda *_: (External("os.environ"),),
    "os.environ.get": _environ_get,
    "os.environ.setdefault": _environ_get,
    "os.environ.pop": _environ_get,
    "os.environ.__getitem__": lambda machine, arguments: read_environ(machine, arguments.get(0, "key"), None),
    "os.getenv": _environ_get,
    "os.path.basename": _one(lambda pattern: last_piece(pattern, "/")),
    "os.path.dirname": _one(parent_folder),
    "os.path.join": lambda machine, arguments: join_paths(
        machine,
        [*(bound.value for bound in arguments.positional)]
        + ([arguments.open_positional.value] if arguments.open_positional else []),
    ),
    "os.path.split": _split_path,
    "os.path.splitext": _splitext,
    "pathlib.Path": lambda machine, arguments: path_of(machine, [bound.value for bound in arguments.positional]),
    "pathlib.PurePath": lambda machine, arguments: path_of(machine, [bound.value for bound in arguments.positional]),
    "pathlib.PosixPath": lambda machine, arguments: path_of(machine, [bound.value for bound in arguments.positional]),
    "pathlib.PurePosixPath": lambda machine, arguments: path_of(
        machine, [bound.value for bound in arguments.positional]
    ),
    "re.sub": lambda machine, arguments: substitute(machine, arguments),
    "urllib.parse.quote": _encoder("urllib.parse.quote"),
    "urllib.parse.quote_plus": _encoder("urllib.parse.quote_plus"),
    "urllib.parse.unquote": _encoder("urllib.parse.unquote"),
    "urllib.parse.unquote_plus": _encoder("urllib.parse.unquote_plus"),
}
