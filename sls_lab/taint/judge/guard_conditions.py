"""What a condition says of the data where it holds: that it is one of a list, or has harmless characters alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from sls_lab.taint.judge.call_arguments import arguments_given, is_bound
from sls_lab.taint.judge.definitions import makes_at_once
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.regular_expressions import WORD, characters, matches_in_full

GuardKind = Literal["listed", "characters", "below", "host", "typed"]

_RESOLVING: Final = frozenset({"os.path.realpath", "os.path.abspath", "posixpath.realpath", "posixpath.abspath"})
_PARSING: Final = frozenset({"urllib.parse.urlparse", "urllib.parse.urlsplit"})
_COMMON: Final = frozenset({"os.path.commonpath", "posixpath.commonpath"})
_MATCHING: Final = frozenset({"re.fullmatch", "re.match"})
_WORDS: Final = frozenset({"isalnum", "isalpha", "isdecimal", "isdigit", "isnumeric", "isidentifier"})
_COLLECTIONS: Final = frozenset({"builtins.frozenset", "builtins.set", "builtins.tuple", "builtins.list"})
_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class Guard:
    """What holds of each of `subjects` where a condition holds; `test` is the condition."""

    kind: GuardKind
    subjects: tuple[ast.expr, ...]
    test: ast.expr | ast.ClassDef
    characters: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Why the data is harmless, for readers."""
        match self.kind:
            case "listed":
                return "the data is compared with a fixed list before"
            case "characters":
                return "a check before leaves only characters that do no harm here"
            case "typed":
                return "its declared type lets nothing pass that does harm"
            case "below":
                return "the resolved path is checked to lie below a folder before"
        return "the host is compared with a fixed list before"


def implied(test: ast.expr, holds: bool, reading: Reading, scopes: Leaf, depth: int = _DEPTH) -> Iterator[Guard]:
    """The guards that hold where `test` came out as `holds`; `scopes` is an expression beside it."""
    if not depth:
        return
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from implied(operand, not holds, reading, scopes, depth - 1)
        case ast.BoolOp(op=ast.And(), values=values) if holds:
            for value in values:
                yield from implied(value, True, reading, scopes, depth - 1)
        case ast.BoolOp(op=ast.Or(), values=values) if not holds:
            for value in values:
                yield from implied(value, False, reading, scopes, depth - 1)
        case ast.BoolOp(values=values):
            yield from _either(test, [[*implied(one, holds, reading, scopes, depth - 1)] for one in values])
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            yield from _compared(test, left, operator, right, holds, reading, scopes, depth)
        case ast.NamedExpr(value=value):
            yield from implied(value, holds, reading, scopes, depth - 1)
        case ast.Name():
            made = reading.resolved(replace(scopes, node=test))
            if made.node is not test:
                yield from implied(made.node, holds, reading, made, depth - 1)
        case ast.Call() if holds:
            yield from _called(test, reading, scopes, depth)


def _either(test: ast.expr, branches: Sequence[Sequence[Guard]]) -> Iterator[Guard]:
    """What each branch says of the same subject: `x == "a" or x == "b"`."""
    for guard in branches[0]:
        same = [next((one for one in branch if _same(one, guard)), None) for branch in branches]
        if all(one is not None for one in same):
            yield replace(guard, test=test)


def _same(one: Guard, other: Guard) -> bool:
    return one.kind == other.kind == "listed" and ast.dump(one.subjects[0]) == ast.dump(other.subjects[0])


def _compared(
    test: ast.expr,
    left: ast.expr,
    operator: ast.cmpop,
    right: ast.expr,
    holds: bool,
    reading: Reading,
    scopes: Leaf,
    depth: int,
) -> Iterator[Guard]:
    left, right = map(_bound_here, (left, right))
    match operator:
        case ast.Is() | ast.IsNot() if isinstance(right, ast.Constant) and right.value is None:
            yield from implied(left, holds is isinstance(operator, ast.IsNot), reading, scopes, depth - 1)
        case ast.In() | ast.NotIn() if holds is isinstance(operator, ast.In):
            if _is_fixed_list(replace(scopes, node=right), reading):
                yield from _listed(test, left, reading, scopes)
            elif isinstance(right, ast.Attribute) and right.attr == "parents":
                yield from _below(test, right.value, left, reading, scopes)
        case ast.Eq() | ast.NotEq() if holds is isinstance(operator, ast.Eq):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, ast.Call) and reading.means(replace(scopes, node=one.func), _COMMON):
                    yield from _common(test, one, other, reading, scopes)
                elif reading.whole(replace(scopes, node=other)) and not isinstance(one, ast.Constant):
                    yield from _listed(test, one, reading, scopes)


def _bound_here(node: ast.expr) -> ast.expr:
    """The name that `(name := value)` gives a value; everything else as it is."""
    return ast.Name(node.target.id, ast.Load()) if isinstance(node, ast.NamedExpr) else node


def _listed(test: ast.expr, subject: ast.expr, reading: Reading, scopes: Leaf) -> Iterator[Guard]:
    yield Guard("listed", (subject,), test)
    made = reading.resolved(replace(scopes, node=subject))
    match made.node:
        case ast.Attribute(value=parsed, attr="hostname" | "netloc"):
            call = reading.resolved(replace(made, node=parsed))
            if (
                isinstance(call.node, ast.Call)
                and call.node.args
                and reading.means(replace(call, node=call.node.func), _PARSING)
            ):
                yield Guard("host", (call.node.args[0],), test)


def _is_fixed_list(leaf: Leaf, reading: Reading) -> bool:
    """Whether something is a list, set or dict of what is written out, which nothing changes."""
    given = reading.given(leaf)
    if given is not None:
        return _is_fixed_list(*given)
    beginning = reading.list_of(leaf)
    if beginning is not None:
        return not beginning.open and all(map(reading.whole, beginning.words))
    made = reading.resolved(leaf)
    match made.node:
        case ast.Set(elts=elements):
            return all(reading.whole(replace(made, node=one)) for one in elements)
        case ast.Dict(keys=keys):
            return all(key is not None and reading.whole(replace(made, node=key)) for key in keys)
        case ast.Call(func=ast.Attribute(value=value, attr="keys"), args=[]):
            return _is_fixed_list(replace(made, node=value), reading)
        case ast.Call(func=function, args=[argument], keywords=[]):
            called = reading.means(replace(made, node=function), _COLLECTIONS)
            return called and _is_fixed_list(replace(made, node=argument), reading)
    return False


def _called(test: ast.Call, reading: Reading, scopes: Leaf, depth: int) -> Iterator[Guard]:
    function, args = test.func, test.args
    if reading.means(replace(scopes, node=function), _MATCHING) and len(args) == 2 and not test.keywords:
        called = reading.called(function)
        yield from _matched(test, reading.text(replace(scopes, node=args[0])), args[1], called == "fullmatch")
        return
    if isinstance(function, ast.Attribute):
        yield from _by_method(test, function, reading, scopes)
    yield from _by_predicate(test, replace(scopes, node=function), reading, depth)


def _by_method(test: ast.Call, function: ast.Attribute, reading: Reading, scopes: Leaf) -> Iterator[Guard]:
    receiver, args = function.value, test.args
    match function.attr:
        case name if name in _WORDS and not args:
            yield Guard("characters", (receiver,), test, frozenset({WORD}))
        case "match" | "fullmatch" if len(args) == 1:
            made = reading.resolved(replace(scopes, node=receiver))
            compiled = made.node
            if isinstance(compiled, ast.Call) and len(compiled.args) == 1 and _compiles(made, compiled, reading):
                pattern = reading.text(replace(made, node=compiled.args[0]))
                yield from _matched(test, pattern, args[0], function.attr == "fullmatch")
        case "is_relative_to" if len(args) == 1:
            yield from _below(test, receiver, args[0], reading, scopes)
        case "startswith" if len(args) == 1:
            text = reading.strings(replace(scopes, node=args[0]))
            separated = all(pieces and (pieces[-1].text or "").endswith("/") for pieces in text) or _ends(args[0])
            if separated:
                yield from _below(test, receiver, args[0], reading, scopes)
        case "endswith" if len(args) == 1:
            end = reading.text(replace(scopes, node=args[0]))
            if end is not None and end.startswith("."):
                yield from (one for one in _listed(test, receiver, reading, scopes) if one.kind == "host")


def _compiles(made: Leaf, call: ast.Call, reading: Reading) -> bool:
    return reading.means(replace(made, node=call.func), {"re.compile"})


def _ends(folder: ast.expr) -> bool:
    """Whether a folder is written with `os.sep` after it."""
    match folder:
        case ast.BinOp(op=ast.Add(), right=ast.Attribute(attr="sep")):
            return True
    return False


def _matched(test: ast.expr, pattern: str | None, subject: ast.expr, fully: bool) -> Iterator[Guard]:
    if pattern is None or not (fully or matches_in_full(pattern)):
        return
    found = characters(pattern)
    if found is not None:
        match subject:
            case ast.Call(func=ast.Name(id="str"), args=[inner], keywords=[]):
                yield Guard("characters", (subject, inner), test, found)
            case _:
                yield Guard("characters", (subject,), test, found)


def _common(test: ast.expr, call: ast.Call, folder: ast.expr, reading: Reading, scopes: Leaf) -> Iterator[Guard]:
    match call.args:
        case [ast.List(elts=elements) | ast.Tuple(elts=elements)]:
            others = [one for one in elements if ast.dump(one) != ast.dump(folder)]
            if len(others) == 1 and len(elements) == 2:
                yield from _below(test, others[0], folder, reading, scopes)


def _below(test: ast.expr, path: ast.expr, folder: ast.expr, reading: Reading, scopes: Leaf) -> Iterator[Guard]:
    """A path that was resolved lies below a folder that the data does not choose."""
    if not reading.whole(replace(scopes, node=folder)):
        return
    made = reading.resolved(replace(scopes, node=path))
    match made.node:
        case ast.Call(func=ast.Attribute(value=inner, attr="resolve"), args=[]):
            yield Guard("below", (path, inner), test)
        case ast.Call(func=function, args=[inner]) if reading.means(replace(made, node=function), _RESOLVING):
            yield Guard("below", (path, inner), test)


def _by_predicate(test: ast.Call, function: Leaf, reading: Reading, depth: int) -> Iterator[Guard]:
    """What a function that does no more than to return a condition says of what it is given."""
    found = reading.meant(function)
    if found is None or not isinstance(found.node, ast.FunctionDef) or not makes_at_once(found.node):
        return
    definition = found.node
    body = [one for one in definition.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    given = arguments_given(test, definition, bound=is_bound(test, definition))
    match body:
        case [ast.Return(value=ast.expr() as condition)]:
            held = frozenset(name for name, argument in given.items() if reading.carries(argument))
            inner = reading.within(found.module, definition, held, test)
            for guard in implied(condition, True, inner, Leaf(condition, inner.scopes_of(condition)), depth - 1):
                subject = guard.subjects[0]
                if isinstance(subject, ast.Name) and subject.id in given:
                    yield replace(guard, subjects=(given[subject.id],), test=function.node)
