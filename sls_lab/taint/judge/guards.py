"""Whether all paths of the data through a function lead through a check that makes it harmless.

What is read of the very expression that was checked, where the check is certain to hold, is no longer data; nor is what
a function of the application returns after a check of its own. If then nothing of what leaves the function carries the
data, the check is on every path.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from sls_lab.facts import Reason
from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.positions import span_of
from sls_lab.python.walking import own_nodes, walk
from sls_lab.taint.judge.call_arguments import arguments_given, gathered, is_bound
from sls_lab.taint.judge.definitions import Defined, Meanings, makes_at_once
from sls_lab.taint.judge.file_paths import is_last_part
from sls_lab.taint.judge.guard_conditions import Guard
from sls_lab.taint.judge.keeping import hands_on, kept
from sls_lab.taint.judge.number_formats import is_number_place
from sls_lab.taint.judge.object_classes import class_of, property_of
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.regions import Region, class_guards, regions
from sls_lab.taint.judge.regular_expressions import WORD
from sls_lab.taint.model import Rule
from sls_lab.taint.read.dataflow import Held, Station, carried_but_for

_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: What may be harmless although it is made of the data.
_Result = ast.Call | ast.Attribute | ast.Subscript | ast.FormattedValue | ast.Name
#: Functions that check what they return are followed through so many that they call.
_DEPTH: Final = 3
#: Numbers do no harm anywhere.
_NUMBERS: Final = frozenset({"builtins.int", "builtins.float", "builtins.bool", "builtins.len"})
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
_ANY: Final = frozenset({"\0"})
#: https://docs.python.org/3/library/base64.html
_ALPHABETS: Final[Mapping[str, frozenset[str]]] = {
    "base64.b64encode": frozenset({WORD, *"+/="}),
    "base64.standard_b64encode": frozenset({WORD, *"+/="}),
    "base64.urlsafe_b64encode": frozenset({WORD, *"-="}),
    "base64.b32encode": frozenset({WORD, "="}),
    "base64.b16encode": frozenset({WORD}),
    "binascii.hexlify": frozenset({WORD}),
}
#: How many guards are tried alone, to name the one that decides.
_TRIED: Final = 8
_FILES: Final = frozenset({"FileAccess", "FileRemoval"})


_KNOWN: WeakKeyDictionary[ast.AST, dict[Held, tuple[Region, ...]]] = WeakKeyDictionary()


def guarded(rule: Rule, stations: Sequence[Station], names: Meanings) -> Reason | None:
    """The check that makes the data harmless on its way through one of the functions; None where there is none."""
    for number, station in enumerate(stations):
        last = all(map(hands_on, stations[number + 1 :]))
        reason = _at_station(rule, station, names, last=last)
        if reason is not None:
            return reason
    return None


def _at_station(
    rule: Rule,
    station: Station,
    names: Meanings,
    *,
    last: bool,
    depth: int = _DEPTH,
    inner: Reading | None = None,
) -> Reason | None:
    """The check in one function; `inner` knows with what it is called, where that is known.

    It is the `last` one where what comes after it hands the data on as it is.
    """
    function = station.held.function
    if not isinstance(function, _Function):
        return None
    if not any(station.held.carries(node) for node in station.leaving):
        return None  # how the data leaves is not seen
    reading = inner or Reading(station.leaving[0], station.module, names, station.held)
    known_regions = _known_regions(function, station, reading) if inner is None else regions(function, reading)
    useful = [one for one in known_regions if _suits(one.guard, rule, last)]
    above = walk(station.module.tree).parents
    results: dict[int, Reason | None] = {}

    def result(node: _Result) -> Reason | None:
        """Why what is made of the data, such as what a function of the application returns, is harmless."""
        if id(node) not in results:
            if is_number_place(node, above):
                leaf = Leaf(node, reading.scopes_of(node))
                results[id(node)] = reading.reason("the format lets nothing but numbers in here", leaf)
            else:
                results[id(node)] = _of_result(rule, node, reading, names, last=last, depth=depth)
        return results[id(node)]

    def is_guarded(regions: Sequence[Region], checked_calls: Callable[[_Result], bool] = lambda _: False) -> bool:
        def is_clean(node: ast.AST) -> bool:
            if station.held.is_beside(node) and _property(node, reading) is None:
                return True
            if isinstance(node, ast.Call) and _is_number(node, reading):
                return True
            if _is_left_out(node, above, reading):
                return True
            if isinstance(node, _Result) and checked_calls(node) and kept(node, above, station.leaving):
                return True
            checked = (one.guard for one in regions if id(node) in one.nodes and _is_subject(node, one.guard))
            return any(guard.kind in ("listed", "typed") or kept(node, above, station.leaving) for guard in checked)

        return not carried_but_for(station.held, station.leaving, is_clean)

    if is_guarded(()) or not is_guarded(useful, lambda node: result(node) is not None):
        return None
    leaving = {id(node) for node in station.leaving}
    # What the data leaves by is mostly guarded itself; a few others are tried before all are named by the first.
    for region in sorted(useful, key=lambda one: leaving.isdisjoint(one.nodes))[:_TRIED]:
        if is_guarded([region]):
            return Reason(region.guard.words, span_of(station.module, region.guard.test))
    known = {node: reason for node, reason in results.items() if reason is not None}
    for called, reason in known.items():
        if is_guarded((), _Only(called)):
            return reason
    if useful:
        return Reason(useful[0].guard.words, span_of(station.module, useful[0].guard.test))
    return next(iter(known.values()))


@dataclass(frozen=True, slots=True)
class _Only:
    """Picks one call, by its identity."""

    node: int

    def __call__(self, call: _Result) -> bool:
        return id(call) == self.node


def _of_result(
    rule: Rule, call: _Result, reading: Reading, names: Meanings, *, last: bool, depth: int
) -> Reason | None:
    """Why what is made of the data is harmless: a check in the function that a call or a property runs.

    What an encoding returns has the characters of its alphabet alone, what follows the last slash has none.
    """
    if isinstance(call, ast.Subscript):
        leaf = Leaf(call, reading.scopes_of(call))
        is_name = last and rule.name in _FILES and is_last_part(leaf, reading)
        return reading.reason("only the last part of the name is used", leaf) if is_name else None
    if isinstance(call, ast.FormattedValue | ast.Name):
        return None
    if isinstance(call, ast.Attribute):
        found = _property(call, reading) if depth else None
        if found is None or not isinstance(found.node, ast.FunctionDef):
            return _of_field(rule, call, reading, last=last)
        own = frozenset(one.arg for one in found.node.args.args)
        return _of_returned(rule, found, own, reading.within(found.module, found.node, own), names, last, depth)
    if last and _alphabet(call, reading) <= _HARMLESS.get(rule.name, frozenset()):
        return reading.reason(
            "an encoding leaves only characters that do no harm here", Leaf(call, reading.scopes_of(call))
        )
    found = reading.meant(Leaf(call.func, reading.scopes_of(call.func))) if depth else None
    if found is None or not isinstance(found.node, _Function) or not makes_at_once(found.node):
        return None
    given = arguments_given(call, found.node, bound=is_bound(call, found.node))
    entered = {name for name, argument in given.items() if reading.carries(argument)}
    entered |= {name for name, others in gathered(call, found.node, given) if any(map(reading.carries, others))}
    if isinstance(call.func, ast.Attribute) and is_bound(call, found.node) and reading.carries(call.func.value):
        entered.add(found.node.args.args[0].arg)
    inner = reading.within(found.module, found.node, frozenset(entered), call)
    return _of_returned(rule, found, frozenset(entered), inner, names, last, depth)


def _of_field(rule: Rule, attribute: ast.Attribute, reading: Reading, *, last: bool) -> Reason | None:
    """What is declared of a field of an object that is made where it is read."""
    scopes = reading.scopes_of(attribute)
    holder = class_of(Leaf(attribute.value, scopes), reading) if isinstance(attribute.value, ast.Call) else None
    for guard in class_guards(holder, attribute.value, reading):
        if _suits(guard, rule, last) and _is_subject(attribute, guard):
            return reading.reason(guard.words, Leaf(attribute, scopes))
    return None


def _of_returned(
    rule: Rule, found: Defined, entered: frozenset[str], inner: Reading, names: Meanings, last: bool, depth: int
) -> Reason | None:
    """The check in a function, of whose parameters `entered` have the data, that all leads through which it returns."""
    assert isinstance(found.node, _Function)
    held = Held(found.node, entered)
    returned = [node.value for node in own_nodes(found.node) if isinstance(node, ast.Return) and node.value is not None]
    carrying = tuple(node for node in returned if held.carries(node))
    if not carrying:
        return None
    station = Station(found.module, held, carrying)
    return _at_station(rule, station, names, last=last, depth=depth - 1, inner=inner)


def _is_left_out(node: ast.AST, above: Mapping[ast.AST, ast.AST], reading: Reading) -> bool:
    """Whether a call does not return what it is given here: a function that returns one of its parameters as it is."""
    call = above.get(node)
    call = above.get(call) if isinstance(call, ast.keyword) else call
    if not isinstance(call, ast.Call) or isinstance(node, ast.keyword):
        return False
    found = reading.meant(Leaf(call.func, reading.scopes_of(call.func)))
    if found is None or not isinstance(found.node, _Function) or not makes_at_once(found.node):
        return False
    returned = [one.value for one in own_nodes(found.node) if isinstance(one, ast.Return)]
    names = {one.id for one in returned if isinstance(one, ast.Name)}
    whole = [one.kind is BindingKind.PARAMETER for one in bindings(found.node).every if one.name in names]
    given = arguments_given(call, found.node, bound=is_bound(call, found.node))
    if len(returned) == 0 or not all(isinstance(one, ast.Name) for one in returned) or not all(whole):
        return False
    return len(whole) == len(names) and names <= given.keys() and all(given[name] is not node for name in names)


def _property(node: ast.AST, reading: Reading) -> Defined | None:
    return property_of(Leaf(node, reading.scopes_of(node)), reading) if isinstance(node, ast.Attribute) else None


def _alphabet(call: ast.Call, reading: Reading) -> frozenset[str]:
    """The characters of what an encoding returns; all, with one that harms everywhere, for every other call."""
    function = Leaf(call.func, reading.scopes_of(call))
    for encoding, alphabet in _ALPHABETS.items():
        if reading.means(function, {encoding}):
            return alphabet
    if isinstance(call.func, ast.Attribute) and call.func.attr == "hex" and not call.args:
        return _ANY if reading.meant(function) is not None else frozenset({WORD})
    return _ANY


def _is_number(call: ast.Call, reading: Reading) -> bool:
    return isinstance(call.func, ast.Name) and reading.means(Leaf(call.func, reading.scopes_of(call)), _NUMBERS)


def _suits(guard: Guard, rule: Rule, last: bool) -> bool:
    """Whether a guard helps against a kind of sink. Characters may be decoded in a later function."""
    match guard.kind:
        case "listed" | "typed":
            return True
        case "characters":
            return last and guard.characters <= _HARMLESS.get(rule.name, frozenset())
        case "below":
            return last and rule.name in _FILES
    return last and rule.name == "RequestUrl"


def _is_subject(node: ast.AST, guard: Guard) -> bool:
    return any(type(node) is type(one) and ast.dump(node) == ast.dump(one) for one in guard.subjects)


def _known_regions(function: _Function, station: Station, reading: Reading) -> tuple[Region, ...]:
    """The guards of a function, looked for once for all traces on which the same holds the data in it."""
    known = _KNOWN.setdefault(function, {})
    if station.held not in known:
        known[station.held] = tuple(regions(function, reading))
    return known[station.held]
