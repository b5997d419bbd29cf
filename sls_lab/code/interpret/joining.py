"""Joins: what a name may be where two ways through the code meet."""

from __future__ import annotations

from sls_lab.code.interpret.objects import EnumMember
from sls_lab.code.interpret.values import Atom, Callee, Record, Scalar, Sequence, Text, Unknown, Value, unknown
from sls_lab.facts import Hole, Pattern

#: More alternatives than these become one pattern: what they begin and end with.
MAX_ALTERNATIVES = 8
#: So many functions, classes and objects are kept apart.
MAX_CALLEES = 24
#: More known elements or entries than these are joined into one.
MAX_ELEMENTS = 512


def join(*values: Value) -> Value:
    """All alternatives of several values, at most `MAX_ALTERNATIVES`."""
    first, *others = values
    atoms = dict.fromkeys(first)
    for other in others:
        if other is not first:
            atoms.update(dict.fromkeys(atom for atom in other if atom not in atoms))
    if len(atoms) == len(first):
        return first
    return bounded(tuple(atoms))


def bounded(value: Value) -> Value:
    """The value with at most `MAX_ALTERNATIVES` atoms; texts become one pattern, what is beyond becomes unknown.

    What can be called is counted by itself, up to `MAX_CALLEES`: a table may have many entries.
    """
    if len(value) <= MAX_ALTERNATIVES:
        return value
    callees = tuple(atom for atom in value if isinstance(atom, Callee))
    if callees:
        beyond: Value = (Unknown("…", lookup="element"),) if len(callees) > MAX_CALLEES else ()
        plain = bounded(tuple(atom for atom in value if not isinstance(atom, Callee)))
        return (*plain, *callees[:MAX_CALLEES], *beyond)
    texts = [atom for atom in value if isinstance(atom, Text)]
    others: list[Atom] = [atom for atom in value if not isinstance(atom, Text)]
    if len(texts) > 1:
        others.insert(0, generalised(texts))
    if len(others) > MAX_ALTERNATIVES:
        return (*others[: MAX_ALTERNATIVES - 1], *unknown("…"))
    return tuple(others)


def generalised(texts: list[Text]) -> Text:
    """One string for several: their common beginning, a hole, their common end."""
    heads = [_edge(text.pattern, 0) for text in texts]
    tails = [_edge(text.pattern, -1)[::-1] for text in texts]
    prefix, suffix = _common(heads), _common(tails)[::-1]
    shortest = min((len(text.pattern.text or "") for text in texts if text.pattern.known), default=len(prefix + suffix))
    suffix = suffix[max(0, len(prefix) + len(suffix) - shortest) :]
    return Text(Pattern.of(prefix, Hole("…"), suffix), texts[0].because, any(text.deployed for text in texts))


def _common(texts: list[str]) -> str:
    """What all texts begin with."""
    shortest, longest = min(texts), max(texts)
    same = next((at for at, character in enumerate(shortest) if character != longest[at : at + 1]), len(shortest))
    return shortest[:same]


def _edge(pattern: Pattern, index: int) -> str:
    part = pattern.parts[index] if pattern.parts else ""
    return part if isinstance(part, str) else ""


def widen(old: Value, new: Value) -> Value:
    """A value that holds for any number of further steps from `old` to `new`."""
    fresh = [atom for atom in new if atom not in old]
    if any(isinstance(atom, Text) for atom in fresh):
        texts = [atom for atom in (*old, *fresh) if isinstance(atom, Text)]
        others: Value = tuple(atom for atom in (*old, *fresh) if not isinstance(atom, Text))
        return join((generalised(texts), *others))
    if any(isinstance(atom, Scalar) and atom.kind in ("int", "float") for atom in fresh):
        rest: Value = tuple(
            atom for atom in (*old, *fresh) if not (isinstance(atom, Scalar) and atom.kind in ("int", "float"))
        )
        return join((Unknown("…"), *rest))
    return join(old, new)


def join_contents(old: Value, new: Value) -> Value:
    """The contents of one list or dict where two ways meet (or its successive contents in a loop)."""
    if not old or not new or old == new:
        return new or old
    left, right = old[0], new[0]
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return (join_sequences(left, right),)
    if isinstance(left, Record) and isinstance(right, Record):
        return (join_records(left, right),)
    return join(old, new)


def concatenated(left: Sequence, right: Sequence) -> Sequence:
    """One sequence after another; of what is longer than any list of names, the end is known as a whole."""
    if left.rest:
        extra = [*right.items, *([right.rest] if right.rest else [])]
        return Sequence(left.items, join(left.rest, *extra))
    items = (*left.items, *right.items)
    if len(items) <= MAX_ELEMENTS:
        return Sequence(items, right.rest)
    return Sequence(items[:MAX_ELEMENTS], join(*items[MAX_ELEMENTS:], right.rest))


def join_sequences(left: Sequence, right: Sequence) -> Sequence:
    """Element by element as far as both are known, then everything else as `rest`."""
    count = min(len(left.items), len(right.items))
    items = tuple(join(a, b) for a, b in zip(left.items[:count], right.items[:count], strict=True))
    extra = [*left.items[count:], *right.items[count:], *(rest for rest in (left.rest, right.rest) if rest)]
    return Sequence(items, join(*extra) if extra else ())


def join_records(left: Record, right: Record) -> Record:
    """Key by key; a key of one side alone may be in both."""
    entries = dict(left.entries)
    for key, value in right.entries:
        entries[key] = join(entries[key], value) if key in entries else value
    rest = join(left.rest, right.rest) if left.rest and right.rest else left.rest or right.rest
    return Record(tuple(entries.items()), rest)


def with_entry(record: Record, key: Value, value: Value) -> Record:
    """The contents after `d[key] = value`."""
    known = key[0] if len(key) == 1 else None
    if known is not None and (isinstance(known, Scalar | EnumMember) or is_name(known)):
        entries = dict(record.entries)
        if known in entries or len(entries) < MAX_ELEMENTS:
            entries[known] = value
            return Record(tuple(entries.items()), record.rest)
    elif key and all(isinstance(atom, Text) and is_name(atom) for atom in key):
        entries = dict(record.entries)
        for atom in key:
            entries[atom] = join(entries[atom], value) if atom in entries else value
        return Record(tuple(entries.items()), record.rest)
    return with_rest(record, value)


def with_rest(record: Record, value: Value) -> Record:
    """The contents after `value` was put under keys that are not known: each of the known may be among them."""
    if not value:
        return record
    entries = tuple((known, join(inner, value)) for known, inner in record.entries)
    return Record(entries, join(record.rest, value) if record.rest else value)


def with_record(record: Record, other: Record) -> Record:
    """The contents after those of another dict were put in."""
    record = with_rest(record, other.rest)
    for known, inner in other.entries:
        record = with_entry(record, (known,), inner)
    return record


def is_name(atom: Atom | None) -> bool:
    """Whether a string is the same each time: written out, or fixed for the deployment."""
    return isinstance(atom, Text) and all(hole.kind.value != "any" for hole in atom.pattern.holes)
