"""Step 3: from template and code to the event graph."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from operator import is_
from typing import Final

from sls_lab.code import BotoCall, Code, Module, parents
from sls_lab.code.model import CallContext
from sls_lab.events.compared_fields import compared
from sls_lab.events.destination_edges import outcome_edges
from sls_lab.events.entries import entries_of
from sls_lab.events.journeys import Journey, matching, passed
from sls_lab.events.listeners import Listener, Listeners, first_tasks
from sls_lab.events.model import Edge, EventGraph, Knowledge, Status
from sls_lab.events.state_edges import resumed_by, sent_at_start, sent_by_tasks
from sls_lab.facts import Diagnostic, Pattern, Reason, Verdict
from sls_lab.python.module import ScopeNode
from sls_lab.services import SERVICES, raises
from sls_lab.services.arguments import is_elsewhere
from sls_lab.services.call_values import View
from sls_lab.services.model import Raised
from sls_lab.template.iam.decision import decide, ending_with_why
from sls_lab.template.model import Role, Template

#: Edges of one application: each is written into the code, and hundreds of senders may wake hundreds of handlers each.
MOST_EDGES: Final = 4_000


def link_events(template: Template, code: Code, ignore: frozenset[Knowledge] = frozenset()) -> EventGraph:
    """Each call of each handler that raises an event, with each function the event may wake.

    `ignore` leaves a kind of knowledge out, which shows what it is good for: every permission is taken as given, every
    filter as passed, every name from the environment as unknown.
    """
    linking = _Linking(template, code, ignore, Listeners(template))
    edges, beyond = _bounded(linking, code.calls)
    following = list(
        islice(chain(_transitions(template), sent_by_tasks(template, linking.listeners, ignore)), MOST_EDGES + 1)
    )
    if len(following) > MOST_EDGES:
        message = (
            f"The state machines have more ways from one task to the next than the {MOST_EDGES:,} that are followed; "
            "analyse a smaller part of the application."
        )
        beyond = (*beyond, Diagnostic("too-many-events", message, following[-1].way[0].span))
    edges += following[:MOST_EDGES]
    joined = _joined(edges)
    joined = (*joined, *outcome_edges(template, joined, linking.listeners, ignore))
    return EventGraph(joined, entries_of(template, joined, linking.listeners), ignore, beyond)


def _bounded(linking: _Linking, calls: Sequence[BotoCall]) -> tuple[list[Edge], tuple[Diagnostic, ...]]:
    """The edges of all calls, up to the bound; calls whose resource is not known leave half of it to the others."""
    edges: list[Edge] = []
    beyond: list[BotoCall] = []
    for call in calls:
        following = linking.edges(call)
        first = next(following, None)
        if first is None:
            continue
        vague = any(name.opaque for raised in first.raised for name in raised.resources)
        room = max(0, (MOST_EDGES // 2 if vague else MOST_EDGES) - len(edges))
        found = [first, *islice(following, room)]
        if len(found) > room:
            beyond.append(call)
        edges += found[:room]
    if not beyond:
        return edges, ()
    message = (
        f"More events between handlers are possible than are followed, so that some which {beyond[0].handler} raises "
        f"here are missing, and of {len(beyond):,} calls in all; analyse a smaller part of the application."
    )
    return edges, (Diagnostic("too-many-events", message, beyond[0].span),)


class Ways:
    """Which edges hold on which path through the functions that lead to a call."""

    def __init__(self, template: Template, code: Code, ignore: frozenset[Knowledge] = frozenset()) -> None:
        """Take `ignore` as in `link_events`."""
        self._linking = _Linking(template, code, ignore, Listeners(template))

    def holds(self, edge: Edge, calls: Sequence[ast.AST]) -> bool:
        """Whether `edge` may hold where `calls`, the outermost first, have led to its call.

        A helper's call may wake one handler for one caller and another for another. Where no way is known that ends in
        `calls`, every edge may hold.
        """
        ways = edge.call.contexts if edge.call is not None else ()
        known = [way for way in ways if not calls or _same(way.calls[-len(calls) :], calls)]
        if edge.call is None or len(ways) < 2 or not known:
            return True
        return any(
            one.linked and (one.target, one.via) == (edge.target, edge.via)
            for way in known
            for one in self.edges(on_way(edge.call, way))
        )

    def compared(self, edge: Edge, path: Sequence[str]) -> Reason | None:
        """Why what arrives at `path` of an event object can only be one of a few constants, None where it need not."""
        return None if "filters" in self._linking.ignore else compared(self._linking.template, edge, path)

    def edges(self, call: BotoCall) -> Iterator[Edge]:
        """The edges of one call, as made on one way."""
        return self._linking.edges(call)


def on_way(call: BotoCall, way: CallContext) -> BotoCall:
    """The call with what one way to it gives."""
    return replace(call, arguments=way.arguments, contexts=())


def _same(left: Sequence[ast.AST], right: Sequence[ast.AST]) -> bool:
    return len(left) == len(right) and all(map(is_, left, right))


@dataclass(frozen=True, slots=True)
class _Linking:
    template: Template
    code: Code
    ignore: frozenset[Knowledge]
    listeners: Listeners

    def edges(self, call: BotoCall) -> Iterator[Edge]:
        """The edges of one call; one that cannot be resolved is kept, without a target."""
        if call.service not in SERVICES:
            return
        module = self.code.modules[call.file]
        view = View.of(call, _scope(module, call), module.tree)
        for raised in raises(call, view):
            names = (Pattern.any("environment"),) if self._hidden(raised) else raised.resources
            journey = Journey(call, raised, view)
            found = False
            for name in names:
                for edge in self._edges_at(call, raised, name, journey):
                    found = True
                    yield edge
                for edge in self._sent_by_machines(call, raised, name, journey):
                    found = True
                    yield edge
            yield from self._resumed(call, raised)
            if not found and names and all(name.opaque for name in names):
                doubt = "a name that is not known, and no resource that the role lets the call reach"
                reason = Reason(doubt, call.span, "doubt")
                yield self._edge(call, raised, None, "unresolved", False, (*raised.because, reason))

    def _edges_at(self, call: BotoCall, raised: Raised, name: Pattern, journey: Journey) -> Iterator[Edge]:
        role = self.template.function(call.handler).role
        for listener, same in self.listeners.at(raised.at, name):
            arn = listener.trigger.arn if listener.trigger is not None and not listener.relays else None
            if arn is not None and is_elsewhere(call, raised.at, name, arn):
                continue
            # A name that is not fully known would have to be the listener's own.
            resource = name if same is Verdict.YES else listener.resource
            permitted, allowing = self._permitted(role, raised, resource, call)
            if name.opaque and permitted is Verdict.NO:
                continue
            because = (*raised.because, matching(listener, name, same), *allowing)
            if permitted is Verdict.NO:
                yield self._edge(call, raised, listener, "denied", same is Verdict.YES, because)
                continue
            passing, filtering = passed(listener, journey, self.ignore)
            because = (*because, *filtering)
            certain = Verdict.all((same, permitted, passing)) is Verdict.YES
            status: Status = "filtered" if passing is Verdict.NO else "linked"
            yield self._edge(call, raised, listener, status, certain, because)

    def _resumed(self, call: BotoCall, raised: Raised) -> Iterator[Edge]:
        """The edges of a call that lets a task go on which waits for its token: any that does."""
        waiting = resumed_by(call, self.template)
        permitted, allowing = self._permitted(
            self.template.function(call.handler).role, raised, Pattern.any("task"), call
        )
        for states, machine in waiting:
            reason = Reason(f"`{states[0].name}` of `{machine.name}` waits for a token", states[0].span)
            yield Edge(
                call.handler,
                states[-1].function,
                call.service,
                call.api,
                "denied" if permitted is Verdict.NO else "linked",
                len({way[0].name for way, _ in waiting}) == 1 and permitted is Verdict.YES,
                call,
                None,
                (f"stepfunctions:{machine.name}",),
                (*raised.because, *allowing, reason),
                raised=(raised,),
                states=states,
            )

    def _sent_by_machines(self, call: BotoCall, raised: Raised, name: Pattern, journey: Journey) -> Iterator[Edge]:
        """The edges of what the states of a machine send that a call starts, before any function runs."""
        for machine in self.template.state_machines if raised.service == raised.at == "stepfunctions" else ():
            same = machine.name.equals(name)
            if not same.possible:
                continue
            permitted, allowing = self._permitted(self.template.function(call.handler).role, raised, machine.name, call)
            for edge in sent_at_start(machine, journey.payload(()).parts["input"], self.listeners, self.ignore):
                yield replace(
                    edge,
                    source=call.handler,
                    api=call.api,
                    status="denied" if permitted is Verdict.NO else edge.status,
                    certain=edge.certain and same is permitted is Verdict.YES,
                    call=call,
                    because=(*raised.because, *allowing, *edge.because),
                    raised=(raised,),
                )

    def _permitted(
        self, role: Role, raised: Raised, resource: Pattern, call: BotoCall
    ) -> tuple[Verdict, tuple[Reason, ...]]:
        if "permissions" in self.ignore:
            return Verdict.YES, (Reason("permissions are left out of account"),)
        if call.acts_as is not None:
            why = "the call acts by credentials of its own, and what these allow is not known"
            return Verdict.MAYBE, (Reason(why, call.acts_as.span, "doubt"),)
        arn = SERVICES[raised.service].arn(resource, raised.facts)
        wanted = (*((action, arn) for action in raised.actions), *raised.passed)
        decisions = [decide(role, action, needed) for action, needed in wanted]
        verdict = Verdict.all(decision.verdict for decision in decisions)
        return verdict, tuple(reason for decision in decisions for reason in ending_with_why(decision))

    def _hidden(self, raised: Raised) -> bool:
        """Whether the resource's name came from the environment, which is to be left out of account."""
        return "environment" in self.ignore and any(reason.kind == "environment" for reason in raised.because)

    def _edge(
        self,
        call: BotoCall,
        raised: Raised,
        listener: Listener | None,
        status: Status,
        certain: bool,
        because: tuple[Reason, ...],
    ) -> Edge:
        return Edge(
            call.handler,
            listener.function if listener else None,
            call.service,
            call.api,
            status,
            certain,
            call,
            listener.trigger if listener else None,
            listener.via if listener else (),
            tuple(dict.fromkeys(because)),
            listener.relays if listener else (),
            (raised,),
            listener.states if listener else (),
        )


def _transitions(template: Template) -> Iterator[Edge]:
    """From each task of a state machine to those that can follow it."""
    for machine in template.state_machines:
        for state in machine.states.values():
            if state.function is None:
                continue
            for following in state.following:
                for states in first_tasks(machine, following):
                    target = states[-1].function
                    reason = Reason(
                        f"`{state.name}` is followed by `{states[-1].name}` in `{machine.name}`", state.span
                    )
                    yield Edge(
                        state.function,
                        target,
                        "stepfunctions",
                        "next",
                        "linked",
                        all(one.type != "Choice" for one in states),
                        None,
                        None,
                        (),
                        (reason,),
                        states=(state, *states),
                    )


def _joined(edges: list[Edge]) -> tuple[Edge, ...]:
    """One edge for each call, target, way and status, with all the events of the call that take it."""
    together: dict[object, list[Edge]] = {}
    for edge in edges:
        place = id(edge.call.node) if edge.call else edge.way[0].name
        key = (
            edge.source,
            place,
            edge.target,
            edge.status,
            edge.via,
            id(edge.trigger),
            edge.states[-1:] and edge.states[-1].name,
            edge.sent[-1:] and edge.sent[-1].name,
        )
        together.setdefault(key, []).append(edge)
    joined = []
    for same in together.values():
        first = same[0]
        if len(same) > 1:
            # What may arrive by two names is sent once.
            events = {id(raised): raised for edge in same for raised in edge.raised}
            certain = all(edge.certain for edge in same)
            first = replace(first, certain=certain, raised=tuple(events.values()))
        joined.append(first)
    return tuple(joined)


def _scope(module: Module, call: BotoCall) -> ScopeNode:
    """The innermost function around a call, or the module."""
    above = parents(module)
    node: ast.AST = call.node
    while node in above:
        node = above[node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return node
    return module.tree
