"""What is meant in a store of AWS, and what calls leave or find there."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from sls_lab.aws.arn import arn_name
from sls_lab.code.model import Argument, BotoCall
from sls_lab.facts import Pattern, Verdict
from sls_lab.services import build

StoreKind = Literal["table", "bucket", "parameter", "secret", "queue"]
#: Keys and indexes that lead to a part of a result; None is any key.
ValuePath = tuple[str | int | None, ...]

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """What is meant in a store: `resources` are the names that the table, bucket, … may have.

    `keys` are the names that an object may have in its bucket, empty for all; `part` is what beside its content is
    meant, such as its `Metadata`. `fixed` are attributes of an item whose strings are known, those of its key among
    them.
    """

    kind: StoreKind
    resources: tuple[Pattern, ...]
    keys: tuple[Pattern, ...] = ()
    fixed: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    part: str = ""

    def same(self, other: StoredEntry) -> Verdict:
        """Whether both mean the same; unknown names are the same only where they are written alike."""
        if (self.kind, self.part) != (other.kind, other.part) or any(
            other.fixed.get(name, text) != text for name, text in self.fixed.items()
        ):
            return Verdict.NO
        named = _best(
            Verdict.NO if one != two and (one.opaque or two.opaque) else one.equals(two)
            for one in self.resources
            for two in other.resources
        )
        if named is Verdict.NO or not (self.keys and other.keys):
            return named
        keyed = _best(one.equals(two) for one in self.keys for two in other.keys)
        return named if keyed is Verdict.YES else keyed


@dataclass(frozen=True, slots=True)
class Left:
    """A call leaves `content` in a store: as the attribute `attribute` of an item, or, where that is "", as the whole.

    `argument` is what the call is given, of which `content` is a part. A `path` names a local file with the content;
    of an `upload` whoever is given the signature that the call makes chooses it.
    """

    entry: StoredEntry
    argument: ast.expr
    content: ast.expr
    attribute: str = ""
    how: Literal["value", "path", "upload"] = "value"


@dataclass(frozen=True, slots=True)
class Found:
    """A call finds what was left: its result has that at each of `paths`; an item is its attributes.

    Where there is `into`, the call puts the content into the local file of that name.
    """

    entry: StoredEntry
    paths: tuple[ValuePath, ...]
    into: ast.expr | None = None


_RESOURCE: Final[Mapping[StoreKind, tuple[str, tuple[str, ...]]]] = {
    "table": ("dynamodb", ("TableName", "table_name", "name")),
    "bucket": ("s3", ("Bucket", "bucket_name")),
    "parameter": ("ssm", ("Name",)),
    "secret": ("secretsmanager", ("SecretId", "Name")),
    "queue": ("sqs", ("QueueUrl", "url")),
}


def named_by(kind: StoreKind, call: BotoCall) -> tuple[Pattern, ...]:
    """The names of the table, bucket, … that a call is for."""
    return resource_names(kind, call.arguments)


def resource_names(kind: StoreKind, given: Mapping[str, Argument]) -> tuple[Pattern, ...]:
    """The names of the table, bucket, … among these arguments."""
    service, names = _RESOURCE[kind]
    argument = next((given[name] for name in names if name in given), None)
    return tuple(arn_name(service, value) for value in argument.values) if argument is not None else ()


def object_keys(kind: StoreKind, call: BotoCall) -> tuple[Pattern, ...]:
    """The keys of the objects that a call is for, where it is for a bucket."""
    argument = call.arguments.get("Key") if kind == "bucket" else None
    return argument.values if argument is not None else ()


def fixed_attributes(argument: Argument | None) -> Mapping[str, str]:
    """The attributes of an item or a key whose strings are known, as they are or typed (`{"S": "a"}`)."""
    found = {}
    for part in argument.parts if argument is not None else ():
        typed = part.part("S") or part.part("N") or part
        text = typed.values[0].text if len(typed.values) == 1 else None
        if text is not None:
            found[part.name] = text
    return found


def attributes_left(entry: StoredEntry, given: Argument) -> Iterator[Left]:
    """What is left of an item or of metadata: attribute by attribute where these are known."""
    if given.node is None:
        return
    if not given.parts:
        yield Left(entry, given.node, given.node)
    for part in given.parts:
        if part.name == "*":
            yield Left(entry, given.node, part.node if part.node is not None else given.node)
        elif part.name not in entry.fixed:
            # What a call returns has no expression for each attribute of its own.
            content = part.node if part.node is not None else build.item(given.node, part.name)
            yield Left(entry, given.node, content, part.name)


def _best(verdicts: Iterator[Verdict]) -> Verdict:
    found = set(verdicts)
    return next((one for one in (Verdict.YES, Verdict.MAYBE) if one in found), Verdict.NO)
