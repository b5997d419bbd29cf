"""What the functions of Python's library and a few others give, where it decides names."""

from __future__ import annotations

import ast
from collections.abc import Callable

from sls_lab.code.interpret.attributes import parent_folder, split_extension
from sls_lab.code.interpret.boto_calls import MAKERS, SESSIONS
from sls_lab.code.interpret.boto_facts import RAISING
from sls_lab.code.interpret.frames import Frame
from sls_lab.code.interpret.joining import join
from sls_lab.code.interpret.strings import Strings
from sls_lab.code.interpret.texts import last_piece
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    Bound,
    BoundMethod,
    DictRef,
    External,
    FunctionValue,
    ModuleRef,
    Partial,
    Record,
    Scalar,
    Sequence,
    Session,
    Text,
    Unknown,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.code.positions import span_of
from sls_lab.facts import Pattern

Function = Callable[["Library", Arguments], Value]

#: They hand on the function they are given, or keep it without calling it.
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


class Library(Strings):
    """Calls of functions that are not the application's own."""

    def call_external(self, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        """The result of a function of a library, by its dotted name; of an unknown one, its call as a label."""
        if name in SESSIONS:
            return (Session(),)
        if name in MAKERS:
            return self.make(name.rpartition(".")[2], arguments, node, frame)
        known = FUNCTIONS.get(name) or FUNCTIONS.get(name.replace("posixpath.", "os.path."))
        if known is not None:
            return known(self, arguments)
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
            return self.field_default(arguments, frame)
        if name in ("builtins.map", "builtins.filter"):
            return self._mapped(name, arguments, node, frame)
        if name in ("importlib.import_module", "builtins.__import__"):
            return self._imported(arguments, frame)
        return self._unknown_call(name, arguments, node, frame)

    def _unknown_call(self, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        owner, _, last = name.rpartition(".")
        if last in RAISING and owner and node is not None and not owner.startswith("builtins"):
            self.unknown_client(owner, last, node, frame)
        handed = self.call_back((External(name),), arguments, node, frame)
        if handed:
            return handed
        site = ""
        if node is not None and last[:1].isupper():
            span = span_of(frame.module, node)
            site = f"{span.file}:{span.line}:{span.column}"
        return (Unknown(self.call_label(name.removeprefix("builtins."), arguments), site=site),)

    def _mapped(self, name: str, arguments: Arguments, node: ast.Call | None, frame: Frame) -> Value:
        function = arguments.get(0, "func")
        sequences = [self.elements(bound.value) for bound in arguments.positional[1:]]
        if not sequences:
            return unknown(name)
        first = sequences[0]
        if len(sequences) == 1 and not first.rest and len(first.items) <= 8:
            results = tuple(self.call(function, Arguments((Bound(item),)), node, frame) for item in first.items)
            return self.new_list(results) if name == "builtins.map" else self.new_list(first.items)
        given = tuple(Bound(_any(sequence)) for sequence in sequences)
        result = self.call(function, Arguments(given), node, frame)
        return self.new_list((), result if name == "builtins.map" else given[0].value)

    def _imported(self, arguments: Arguments, frame: Frame) -> Value:
        results: list[Value] = []
        for atom in arguments.get(0, "name"):
            known = atom.pattern.text if isinstance(atom, Text) else None
            if known:
                level = len(known) - len(known.lstrip("."))
                results.append(self.import_module(known[level:], level, frame))
        return join(*results) if results else unknown("import_module(…)")


def _any(sequence: Sequence) -> Value:
    values = [item for item in (*sequence.items, sequence.rest) if item]
    return join(*values) if values else unknown("…")


def _dict(library: Library, arguments: Arguments) -> Value:
    record = Record(())
    source = arguments.get(0, "")
    made = library.new_dict(record)
    reference = made[0]
    if not isinstance(reference, DictRef):
        return made
    if any(isinstance(atom, External) and atom.name == "os.environ" for atom in source):
        return source
    pairs = library.elements(source) if source and not isinstance(source[0], DictRef) else Sequence(())
    for pair in pairs.items:
        inner = library.elements(pair)
        if len(inner.items) == 2:
            library.set_element(made, inner.items[0], inner.items[1])
    if pairs.rest:
        library.set_element(made, unknown("…"), unknown(library.label(source)))
    given = arguments if source and isinstance(source[0], DictRef) else Arguments((), arguments.keywords)
    library.dict_method(reference, "update", given)
    return made


def _list(library: Library, arguments: Arguments) -> Value:
    source = arguments.get(0, "")
    sequence = library.elements(source) if source else Sequence(())
    return library.new_list(sequence.items, sequence.rest)


def _tuple(library: Library, arguments: Arguments) -> Value:
    source = arguments.get(0, "")
    sequence = library.elements(source) if source else Sequence(())
    return (Sequence(sequence.items, sequence.rest),)


def _range(library: Library, arguments: Arguments) -> Value:
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


def _enumerate(library: Library, arguments: Arguments) -> Value:
    sequence = library.elements(arguments.get(0, "iterable"))
    pairs = tuple((Sequence((scalar(index), item)),) for index, item in enumerate(sequence.items))
    rest: Value = (Sequence((unknown("index"), sequence.rest)),) if sequence.rest else ()
    return library.new_list(pairs, rest)


def _zip(library: Library, arguments: Arguments) -> Value:
    sequences = [library.elements(bound.value) for bound in arguments.positional]
    if sequences and not any(sequence.rest for sequence in sequences):
        shortest = min(len(sequence.items) for sequence in sequences)
        return library.new_list(
            tuple((Sequence(tuple(sequence.items[at] for sequence in sequences)),) for at in range(shortest))
        )
    return library.new_list((), (Sequence(tuple(_any(sequence) for sequence in sequences)),))


def _getattr(library: Library, arguments: Arguments) -> Value:
    results: list[Value] = []
    for atom in arguments.get(1, "name"):
        name = atom.pattern.text if isinstance(atom, Text) else None
        if name:
            results.append(library.attribute(arguments.get(0, "object"), name, None))
    if not results:
        return unknown(f"getattr({library.label(arguments.get(0, 'object'))}, …)")
    return join(*results)


def _environ_get(library: Library, arguments: Arguments) -> Value:
    default = arguments.get(1, "default") or NONE
    return library.environ(arguments.get(0, "key"), default)


def _str(library: Library, arguments: Arguments) -> Value:
    return library.as_text(arguments.get(0, "object")) if arguments.get(0, "object") else text("")


def _splitext(library: Library, arguments: Arguments) -> Value:
    return _both(library, arguments.get(0, "p"), split_extension)


def _split_path(library: Library, arguments: Arguments) -> Value:
    return _both(library, arguments.get(0, "p"), lambda pattern: (parent_folder(pattern), last_piece(pattern, "/")))


def _both(library: Library, value: Value, function: Callable[[Pattern], tuple[Pattern, Pattern]]) -> Value:
    firsts: list[Atom] = []
    seconds: list[Atom] = []
    for atom in library.as_text(value):
        if isinstance(atom, Text):
            first, second = function(atom.pattern)
            firsts.append(Text(first, atom.because, atom.deployed))
            seconds.append(Text(second, atom.because, atom.deployed))
    return (Sequence((tuple(dict.fromkeys(firsts)), tuple(dict.fromkeys(seconds)))),)


def _one(function: Callable[[Pattern], Pattern]) -> Function:
    def run(library: Library, arguments: Arguments) -> Value:
        given = library.as_text(arguments.get(0, "p"))
        texts = [atom for atom in given if isinstance(atom, Text)]
        return tuple(dict.fromkeys(Text(function(atom.pattern), atom.because, atom.deployed) for atom in texts))

    return run


def _encoder(name: str) -> Function:
    return lambda library, arguments: library.encode_text(name, arguments.get(0, "string"))


def _next(library: Library, arguments: Arguments) -> Value:
    sequence = library.elements(arguments.get(0, "iterator"))
    default = arguments.get(1, "default")
    return join(_any(sequence), default) if default else _any(sequence)


def _gather(library: Library, arguments: Arguments) -> Value:
    return library.new_list(tuple(bound.value for bound in arguments.positional))


def _int(library: Library, arguments: Arguments) -> Value:
    given = arguments.get(0, "x")
    atom = given[0] if len(given) == 1 else None
    if isinstance(atom, Scalar) and isinstance(atom.value, int):
        return scalar(int(atom.value))
    known = atom.pattern.text if isinstance(atom, Text) else None
    if known is not None and known.isascii() and known.isdigit() and len(known) < 18:
        return scalar(int(known))
    return unknown(library.call_label("int", arguments))


def _type(library: Library, arguments: Arguments) -> Value:
    return library.attribute(arguments.get(0, "object"), "__class__", None)


def _vars(library: Library, arguments: Arguments) -> Value:
    """`vars(instance)` and `asdict(instance)`: its attributes by name."""
    entries: dict[str, Value] = {}
    for atom in arguments.get(0, "object"):
        oid = getattr(atom, "oid", None)
        for (number, name), value in list(library.store.cells.items()):
            if number == oid and not any(isinstance(inner, BoundMethod | ModuleRef) for inner in value):
                entries[name] = value
    return library.new_names(entries) if entries else unknown(library.call_label("vars", arguments))


FUNCTIONS: dict[str, Function] = {
    "asyncio.gather": _gather,
    "builtins.dict": _dict,
    "collections.OrderedDict": _dict,
    "collections.defaultdict": lambda library, _: library.new_dict(Record(())),
    "collections.deque": _list,
    "builtins.enumerate": _enumerate,
    "builtins.frozenset": _list,
    "builtins.getattr": _getattr,
    "builtins.int": _int,
    "builtins.list": _list,
    "builtins.next": _next,
    "anext": _next,
    "builtins.range": _range,
    "builtins.set": _list,
    "builtins.str": _str,
    "builtins.tuple": _tuple,
    "builtins.type": _type,
    "builtins.vars": _vars,
    "builtins.zip": _zip,
    "dataclasses.asdict": _vars,
    "json.dumps": lambda library, arguments: library.dump_json(arguments.get(0, "obj")),
    "simplejson.dumps": lambda library, arguments: library.dump_json(arguments.get(0, "obj")),
    "ujson.dumps": lambda library, arguments: library.dump_json(arguments.get(0, "obj")),
    "orjson.dumps": lambda library, arguments: library.dump_json(arguments.get(0, "obj")),
    "json.loads": lambda library, arguments: library.load_json(arguments),
    "simplejson.loads": lambda library, arguments: library.load_json(arguments),
    "ujson.loads": lambda library, arguments: library.load_json(arguments),
    "orjson.loads": lambda library, arguments: library.load_json(arguments),
    "os.environ.copy": lambda *_: (External("os.environ"),),
    "os.environ.get": _environ_get,
    "os.environ.setdefault": _environ_get,
    "os.environ.pop": _environ_get,
    "os.environ.__getitem__": lambda library, arguments: library.environ(arguments.get(0, "key"), None),
    "os.getenv": _environ_get,
    "os.path.basename": _one(lambda pattern: last_piece(pattern, "/")),
    "os.path.dirname": _one(parent_folder),
    "os.path.join": lambda library, arguments: library.join_paths(
        [*(bound.value for bound in arguments.positional)]
        + ([arguments.open_positional.value] if arguments.open_positional else [])
    ),
    "os.path.split": _split_path,
    "os.path.splitext": _splitext,
    "pathlib.Path": lambda library, arguments: library.path([bound.value for bound in arguments.positional]),
    "pathlib.PurePath": lambda library, arguments: library.path([bound.value for bound in arguments.positional]),
    "pathlib.PosixPath": lambda library, arguments: library.path([bound.value for bound in arguments.positional]),
    "pathlib.PurePosixPath": lambda library, arguments: library.path([bound.value for bound in arguments.positional]),
    "re.sub": lambda library, arguments: library.substitute(arguments),
    "urllib.parse.quote": _encoder("urllib.parse.quote"),
    "urllib.parse.quote_plus": _encoder("urllib.parse.quote_plus"),
    "urllib.parse.unquote": _encoder("urllib.parse.unquote"),
    "urllib.parse.unquote_plus": _encoder("urllib.parse.unquote_plus"),
}
