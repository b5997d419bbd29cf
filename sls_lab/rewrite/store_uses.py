"""Which calls leave data in stores, which find it there, and what of it lasts."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sls_lab.code import BotoCall, Code
from sls_lab.facts import Verdict
from sls_lab.python.walking import walk
from sls_lab.rewrite.model import CallWay, Users
from sls_lab.rewrite.order import suite_of
from sls_lab.services.stored import found_by, left_by
from sls_lab.services.stores import Found, Left, StoredEntry, StoreKind, fixed_attributes


@dataclass
class CollectedUsers:
    """As `Users`, while they are collected."""

    handlers: set[str] = field(default_factory=set)
    ways: list[CallWay] = field(default_factory=list)
    every: list[CallWay] = field(default_factory=list)

    def add(self, other: CollectedUsers) -> None:
        """Take in what is known of the same place by another call."""
        self.handlers |= other.handlers
        self.ways += other.ways
        self.every += other.every

    def frozen(self) -> Users:
        """All that was collected."""
        return Users(frozenset(self.handlers), tuple(self.ways), tuple(self.every))


@dataclass
class StoreWrite:
    """One call with what it stores, and the handlers that make it."""

    call: BotoCall
    left: Left
    users: CollectedUsers = field(default_factory=CollectedUsers)


@dataclass
class StoreRead:
    """One call with what it reads, and the handlers that make it."""

    call: BotoCall
    found: Found
    users: CollectedUsers = field(default_factory=CollectedUsers)


def uses_of(code: Code) -> tuple[list[StoreWrite], list[StoreRead]]:
    """What the calls of an application leave and find; what is overwritten at once is not left."""
    leaving: dict[Hashable, StoreWrite] = {}
    finding: dict[Hashable, StoreRead] = {}
    for call, ways, every in (one for made in code.calls for one in _by_way(made)):
        for left in left_by(call):
            key: Hashable = (id(call.node), ast.dump(left.content), left.attribute, entry_key(left.entry))
            leaving.setdefault(key, StoreWrite(call, left)).users.add(CollectedUsers({call.handler}, ways, every))
        for found in found_by(call):
            key = (id(call.node), found.paths, entry_key(found.entry))
            finding.setdefault(key, StoreRead(call, found)).users.add(CollectedUsers({call.handler}, ways, every))
    beside = _by_statement(code)
    return [one for one in leaving.values() if not _overwritten(one, code, beside)], list(finding.values())


def entry_key(entry: StoredEntry) -> Hashable:
    """What tells one entry from others."""
    return entry.kind, entry.part, entry.resources, entry.keys, tuple(sorted(entry.fixed.items()))


def _by_way(call: BotoCall) -> Iterator[tuple[BotoCall, list[CallWay], list[CallWay]]]:
    """The call with the arguments of each way to it, that way, and every way."""
    every = [context.calls for context in call.contexts]
    if len(every) < 2:
        yield call, every, every
    else:
        for context in call.contexts:
            yield replace(call, arguments=context.arguments, contexts=()), [context.calls], every


class LastingWrites:
    """What is left in the end, by the names of the resources where these are known."""

    def __init__(self, leaving: Iterable[StoreWrite]) -> None:
        self._named: dict[tuple[StoreKind, str], list[StoreWrite]] = {}
        self._others: list[StoreWrite] = []
        for one in leaving:
            names = _known_names(one.left.entry)
            for name in names:
                self._named.setdefault((one.left.entry.kind, name), []).append(one)
            if not names:
                self._others.append(one)

    def found_as(self, entry: StoredEntry) -> list[StoreWrite]:
        """What may be found as `entry`."""
        names = _known_names(entry)
        candidates = [one for name in names for one in self._named.get((entry.kind, name), ())]
        if not names:
            candidates = [one for found in self._named.values() for one in found]
        distinct = {id(one): one for one in (*candidates, *self._others)}
        return [one for one in distinct.values() if one.left.entry.same(entry) is not Verdict.NO]


def _known_names(entry: StoredEntry) -> list[str]:
    """The names of the resources, empty where one of them is not known in full."""
    texts = [name.text for name in entry.resources]
    return [text for text in texts if text is not None] if None not in texts else []


def _by_statement(code: Code) -> dict[ast.AST, list[BotoCall]]:
    """The calls by the node around each, which is its statement where that is no more than the call."""
    found: dict[ast.AST, list[BotoCall]] = {}
    for call in code.calls:
        around = walk(code.modules[call.file].tree).parents.get(call.node)
        if around is not None and call.api in _WHOLE:
            found.setdefault(around, []).append(call)
    return found


def _overwritten(one: StoreWrite, code: Code, beside: Mapping[ast.AST, Sequence[BotoCall]]) -> bool:
    """Whether the same entry is written again by a later statement beside it, so that nothing of the first is left."""
    module = code.modules[one.call.file]
    above = walk(module.tree).parents
    statement: ast.AST = one.call.node
    while not isinstance(statement, ast.stmt) and statement in above:
        statement = above[statement]
    if not isinstance(statement, ast.Expr | ast.Assign) or one.call.api not in _WHOLE:
        return False
    after = suite_of(statement, module)
    after = after[after.index(statement) + 1 :]
    return any(
        other.api == one.call.api and other.handler in one.users.handlers and _same_target(one.call, other)
        for later in after
        for other in beside.get(later, ())
    )


_WHOLE = frozenset({"put_item", "put_object", "put_parameter", "put_secret_value", "update_secret"})
_TARGET = ("TableName", "Bucket", "Key", "Name", "SecretId")


def _same_target(first: BotoCall, second: BotoCall) -> bool:
    """Whether two calls of one kind certainly write the same entry."""
    for name in _TARGET:
        one, two = first.arguments.get(name), second.arguments.get(name)
        if (one is None) != (two is None):
            return False
        if one is not None and two is not None and (one.values != two.values or len(one.values) != 1):
            return False
    if first.api == "put_item":
        fixed = fixed_attributes(first.arguments.get("Item"))
        return bool(fixed) and fixed.items() <= fixed_attributes(second.arguments.get("Item")).items()
    return True
