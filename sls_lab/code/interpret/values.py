"""The values of the abstract interpreter.

A `Value` is a tuple of atoms, one for each alternative that the code leaves open; an empty tuple means that there is
none. Atoms are immutable. What a program can change (lists, dicts, instances) is an atom that holds a number, and the
heap has its contents, so that both arms of an `if` start from the same contents.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Literal

from sls_lab.facts import Hole, Pattern, Reason
from sls_lab.python.module import Module


class Atom:
    """One thing that a value may be; its kinds are frozen dataclasses, found by their types."""

    __slots__ = ()


class Callee(Atom):
    """An atom that can be called, or that has methods of the application: tables hold many of them."""

    __slots__ = ()


Value = tuple[Atom, ...]

#: How a value was found that is not known: by a computed key, by a computed name, or as the result of such a callee.
Lookup = Literal["", "element", "attribute", "result"]


@dataclass(frozen=True, slots=True, eq=False)
class SourceReason:
    """A reason whose text is `prefix` and the source of a node; written out only when it is asked for."""

    prefix: str
    module: Module
    node: ast.AST


Because = tuple[Reason | SourceReason, ...]


@dataclass(frozen=True, slots=True)
class Text(Atom):
    """A string. `deployed` says that the template's environment decided it, `decoded` what JSON text was made of."""

    pattern: Pattern
    because: Because = field(default=(), compare=False)
    deployed: bool = False
    decoded: Value = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class PathText(Atom):
    """A `pathlib` path."""

    pattern: Pattern
    because: Because = field(default=(), compare=False)
    deployed: bool = False


@dataclass(frozen=True, slots=True)
class Scalar(Atom):
    """A number, truth value, None, bytes or `...`; `kind` keeps 1, 1.0 and True apart.

    `missing` is the expression of an environment variable that the template does not declare, for which the code gets
    None as far as can be seen.
    """

    value: int | float | complex | bytes | None
    kind: str
    missing: str = ""
    because: Because = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Unknown(Atom):
    """A value of which only its source is known; `label` is for readers alone.

    `role` is set for Lambda's context object. An object of a library that functions may be registered with has the
    place at which it was made (`site`) and the dotted name of what made it (`maker`, such as `fastapi.FastAPI`). A
    part of the handler's event has the way to it (`way`), with `*` for each element of a list. `library_class` is the
    class of an object of a library, or of the object whose attribute it is (`is_attribute`). `lookup` is set where it
    was chosen from several by what is computed: what a call of it runs is not known.
    """

    label: str
    because: Because = field(default=(), compare=False)
    role: str = ""
    site: str = ""
    maker: str = ""
    way: tuple[str, ...] | None = field(default=None, compare=False)
    library_class: str = field(default="", compare=False)
    is_attribute: bool = field(default=False, compare=False)
    lookup: Lookup = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Sequence(Atom):
    """A tuple, or the contents of a list or set: known elements, then any number of `rest` (none where empty)."""

    items: tuple[Value, ...]
    rest: Value = ()
    weight: int = field(default=1, compare=False)  #: how many tuples are nested in it


@dataclass(frozen=True, slots=True)
class Record(Atom):
    """The contents of a dict: known entries by key, and the values of unknown keys (none where empty)."""

    entries: tuple[tuple[Atom, Value], ...]
    rest: Value = ()

    def get(self, key: Atom) -> Value:
        """The value of a key, without `rest`; empty if there is none."""
        for known, value in self.entries:
            if known == key or (isinstance(key, Text) and isinstance(known, Text) and known.pattern == key.pattern):
                return value
        return ()


@dataclass(frozen=True, slots=True)
class ListRef(Atom):
    """A reference to a list or set; `oid` is the number under which the heap has its contents.

    The contents are not part of the value, since every name for the list must see a change made through one of them,
    and each branch of the program must see its own: the heap can be forked and joined, and the reference stays equal.
    """

    oid: int


@dataclass(frozen=True, slots=True)
class DictRef(Atom):
    """A reference to a dict, whose contents are in the heap under `oid` for the reason given at `ListRef`."""

    oid: int


@dataclass(frozen=True, slots=True)
class External(Callee):
    """Something of a library, by its dotted name (`os.path.join`, `boto3.client`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Method(Atom):
    """A method of a value that is not the application's own: of strings, lists, dicts, boto3 objects, unknown ones."""

    receiver: Atom
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """One argument: its value, and the expression at the call that gives it."""

    value: Value
    node: ast.expr | None = None


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a call. `open_positional` and `open_keywords` are what an unknown `*x` or `**x` may add."""

    positional: tuple[Bound, ...] = ()
    keywords: tuple[tuple[str, Bound], ...] = ()
    open_positional: Bound | None = None
    open_keywords: Bound | None = None

    def keyword(self, name: str) -> Value:
        """The value of a keyword argument, empty where it is not given."""
        return next((bound.value for key, bound in self.keywords if key == name), ())

    def get(self, index: int, name: str) -> Value:
        """The value of an argument by position or name, empty where it is not given."""
        if index < len(self.positional):
            return self.positional[index].value
        return self.keyword(name)


@dataclass(frozen=True, slots=True)
class Partial(Callee):
    """`functools.partial`."""

    function: Value
    arguments: Arguments


NONE: Value = (Scalar(None, "NoneType"),)
TRUE: Value = (Scalar(True, "bool"),)
FALSE: Value = (Scalar(False, "bool"),)

#: Labels are for readers; a longer one is cut.
_LABEL = 80


def unknown(label: str, because: Because = ()) -> Value:
    """A value of which only `label` is known."""
    return (Unknown(shortened(label), because),)


def text(value: str | Pattern, because: Because = (), deployed: bool = False) -> Value:
    """A string value."""
    return (Text(value if isinstance(value, Pattern) else Pattern.of(value), because, deployed),)


def scalar(value: int | float | complex | bytes | None) -> Value:
    """A value that is not a string."""
    return (Scalar(value, type(value).__name__),)


def shortened(label: str, end: str = "") -> str:
    """A label that is not too long to read, with the whole of `end` after it."""
    room = max(_LABEL - len(end), 1)
    return (label if len(label) <= room else label[: room - 1] + "…") + end


def hole(label: str) -> Pattern:
    """A string of which only `label` is known."""
    return Pattern((Hole(shortened(label)),))
