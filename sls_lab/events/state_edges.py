"""Edges from what states of a state machine send themselves: messages, events, items, and executions of others."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.code import BotoCall
from sls_lab.events.journeys import Journey, matching, passed
from sls_lab.events.listeners import Listeners, first_senders, first_tasks
from sls_lab.events.model import Edge, Knowledge
from sls_lab.facts import Reason, Verdict
from sls_lab.services import raises, transition_object
from sls_lab.services.call_values import View
from sls_lab.services.state_calls import state_call
from sls_lab.services.stepfunctions import RESUMING, task_input, waits_for_token
from sls_lab.template.model import State, StateMachine, Template


def sent_at_start(
    machine: StateMachine, started: ast.expr, listeners: Listeners, ignore: frozenset[Knowledge]
) -> Iterator[Edge]:
    """The edges of what states send before any function has run in an execution that was `started` with this."""
    for states in first_senders(machine, machine.start):
        yield from _sent(machine, states, task_input(states, started), listeners, ignore)


def sent_by_tasks(template: Template, listeners: Listeners, ignore: frozenset[Knowledge]) -> Iterator[Edge]:
    """The edges of what states send after a task of a function."""
    entered, result = ast.Name("event", ast.Load()), ast.Name("result", ast.Load())
    for machine in template.state_machines:
        for state in machine.states.values():
            for following in state.following if state.function is not None else ():
                for states in first_senders(machine, following):
                    given = transition_object((state, *states), entered, result)
                    yield from _sent(machine, (state, *states), given, listeners, ignore)


def resumed_by(call: BotoCall, template: Template) -> list[tuple[tuple[State, ...], StateMachine]]:
    """The ways from each task that waits for a token to the next tasks, where `call` may let it go on."""
    if call.service != "stepfunctions" or call.api != RESUMING:
        return []
    return [
        ((state, *states), machine)
        for machine in template.state_machines
        for state in machine.states.values()
        if waits_for_token(state)
        for following in state.following
        for states in first_tasks(machine, following)
    ]


def _sent(
    machine: StateMachine,
    states: tuple[State, ...],
    given: ast.expr,
    listeners: Listeners,
    ignore: frozenset[Knowledge],
) -> Iterator[Edge]:
    """The edges of what the last of `states` sends, which is given this; what a call has started has another source."""
    sender = states[-1]
    call = state_call(sender, given)
    if call is None:
        return
    view = View.of(call)
    reason = Reason(f"the state `{sender.name}` calls {call.service}.{call.api}", sender.span)
    for raised in raises(call, view):
        journey = Journey(call, raised, view)
        for name in (name for name in raised.resources if not name.opaque):
            for listener, same in listeners.at(raised.at, name):
                passing, filtering = passed(listener, journey, ignore)
                yield Edge(
                    source=states[0].function or "",
                    target=listener.function,
                    service="stepfunctions",
                    api="next",
                    status="filtered" if passing is Verdict.NO else "linked",
                    certain=same is passing is Verdict.YES and all(one.type != "Choice" for one in states),
                    call=None,
                    trigger=listener.trigger,
                    via=(f"stepfunctions:{machine.name}", f"{raised.at}:{name}", *listener.via),
                    because=(reason, matching(listener, name, same), *filtering),
                    relays=listener.relays,
                    states=listener.states,
                    sent=states,
                )
