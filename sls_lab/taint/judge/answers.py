"""What a function that wakes a handler and waits for it gets back, for each of those who call it.

Pysa looks at a function once for all its callers: what `ask("fixed", data)` returns is what any handler answers that
`ask` may wake. On the way through one call of it only those answer whose names that call gives.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.code import BotoCall, Code
from sls_lab.code.model import CallContext
from sls_lab.events import Ways, on_way
from sls_lab.events.answers import answer_key, has_answer
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes, walk
from sls_lab.taint.read.dataflow import Held, Station, carried_but_for
from sls_lab.taint.read.flow_trace import Trace

#: A call that waits, one way to it, and which of the calls on that way is meant: the last is the call itself.
_Step = tuple[BotoCall, CallContext, int]


def without_answer(trace: Trace, code: Code, ways: Ways) -> Reason | None:
    """Why the data does not come back out of the calls on its way, None where it may or where it takes another way."""
    asking = [call for call in code.calls if call.handler in trace.handlers and has_answer(call)]
    answers = _Answers(code, ways, asking)
    for number, station in enumerate(trace.stations):
        before = trace.calls if number == len(trace.stations) - 1 else ()
        reason = answers.missing(station, before) if asking else None
        if reason is not None:
            return reason
    return None


@dataclass(frozen=True, slots=True)
class _Answers:
    """The calls of some handlers that wait for others to answer."""

    code: Code
    ways: Ways
    calls: Sequence[BotoCall]

    def missing(self, station: Station, before: Sequence[ast.AST]) -> Reason | None:
        """Why nothing of the data that leaves a function is an answer; `before` are the calls that lead to it."""
        if not any(station.held.carries(node) for node in station.leaving):
            return None
        reasons = {
            node: reason
            for node, steps in self._waiting(station, before).items()
            if (reason := self._of_all(steps)) is not None
        }
        if not reasons or carried_but_for(station.held, station.leaving, lambda node: node in reasons):
            return None
        if not carried_but_for(station.held, station.leaving, lambda _: False):
            return None
        return next(iter(reasons.values()))

    def _waiting(self, station: Station, before: Sequence[ast.AST]) -> Mapping[ast.AST, list[_Step]]:
        """The expressions of a function that wait for answers, with the ways from there on."""
        found: dict[ast.AST, list[_Step]] = {}
        within = set(ast.walk(station.held.function))
        for call in self.calls:
            for way in call.contexts:
                path = (*way.calls, call.node)
                for number, node in enumerate(path):
                    if node in within and _ends_with(path[:number], before):
                        found.setdefault(node, []).append((call, way, number))
        return found

    def _of_all(self, steps: Sequence[_Step]) -> Reason | None:
        reasons = [self._of_step(*step) for step in steps]
        return None if None in reasons else next(iter(reasons), None)

    def _of_step(self, call: BotoCall, way: CallContext, number: int) -> Reason | None:
        """Why what comes back by one way holds no data: nobody answers, or the answer is made of other things."""
        if number == len(way.calls):
            return self._answered(call, way)
        # What a function of the application returns has to come from what it calls next on this way.
        inner = (*way.calls, call.node)[number + 1]
        function = self._function_around(inner)
        reason = self._of_step(call, way, number + 1)
        if function is None or reason is None:
            return None
        held = Held(function, frozenset(_parameters(function)))
        return None if carried_but_for(held, _returned(function), lambda node: node is inner) else reason

    def _answered(self, call: BotoCall, way: CallContext) -> Reason | None:
        """Why the answer to the call itself, with what this way gives it, holds no data."""
        there = on_way(call, way)
        if answer_key(there) is None:
            return Reason("it does not wait for an answer on this way", call.span)
        reason = Reason("it wakes no handler of the application on this way", call.span)
        for edge in self.ways.edges(there):
            handler = self.code.handlers.get(edge.target or "")
            if not edge.linked or edge.target is None:
                continue
            definition = handler.definition if handler is not None else None
            if not isinstance(definition, FunctionNode) or _carries_any(definition):
                return None
            reason = Reason(f"`{edge.target}` answers on this way, with nothing of what it is given", call.span)
        return reason

    def _function_around(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        for module in self.code.modules.values():
            above = walk(module.tree).parents
            while node in above:
                node = above[node]
                if isinstance(node, FunctionNode):
                    return node
        return None


def _carries_any(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function returns something of its parameters."""
    return carried_but_for(Held(function, frozenset(_parameters(function))), _returned(function), lambda _: False)


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.expr]:
    for node in own_nodes(function):
        match node:
            case (
                ast.Return(value=ast.expr() as value)
                | ast.Yield(value=ast.expr() as value)
                | ast.YieldFrom(value=value)
            ):
                yield value


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterable[str]:
    given = function.args
    one = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    return [parameter.arg for parameter in one if parameter is not None]


def _ends_with(path: Sequence[ast.AST], before: Sequence[ast.AST]) -> bool:
    """Whether the calls that lead somewhere are known to be these; an empty `before` tells nothing."""
    count = min(len(path), len(before))
    return not count or all(one is other for one, other in zip(path[-count:], before[-count:], strict=True))
