"""Whether all paths of the data through a function lead through a check that makes it harmless.

A check counts where it is certain to hold: within the branch of an `if` that it opens, after one that leaves the
function otherwise, in a case of a `match`. What is read there of the very expression that was checked is no longer
data; if then nothing of what leaves the function carries the data, the check is on every path.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sls_lab.facts import Reason
from sls_lab.python.bindings import bindings
from sls_lab.python.module import Module
from sls_lab.python.positions import span_of
from sls_lab.python.walking import walk
from sls_lab.taint.judge.guard_conditions import Guard, implied
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.regular_expressions import WORD
from sls_lab.taint.model import Rule
from sls_lab.taint.read.dataflow import Held, Station, carried_but_for

_SHELL: Final = frozenset({WORD, *"@%+=:,./-"})
_NAME: Final = frozenset({WORD, *" .-@%+=:,~#!;&'\"<>()[]{}`$*?|^"})
_IDENTIFIER: Final = frozenset({WORD})
#: The characters that do no harm at a sink, by the kind of sink.
_HARMLESS: Final[Mapping[str, frozenset[str]]] = {
    "ShellCommand": _SHELL,
    "ShellScript": _SHELL,
    "RemoteCommand": _SHELL,
    "QuotedCommand": _SHELL,
    "FileAccess": _NAME,
    "FileRemoval": _NAME,
    "SqlStatement": _IDENTIFIER,
    "PartiQlStatement": _IDENTIFIER,
    "DynamoDbExpression": _IDENTIFIER,
    "TemplateSource": _IDENTIFIER,
}
#: How many guards are tried alone, to name the one that decides.
_TRIED: Final = 8
_FILES: Final = frozenset({"FileAccess", "FileRemoval"})
#: Methods and functions that put strings together or keep their characters.
_KEEPING: Final = frozenset({"format", "join", "str", "Path", "PurePath", "strip", "lower", "upper", "quote", "fspath"})


_KNOWN: WeakKeyDictionary[ast.AST, dict[Held, tuple[_Region, ...]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class _Region:
    """A guard and the nodes at which it holds, by their identity."""

    guard: Guard
    nodes: frozenset[int]


def guarded(rule: Rule, stations: Sequence[Station], modules: Mapping[str, Module]) -> Reason | None:
    """The check that makes the data harmless on its way through one of the functions; None where there is none."""
    for number, station in enumerate(stations):
        last = number == len(stations) - 1
        reason = _at_station(rule, station, modules, last=last)
        if reason is not None:
            return reason
    return None


def _at_station(rule: Rule, station: Station, modules: Mapping[str, Module], *, last: bool) -> Reason | None:
    function = station.held.function
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    if not any(station.held.carries(node) for node in station.leaving):
        return None  # how the data leaves is not seen
    reading = Reading(station.leaving[0], station.module, modules, station.held)
    useful = [
        one
        for one in _known_regions(function, station, reading)
        if _suits(one.guard, rule, last) and _stays(one, function)
    ]
    if not useful:
        return None
    above = walk(station.module.tree).parents

    def is_guarded(regions: Sequence[_Region]) -> bool:
        def is_clean(node: ast.AST) -> bool:
            checked = (one.guard for one in regions if id(node) in one.nodes and _is_subject(node, one.guard))
            return any(guard.kind == "listed" or _kept(node, above, station.leaving) for guard in checked)

        return not carried_but_for(station.held, station.leaving, is_clean)

    if not is_guarded(useful):
        return None
    leaving = {id(node) for node in station.leaving}
    # What the data leaves by is mostly guarded itself; a few others are tried before all are named by the first.
    for region in sorted(useful, key=lambda one: leaving.isdisjoint(one.nodes))[:_TRIED]:
        if is_guarded([region]):
            return Reason(region.guard.words, span_of(station.module, region.guard.test))
    return Reason(useful[0].guard.words, span_of(station.module, useful[0].guard.test))


def _suits(guard: Guard, rule: Rule, last: bool) -> bool:
    """Whether a guard helps against a kind of sink. Characters may be decoded in a later function."""
    match guard.kind:
        case "listed":
            return True
        case "characters":
            return last and guard.characters <= _HARMLESS.get(rule.name, frozenset())
        case "below":
            return last and rule.name in _FILES
    return last and rule.name == "RequestUrl"


def _stays(region: _Region, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether nothing binds or changes what was checked where the guard holds."""
    names = {
        inner.id for subject in region.guard.subjects for inner in ast.walk(subject) if isinstance(inner, ast.Name)
    }
    return not any(one.name in names and id(one.node) in region.nodes for one in bindings(function).every)


def _is_subject(node: ast.AST, guard: Guard) -> bool:
    return any(ast.dump(node) == ast.dump(subject) for subject in guard.subjects)


def _kept(node: ast.AST, above: Mapping[ast.AST, ast.AST], leaving: Sequence[ast.AST]) -> bool:
    """Whether an expression goes on as it is: put together with others, but not decoded or taken apart."""
    while node in above and node not in leaving:
        node = above[node]
        match node:
            case ast.JoinedStr() | ast.FormattedValue() | ast.BinOp() | ast.List() | ast.Tuple() | ast.keyword():
                pass
            case ast.IfExp() | ast.Dict():
                pass
            case ast.Attribute(attr=name) | ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                if name not in _KEEPING:
                    return False
            case _:
                return isinstance(node, ast.stmt)
    return True


def _known_regions(
    function: ast.FunctionDef | ast.AsyncFunctionDef, station: Station, reading: Reading
) -> tuple[_Region, ...]:
    """The guards of a function, looked for once for all traces on which the same holds the data in it."""
    known = _KNOWN.setdefault(function, {})
    if station.held not in known:
        known[station.held] = tuple(_regions(function, reading))
    return known[station.held]


def _regions(function: ast.FunctionDef | ast.AsyncFunctionDef, reading: Reading) -> Iterator[_Region]:
    yield from _in_block(function.body, reading)


def _in_block(block: Sequence[ast.stmt], reading: Reading, after: Sequence[ast.stmt] = ()) -> Iterator[_Region]:
    """The guards within the statements of a block; `after` are statements that follow it unless something is raised.

    A context manager may swallow what is raised within it.
    """
    for number, statement in enumerate(block):
        following = (*block[number + 1 :], *after)
        match statement:
            case ast.If(test=test, body=body, orelse=other):
                beside = Leaf(test, reading.scopes_of(test))
                for holds, branch, opposite in ((True, body, other), (False, other, body)):
                    where = [*branch]
                    if _leaves(opposite):
                        where += following if _leaves(opposite, quietly=True) else block[number + 1 :]
                    for guard in implied(test, holds, reading, beside):
                        yield _Region(guard, _nodes(where))
                yield from _in_block(body, reading)
                yield from _in_block(other, reading)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                yield from _in_block(body, reading, following)
            case ast.For(body=body) | ast.AsyncFor(body=body) | ast.While(body=body):
                yield from _in_block(body, reading)
            case ast.Try(body=body, handlers=handlers, orelse=other, finalbody=final):
                for inner in (body, other, final, *(one.body for one in handlers)):
                    yield from _in_block(inner, reading)
            case ast.Match(subject=subject, cases=cases):
                for case in cases:
                    if _is_literal(case.pattern):
                        yield _Region(Guard("listed", (subject,), subject), _nodes(case.body))
                    yield from _in_block(case.body, reading)
        if not isinstance(statement, ast.If | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _in_expressions(statement, reading)


def _in_expressions(statement: ast.stmt, reading: Reading) -> Iterator[_Region]:
    for node in ast.walk(statement):
        match node:
            case ast.IfExp(test=test, body=body, orelse=other):
                beside = Leaf(test, reading.scopes_of(test))
                for holds, branch in ((True, body), (False, other)):
                    for guard in implied(test, holds, reading, beside):
                        yield _Region(guard, _nodes([branch]))
            case ast.ListComp(elt=element, generators=[only]) | ast.GeneratorExp(elt=element, generators=[only]):
                for test in only.ifs:
                    for guard in implied(test, True, reading, Leaf(test, reading.scopes_of(test))):
                        yield _Region(guard, _nodes([element]))


def _is_literal(pattern: ast.pattern) -> bool:
    match pattern:
        case ast.MatchValue(value=ast.Constant()):
            return True
        case ast.MatchOr(patterns=patterns):
            return all(map(_is_literal, patterns))
        case ast.MatchAs(pattern=ast.pattern() as inner):
            return _is_literal(inner)
    return False


def _leaves(block: Sequence[ast.stmt], *, quietly: bool = False) -> bool:
    """Whether what follows a block is not reached from it; `quietly` without raising anything."""
    if not block:
        return False
    match block[-1]:
        case ast.If(body=body, orelse=other):
            return _leaves(body, quietly=quietly) and _leaves(other, quietly=quietly)
        case ast.Raise():
            return not quietly
    return isinstance(block[-1], ast.Return | ast.Continue | ast.Break)


def _nodes(roots: Sequence[ast.AST]) -> frozenset[int]:
    return frozenset(id(node) for root in roots for node in ast.walk(root))
