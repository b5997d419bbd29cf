"""Data that one handler leaves in a store of AWS and another one finds there, with no event in between.

A call that leaves data keeps it by a name of the table and attribute, the bucket and key, …; the result of a call that
may find it there is given what was left: `found(table.get_item(…), {"Item": {"note": kept_orders_note()}})`.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator

from sls_lab.code import BotoCall, Code
from sls_lab.facts import Reason, Verdict
from sls_lab.python.walking import walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KeptNames, finding_edits, keeping_edits, kept_call, passing_edits, was_rewritten
from sls_lab.rewrite.model import Edit, Kept
from sls_lab.rewrite.store_uses import CollectedUsers, LastingWrites, StoreRead, StoreWrite, entry_key, uses_of
from sls_lab.services.stores import Left, StoreKind, ValuePath

_WORDS: dict[StoreKind, str] = {
    "table": "the table",
    "bucket": "the bucket",
    "parameter": "the parameter",
    "secret": "the secret",
    "queue": "the queue",
}


class StoredData:
    """What the calls of an application leave in stores, and find there."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all boto3 calls of `code`, and give what handlers leave to each other its names."""
        self._names = names
        leaving, finding = ([], []) if was_rewritten(code) else uses_of(code)
        self._left: dict[str, list[StoreWrite]] = {}
        self._found: dict[str, list[tuple[StoreRead, list[StoreWrite]]]] = {}
        lasting = LastingWrites(leaving)
        self._doubtful: set[Hashable] = set()
        wanted: dict[int, StoreWrite] = {}
        for read in finding:
            there = lasting.found_as(read.found.entry)
            if there:
                self._found.setdefault(read.call.file, []).append((read, there))
                wanted |= {id(one): one for one in there}
                surely = (one.left.entry.same(read.found.entry) is Verdict.YES for one in there)
                self._doubtful |= {_place_key(one.left) for one, sure in zip(there, surely, strict=True) if not sure}
        self._users: dict[Hashable, tuple[CollectedUsers, CollectedUsers]] = {}
        for one in wanted.values():
            self._left.setdefault(one.call.file, []).append(one)
            self._users.setdefault(_place_key(one.left), (CollectedUsers(), CollectedUsers()))[0].add(one.users)
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
            if hasattr(content, "lineno") and content in above and one.left.how == "value":
                inside.setdefault(content, ({}, reason))[0][name] = None
            elif argument is not None:
                if one.left.how == "path":
                    content = context.site.replaced.get(content, content)
                    content = synthesis.call(context.support("loaded", reason, context.site.span(argument)), content)
                elif one.left.how == "upload":
                    content = synthesis.call(context.support("uploaded", reason, context.site.span(argument)))
                beside.setdefault(argument, ({}, reason))[0][name] = content
        for content, (names, reason) in inside.items():
            yield from keeping_edits(context, content, list(names), reason)
        for argument, (others, reason) in beside.items():
            yield from passing_edits(context, argument, others, reason)

    def _finding(self, context: FileContext) -> Iterator[Edit]:
        by_call: dict[ast.expr, list[tuple[StoreRead, list[StoreWrite]]]] = {}
        for read, there in self._found.get(context.file, ()):
            by_call.setdefault(context.site.whole(read.call.node), []).append((read, there))
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
                yield from finding_edits(context, node, synthesis.any_of(distinct), reason, function="found")

    def _filling(
        self, context: FileContext, read: StoreRead, there: list[StoreWrite], reason: Reason
    ) -> Iterator[Edit]:
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
        storing = synthesis.call(context.support("store", reason, about), path, synthesis.any_of(distinct))
        gap = context.site.gap_after(statement)
        yield context.insertion("store-propagation", gap, ast.Expr(storing), about, (reason,))

    def _name(self, left: Left) -> str:
        entry = left.entry
        resource = " ".join(map(str, entry.resources))
        wish = "_".join(filter(None, (entry.kind, resource, *map(str, entry.keys), entry.part, left.attribute)))
        key = _place_key(left)
        leaving, finding = self._users[key]
        kept = Kept(_place(left), True, key not in self._doubtful, leaving.frozen(), finding.frozen())
        return self._names.name(key, wish, kept)


def _place_key(left: Left) -> Hashable:
    return entry_key(left.entry), left.attribute


def _place(left: Left) -> str:
    """The store in words."""
    entry = left.entry
    names = " or ".join(f"`{name}`" for name in dict.fromkeys(map(str, entry.resources)))
    if entry.part:
        attribute = f"the attribute `{left.attribute}` of " if left.attribute else ""
        return f"{attribute}`{entry.part}` of an object in {_WORDS[entry.kind]} {names}"
    if left.attribute:
        return f"the attribute `{left.attribute}` of {_WORDS[entry.kind]} {names}"
    return f"{_WORDS[entry.kind]} {names}"


def _written(argument: ast.expr, call: BotoCall) -> ast.expr | None:
    """The expression that is written for an argument, of which it may be a part: `params` for `params["Item"]`."""
    if hasattr(argument, "lineno"):
        return argument
    return next((node for node in ast.walk(argument) if isinstance(node, ast.expr) and hasattr(node, "lineno")), None)


def _item(parts: dict[str, list[ast.expr]]) -> ast.expr:
    """What is found: the whole, and the attributes that are known."""
    distinct = {name: list({ast.dump(one): one for one in found}.values()) for name, found in parts.items()}
    named: list[ast.expr] = []
    if any(distinct):
        entries = {name: synthesis.any_of(found) for name, found in distinct.items() if name}
        named = [synthesis.dictionary(entries)] if entries else []
    return synthesis.any_of([*distinct.get("", []), *named])


def _nested(path: ValuePath, leaf: ast.expr) -> ast.expr:
    """The result of a call that has `leaf` at `path`; a key that is not known is written `str()`."""
    for step in reversed(path):
        if step is None:
            leaf = ast.Dict([synthesis.call(synthesis.name("str"))], [leaf])
        else:
            leaf = ast.List([leaf], ast.Load()) if isinstance(step, int) else synthesis.dictionary({step: leaf})
    return leaf
