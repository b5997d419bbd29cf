"""The methods of strings and paths, and the library functions that make strings."""

from __future__ import annotations

import json
from itertools import product

from sls_lab.code.interpret.attributes import parent_folder, split_extension
from sls_lab.code.interpret.elements import elements_of
from sls_lab.code.interpret.joining import MAX_ALTERNATIVES, bounded, join
from sls_lab.code.interpret.machine import Machine
from sls_lab.code.interpret.operators import as_text, followed, format_text
from sls_lab.code.interpret.string_operations import (
    concatenation,
    derived,
    encoded,
    joined_path,
    last_piece,
    method,
    split,
    substituted,
)
from sls_lab.code.interpret.values import (
    NONE,
    Arguments,
    Atom,
    DictRef,
    ListRef,
    PathText,
    Record,
    Scalar,
    Sequence,
    Text,
    Value,
    scalar,
    text,
    unknown,
)
from sls_lab.facts import Hole, Pattern
from sls_lab.facts.pattern import Quoted

#: How deep known JSON is looked into, and how long it may be.
_JSON_DEPTH = 12
_JSON_TEXT = 100_000


def text_method(machine: Machine, atom: Text | PathText, name: str, arguments: Arguments) -> Value:
    """A method of a string or path."""
    if isinstance(atom, PathText):
        return _path_method(machine, atom, name, arguments)
    match name:
        case "format":
            return format_text(machine, atom, arguments)
        case "format_map":
            return format_text(machine, atom, Arguments(), arguments.get(0, "mapping"))
        case "join":
            return _joined(machine, atom, elements_of(machine, arguments.get(0, "iterable")))
        case "split" | "rsplit" | "splitlines":
            return _split(machine, atom, name, arguments)
        case "partition" | "rpartition":
            return _partition(atom, name, arguments)
        case "startswith" | "endswith" | "isdigit" | "isalpha" | "find" | "index" | "count" | "rfind":
            return unknown("…")
    given = [_single(bound.value) for bound in arguments.positional]
    result = method(name, atom.pattern, given)
    if result is None:
        return unknown(machine.call_label(f"{machine.label((atom,))}.{name}", arguments), atom.because)
    if name == "encode" or (name == "decode" and atom.decoded):
        return (Text(result, atom.because, atom.deployed, atom.decoded),)
    return text(result, atom.because, atom.deployed)


def _single(value: Value) -> Pattern | None:
    texts = [atom for atom in value if isinstance(atom, Text)]
    return texts[0].pattern if len(value) == 1 and texts else None


def _joined(machine: Machine, separator: Text, sequence: Sequence) -> Value:
    results: list[Text] = [Text(Pattern.of(), separator.because)]
    for index, item in enumerate(sequence.items):
        results = followed(results, as_text(machine, item), separator.pattern if index else None)
    if sequence.rest:
        quoted: Quoted = "shell" if _are_quoted_words(machine, separator, sequence) else ""
        more = Pattern.of(Hole(f"{machine.label((separator,))}.join(…)", quoted=quoted))
        results = [Text(concatenation(one.pattern, more), one.because, one.deployed) for one in results]
    return bounded(tuple(dict.fromkeys(results)))


def _are_quoted_words(machine: Machine, separator: Text, sequence: Sequence) -> bool:
    """Whether any number of words are joined, each of which is quoted for a shell."""
    words = [atom.pattern for atom in as_text(machine, sequence.rest) if isinstance(atom, Text)]
    quoted = all(isinstance(part, Hole) and part.quoted == "shell" for word in words for part in word.parts)
    return bool(words) and quoted and separator.pattern.text == " "


def _split(machine: Machine, atom: Text, name: str, arguments: Arguments) -> Value:
    separator = _single(arguments.get(0, "sep"))
    given = arguments.get(0, "sep")
    known = separator.text if separator is not None else None
    limit = arguments.get(1, "maxsplit")
    count = limit[0].value if len(limit) == 1 and isinstance(limit[0], Scalar) else -1
    if name == "splitlines" or (given and given != NONE and not known) or not isinstance(count, int):
        return machine.new_list((), text(derived(atom.pattern, f".{name}(…)[…]"), atom.because))
    pieces, rest = split(atom.pattern, known or None, count, name == "rsplit")
    values = tuple(text(piece, atom.because, atom.deployed) for piece in pieces)
    if rest is None or known is None:
        return machine.new_list(values, text(rest, atom.because) if rest is not None else ())
    # Of text with unknown parts the last piece is known best: `split("/")[-1]` is what most code asks for.
    last = text(last_piece(atom.pattern, known), atom.because, atom.deployed)
    return machine.new_list(values, join(text(rest, atom.because), last) if last_is_known(last) else text(rest))


def _partition(atom: Text, name: str, arguments: Arguments) -> Value:
    separator = _single(arguments.get(0, "sep"))
    known, whole = separator.text if separator is not None else None, atom.pattern.text
    if known and whole is not None:
        pieces = whole.partition(known) if name == "partition" else whole.rpartition(known)
        return (Sequence(tuple(text(piece, atom.because, atom.deployed) for piece in pieces)),)
    if known and name == "partition":
        pieces_known, _ = split(atom.pattern, known, -1, False)
        if pieces_known:
            rest = text(derived(atom.pattern, ".partition(…)[2]"), atom.because)
            return (Sequence((text(pieces_known[0], atom.because, atom.deployed), text(known), rest)),)
    pieces_open = tuple(text(derived(atom.pattern, f".{name}(…)[{at}]"), atom.because) for at in range(3))
    return (Sequence(pieces_open),)


def _path_method(machine: Machine, atom: PathText, name: str, arguments: Arguments) -> Value:
    if name in ("as_posix", "resolve", "absolute", "expanduser", "as_uri", "__str__"):
        return text(atom.pattern, atom.because, atom.deployed) if name != "resolve" else (atom,)
    if name == "joinpath":
        return path_of(machine, [(atom,), *(bound.value for bound in arguments.positional)])
    if name in ("with_suffix", "with_name"):
        other = _single(arguments.get(0, "name")) or Pattern.any("…")
        if name == "with_suffix":
            return (PathText(concatenation(split_extension(atom.pattern)[0], other), atom.because, atom.deployed),)
        return (PathText(joined_path((parent_folder(atom.pattern), other)), atom.because, atom.deployed),)
    return unknown(machine.call_label(f"{atom.pattern}.{name}", arguments), atom.because)


def path_of(machine: Machine, parts: list[Value]) -> Value:
    """`pathlib.Path(*parts)`."""
    joined = join_paths(machine, parts)
    return tuple(
        PathText(atom.pattern, atom.because, atom.deployed) for atom in joined if isinstance(atom, Text)
    ) or unknown("Path(…)")


def join_paths(machine: Machine, parts: list[Value]) -> Value:
    """`os.path.join(*parts)`."""
    options = [[atom for atom in as_text(machine, part) if isinstance(atom, Text)] for part in parts if part]
    results: list[Atom] = []
    for chosen in list(product(*options))[: 4 * MAX_ALTERNATIVES]:
        because = tuple(dict.fromkeys(reason for one in chosen for reason in one.because))[:12]
        pattern = joined_path(one.pattern for one in chosen)
        results.append(Text(pattern, because, any(one.deployed for one in chosen)))
    return bounded(tuple(dict.fromkeys(results)))


def encode_text(machine: Machine, function: str, value: Value) -> Value:
    """`urllib.parse.quote(value)` and similar functions."""
    results = [
        Text(encoded(function, atom.pattern), atom.because, atom.deployed)
        for atom in as_text(machine, value)
        if isinstance(atom, Text)
    ]
    return tuple(dict.fromkeys(results))


def substitute(machine: Machine, arguments: Arguments) -> Value:
    """`re.sub(expression, replacement, value)`."""
    expression = _single(arguments.get(0, "pattern"))
    replacement = _single(arguments.get(1, "repl"))
    results: list[Atom] = []
    for atom in as_text(machine, arguments.get(2, "string")):
        if isinstance(atom, Text):
            known = expression.text if expression is not None else None
            new = replacement if replacement is not None else Pattern.any("…")
            result = substituted(known, new, atom.pattern) if known is not None else derived(atom.pattern, ".sub(…)")
            results.append(Text(result, atom.because, atom.deployed))
    return bounded(tuple(dict.fromkeys(results)))


def dump_json(machine: Machine, value: Value) -> Value:
    """`json.dumps(value)`: the string as far as it is known, with what it was made of."""
    pattern = _json(machine, value, 0, {})
    return (Text(pattern, machine.because(value), decoded=value),)


def _json(machine: Machine, value: Value, depth: int, written: dict[tuple[int, int], Pattern]) -> Pattern:
    """`written` has the containers that were written already, by number and depth: one may be in others many times."""
    if len(value) != 1 or depth > _JSON_DEPTH:
        return Pattern.any(machine.label(value))
    atom = value[0]
    if not isinstance(atom, DictRef | ListRef):
        return _plain_json(machine, atom, value, depth, written)
    known = written.get((atom.oid, depth))
    if known is None:
        known = written[atom.oid, depth] = _plain_json(machine, machine.contents(atom), value, depth, written)
    return known


def _plain_json(
    machine: Machine, held: Atom | None, value: Value, depth: int, written: dict[tuple[int, int], Pattern]
) -> Pattern:
    match held:
        case Text(pattern=pattern):
            return Pattern.of('"', *(json.dumps(p)[1:-1] if isinstance(p, str) else p for p in pattern.parts), '"')
        case Scalar(value=plain, missing="") if plain is None or isinstance(plain, bool | int | float):
            return Pattern.of(json.dumps(plain))
        case Record(entries=entries, rest=()):
            pieces: list[Pattern | str] = ["{"]
            for index, (key, inner) in enumerate(entries):
                pieces += [
                    ", " if index else "",
                    _json(machine, (key,), depth + 1, written),
                    ": ",
                    _json(machine, inner, depth + 1, written),
                ]
            return concatenation(*pieces, "}")
        case Sequence(items=items, rest=()):
            listed: list[Pattern | str] = ["["]
            for index, inner in enumerate(items):
                listed += [", " if index else "", _json(machine, inner, depth + 1, written)]
            return concatenation(*listed, "]")
    return Pattern.any(machine.label(value))


def load_json(machine: Machine, arguments: Arguments) -> Value:
    """`json.loads(value)`: what the string was made of, or says; else unknown."""
    results: list[Value] = []
    for atom in arguments.get(0, "s"):
        known = atom.pattern.text if isinstance(atom, Text) else None
        if isinstance(atom, Text) and atom.decoded:
            results.append(atom.decoded)
        elif known is not None and len(known) <= _JSON_TEXT:
            try:
                results.append(_from_json(machine, json.loads(known), 0))
            except (ValueError, RecursionError):
                results.append(unknown("json.loads(…)"))
        else:
            results.append(unknown(f"json.loads({machine.label((atom,))})", machine.because((atom,))))
    return join(*results) if results else unknown("json.loads(…)")


def _from_json(machine: Machine, value: object, depth: int) -> Value:
    if depth > _JSON_DEPTH:
        return unknown("…")
    match value:
        case str():
            return text(value)
        case dict():
            entries = tuple((Text(Pattern.of(str(k))), _from_json(machine, v, depth + 1)) for k, v in value.items())
            return machine.new_dict(Record(entries))
        case list():
            return machine.new_list(tuple(_from_json(machine, inner, depth + 1) for inner in value))
        case bool() | int() | float() | None:
            return scalar(value)
    return unknown("…")


def last_is_known(value: Value) -> bool:
    """Whether a string is worth keeping apart from an unknown one."""
    return any(isinstance(atom, Text) and not atom.pattern.opaque for atom in value)
