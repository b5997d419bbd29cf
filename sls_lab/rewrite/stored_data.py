"""Data that one handler leaves in a store of AWS and another one finds there, with no event in between.

A call that leaves data keeps it by a name of the table and attribute, the bucket and key, …; the result of a call that
may find it there is given what was left: `found(table.get_item(…), {"Item": {"note": kept_orders_note()}})`.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace

from sls_lab.code import BotoCall, Code
from sls_lab.facts import Reason, Verdict
from sls_lab.python.walking import walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KeptNames, finding_edits, keeping_edits, kept_call, passing_edits, was_rewritten
from sls_lab.rewrite.model import Edit, Kept, Users, Way
from sls_lab.rewrite.order import suite_of
from sls_lab.services.stored import Found, Left, Path, StoredEntry, StoreKind, fixed_attributes, found_by, left_by

_WORDS: dict[StoreKind, str] = {
    "table": "the table",
    "bucket": "the bucket",
    "parameter": "the parameter",
    "secret": "the secret",
    "queue": "the queue",
}


@dataclass
class _Users:
    """As `Users`, while they are collected."""

    handlers: set[str] = field(default_factory=set)
    ways: list[Way] = field(default_factory=list)
    every: list[Way] = field(default_factory=list)

    def add(self, other: _Users) -> None:
        """Take in what is known of the same place by another call."""
        self.handlers |= other.handlers
        self.ways += other.ways
        self.every += other.every

    def frozen(self) -> Users:
        """All that was collected."""
        return Users(frozenset(self.handlers), tuple(self.ways), tuple(self.every))


@dataclass
class _Leaving:
    """One call with what it stores, and the handlers that make it."""

    call: BotoCall
    left: Left
    users: _Users = field(default_factory=_Users)


@dataclass
class _Finding:
    """One call with what it reads, and the handlers that make it."""

    call: BotoCall
    found: Found
    users: _Users = field(default_factory=_Users)


class StoredData:
    """What the calls of an application leave in stores, and find there."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all boto3 calls of `code`, and give what handlers leave to each other its names."""
        self._names = names
        calls = [] if was_rewritten(code) else [one for call in code.calls for one in _by_way(call)]
        leaving: dict[Hashable, _Leaving] = {}
        finding: dict[Hashable, _Finding] = {}
        for call, ways, every in calls:
            for left in left_by(call):
                key: Hashable = (id(call.node), ast.dump(left.content), left.attribute, _key(left.entry))
                leaving.setdefault(key, _Leaving(call, left)).users.add(_Users({call.handler}, ways, every))
            for found in found_by(call):
                key = (id(call.node), found.paths, _key(found.entry))
                finding.setdefault(key, _Finding(call, found)).users.add(_Users({call.handler}, ways, every))
        self._left: dict[str, list[_Leaving]] = {}
        self._found: dict[str, list[tuple[_Finding, list[_Leaving]]]] = {}
        lasting = [one for one in leaving.values() if not _overwritten(one, list(leaving.values()), code)]
        wanted: dict[int, _Leaving] = {}
        for read in finding.values():
            there = [one for one in lasting if one.left.entry.same(read.found.entry) is not Verdict.NO]
            if there:
                self._found.setdefault(read.call.file, []).append((read, there))
                wanted |= {id(one): one for one in there}
        self._users: dict[Hashable, tuple[_Users, _Users]] = {}
        for one in wanted.values():
            self._left.setdefault(one.call.file, []).append(one)
            self._users.setdefault(_place_key(one.left), (_Users(), _Users()))[0].add(one.users)
        for reads in self._found.values():
            for read, there in reads:
                for place in {_place_key(one.left) for one in there}:
                    self._users[place][1].add(read.users)

    def edits(self, context: FileContext) -> list[Edit]:
        """The edits of one file."""
        return [*self._keeping(context), *self._finding(context)]

    def _keeping(self, context: FileContext) -> Iterator[Edit]:
        above = walk(context.site.module.tree).parents
        inside: dict[ast.expr, tuple[dict[str, None], Reason]] = {}
        beside: dict[ast.expr, tuple[dict[str, ast.expr], Reason]] = {}
        for one in self._left.get(context.file, ()):
            argument = _written(one.left.argument, one.call)
            reason = Reason(f"it may be found in {_place(one.left)}", context.site.span(one.call.node))
            name = self._name(one.left)
            content = one.left.content
            if hasattr(content, "lineno") and content in above and not one.left.path:
                inside.setdefault(content, ({}, reason))[0][name] = None
            elif argument is not None:
                if one.left.path:
                    content = context.site.replaced.get(content, content)
                    content = synthesis.call(context.support("loaded", reason, context.site.span(argument)), content)
                beside.setdefault(argument, ({}, reason))[0][name] = content
        for content, (names, reason) in inside.items():
            yield from keeping_edits(context, content, list(names), reason)
        for argument, (others, reason) in beside.items():
            yield from passing_edits(context, argument, others, reason)

    def _finding(self, context: FileContext) -> Iterator[Edit]:
        by_call: dict[ast.expr, list[tuple[_Finding, list[_Leaving]]]] = {}
        for read, there in self._found.get(context.file, ()):
            by_call.setdefault(_whole(context, read.call.node), []).append((read, there))
        for node, reads in by_call.items():
            span = context.site.span(reads[0][0].call.node)
            results: list[ast.expr] = []
            for read, there in reads:
                reason = Reason(f"it may find what is left in {_place(there[0].left)}", span)
                if read.found.into is not None:
                    yield from self._filling(context, read, there, reason)
                    continue
                parts: dict[str, list[ast.expr]] = {}
                for one in there:
                    kept = kept_call(context, node, self._name(one.left), reason)
                    parts.setdefault(one.left.attribute, []).append(kept)
                results += [_nested(path, _item(parts)) for path in read.found.paths]
            distinct = list({ast.dump(one): one for one in results}.values())
            if distinct:
                reason = Reason(f"it may find what is left in {_place(reads[0][1][0].left)}", span)
                yield from finding_edits(context, node, _any(distinct), reason, function="found")

    def _filling(self, context: FileContext, read: _Finding, there: list[_Leaving], reason: Reason) -> Iterator[Edit]:
        """`store(path, kept_bucket())` after a download."""
        path = read.found.into
        statement = context.site.simple_statement(read.call.node)
        if statement is None or path is None or isinstance(statement, ast.Return | ast.Raise):
            return
        if not isinstance(path, ast.Name | ast.Attribute | ast.Subscript):
            return
        about = context.site.span(read.call.node)
        kept = [kept_call(context, read.call.node, self._name(one.left), reason) for one in there]
        distinct = list({ast.dump(one): one for one in kept}.values())
        storing = synthesis.call(context.support("store", reason, about), path, _any(distinct))
        gap = context.site.gap_after(statement)
        yield context.insertion("store-propagation", gap, ast.Expr(storing), about, (reason,))

    def _name(self, left: Left) -> str:
        resource = " ".join(map(str, left.entry.resources))
        wish = "_".join(filter(None, (left.entry.kind, resource, *map(str, left.entry.keys), left.attribute)))
        key = _place_key(left)
        leaving, finding = self._users[key]
        kept = Kept(_place(left), True, leaving.frozen(), finding.frozen())
        return self._names.name(key, wish, kept)


def _by_way(call: BotoCall) -> Iterator[tuple[BotoCall, list[Way], list[Way]]]:
    """The call with the arguments of each way to it, that way, and every way."""
    every = [context.calls for context in call.contexts]
    if len(every) < 2:
        yield call, every, every
    else:
        for context in call.contexts:
            yield replace(call, arguments=context.arguments, contexts=()), [context.calls], every


def _key(entry: StoredEntry) -> Hashable:
    return entry.kind, entry.resources, entry.keys, tuple(sorted(entry.fixed.items()))


def _place_key(left: Left) -> Hashable:
    return _key(left.entry), left.attribute


def _place(left: Left) -> str:
    """The store in words."""
    entry = left.entry
    names = " or ".join(f"`{name}`" for name in dict.fromkeys(map(str, entry.resources)))
    if left.attribute:
        return f"the attribute `{left.attribute}` of {_WORDS[entry.kind]} {names}"
    return f"{_WORDS[entry.kind]} {names}"


def _written(argument: ast.expr, call: BotoCall) -> ast.expr | None:
    """The expression that is written for an argument, of which it may be a part: `params` for `params["Item"]`."""
    if hasattr(argument, "lineno"):
        return argument
    return next((node for node in ast.walk(argument) if isinstance(node, ast.expr) and hasattr(node, "lineno")), None)


def _whole(context: FileContext, node: ast.expr) -> ast.expr:
    """The call, with the `await` before it."""
    outer = context.site.parents.get(node)
    return outer if isinstance(outer, ast.Await) else node


def _any(expressions: list[ast.expr]) -> ast.expr:
    return expressions[0] if len(expressions) == 1 else ast.BoolOp(ast.Or(), expressions)


def _item(parts: dict[str, list[ast.expr]]) -> ast.expr:
    """What is found: the whole, and the attributes that are known."""
    distinct = {name: list({ast.dump(one): one for one in found}.values()) for name, found in parts.items()}
    named: list[ast.expr] = []
    if any(distinct):
        entries = {name: _any(found) for name, found in distinct.items() if name}
        named = [synthesis.dictionary(entries)] if entries else []
    return _any([*distinct.get("", []), *named])


def _nested(path: Path, leaf: ast.expr) -> ast.expr:
    """The result of a call that has `leaf` at `path`; a key that is not known is written `str()`."""
    for step in reversed(path):
        if step is None:
            leaf = ast.Dict([synthesis.call(synthesis.name("str"))], [leaf])
        else:
            leaf = ast.List([leaf], ast.Load()) if isinstance(step, int) else synthesis.dictionary({step: leaf})
    return leaf


def _overwritten(one: _Leaving, every: list[_Leaving], code: Code) -> bool:
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
    for other in code.calls:
        if other.node is one.call.node or other.api != one.call.api or other.handler not in one.users.handlers:
            continue
        if any(above.get(other.node) is later for later in after) and _same_target(one.call, other):
            return True
    return False


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
