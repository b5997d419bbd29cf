"""Who can be woken by anyone without a handler in between that is analysed.

That is whoever listens to a resource which anyone may send to, and whoever a function in another language may wake by
its permissions: what such a function does is not looked at, but its role says what it is made to do. A permission that
it shares with a function which is seen to use it says nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from sls_lab.aws.actions import method_action
from sls_lab.aws.registry import facts_of
from sls_lab.events.listeners import Listener, Listeners
from sls_lab.events.model import Edge
from sls_lab.facts import Reason, Verdict
from sls_lab.services import SERVICES, Payload, exposure, passage
from sls_lab.services.call_values import View
from sls_lab.template.iam.decision import decide
from sls_lab.template.model import ANYONE, OUTSIDE, Function, Role, Statement, Template


def opened_to_all(template: Template, edges: Sequence[Edge], listeners: Listeners) -> Mapping[str, list[Reason]]:
    """Why anyone can wake a function, by the function's name; what its own triggers say is not repeated."""
    found: dict[str, list[Reason]] = {}
    for listener, _ in listeners.at(OUTSIDE, ANYONE):
        if not _is_filtered(listener):
            opening = listener.relays[0]
            sentence = f"anyone can send to {opening.target_service}:{opening.target}, which wakes it"
            found.setdefault(listener.function, []).append(Reason(sentence, opening.span))
    used: dict[str, set[Statement]] = {}
    for edge in edges:
        if edge.linked and edge.call is not None and edge.target is not None:
            used.setdefault(edge.target, set()).update(template.function(edge.source).role.statements)
    others = [function for function in template.functions if function.language == "other"]
    pending = [one for one in others if one.name in found or any(exposure(by) == "public" for by in one.triggers)]
    reached = {one.name for one in pending}
    while pending:
        function = pending.pop()
        for name, reason in _woken(function, listeners, used):
            found.setdefault(name, []).append(reason)
            following = next((one for one in others if one.name == name), None)
            if following is not None and name not in reached:
                reached.add(name)
                pending.append(following)
    return found


def _woken(
    function: Function, listeners: Listeners, used: Mapping[str, Set[Statement]]
) -> Iterator[tuple[str, Reason]]:
    """Whom a function may wake by what its role names; that it may do anything anywhere says nothing.

    `used` are the statements of those that are seen to wake a function, by its name.
    """
    statements = tuple(
        one for one in function.role.statements if one.effect == "Deny" or all(to.text != "*" for to in one.resources)
    )
    seen: set[tuple[str, str, str]] = set()
    for listener in listeners.every():
        key = (listener.function, listener.service, str(listener.resource))
        if key in seen or listener.function == function.name:
            continue
        explained = used.get(listener.function, set())
        own = tuple(one for one in statements if one.effect == "Deny" or one not in explained)
        if not _may_send(replace(function.role, statements=own), listener):
            continue
        seen.add(key)
        sentence = (
            f"`{function.name}`, which anyone can wake, is in another language; its role lets it send to "
            f"{listener.service}:{listener.resource}"
        )
        yield listener.function, Reason(sentence, function.span)


def _may_send(role: Role, listener: Listener) -> bool:
    if listener.service not in SERVICES:
        return False
    arn = SERVICES[listener.service].arn(listener.resource)
    actions = {method_action(listener.service, method) for method in facts_of(listener.service).raising}
    return any(decide(role, action, arn).verdict is Verdict.YES for action in actions if action is not None)


def _is_filtered(listener: Listener) -> bool:
    """Whether a rule's event pattern keeps out what an API puts on a bus; of what else is sent nothing is known."""
    opening, *onward = listener.relays
    if opening.target_service != "events" or not opening.settings:
        return False
    given = {"source": opening.settings.get("source"), "detail-type": opening.settings.get("detailType")}
    parts: dict[str, ast.expr] = {
        word: ast.Constant(node.text) for word, node in given.items() if node is not None and node.text is not None
    }
    parts["detail"] = ast.Name("detail", ast.Load())
    following = onward[0].settings if onward else listener.trigger.settings if listener.trigger is not None else {}
    return passage(Payload("events", parts), following, View()).verdict is Verdict.NO
