"""Who can wake each handler: the threat model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sls_lab.events.listeners import Listeners, first_tasks
from sls_lab.events.model import Edge, Entry, EntryKind
from sls_lab.events.opened import opened_to_all
from sls_lab.facts import Reason
from sls_lab.services import exposure, is_signed
from sls_lab.template.model import Function, Template, Trigger

_ORDER: tuple[EntryKind, ...] = ("public", "external", "internal", "deployment")


def entries_of(template: Template, edges: Sequence[Edge], listeners: Listeners) -> Mapping[str, Entry]:
    """Each function's entry; its most exposed trigger decides.

    A function with no trigger that nothing here invokes is external: someone else must be waking it.
    """
    linked: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.linked and edge.target is not None:
            linked.setdefault(edge.target, []).append(edge)
    by_machine: dict[str, list[Trigger]] = {}
    for machine in template.state_machines:
        for states in first_tasks(machine, machine.start):
            by_machine.setdefault(states[-1].function or "", []).extend(machine.triggers)
    opened = opened_to_all(template, edges, listeners)
    return {
        function.name: _entry(
            function,
            [
                *(("public", reason) for reason in opened.get(function.name, ())),
                *_reasons(function, linked.get(function.name, []), by_machine.get(function.name, [])),
            ],
        )
        for function in template.functions
    }


def _entry(function: Function, found: Sequence[tuple[EntryKind, Reason]]) -> Entry:
    if not found:
        return Entry("external", (Reason("no trigger is declared, so someone else invokes it", function.span),))
    for kind in _ORDER:
        because = tuple(reason for entry, reason in found if entry == kind)
        if because:
            return Entry(kind, because)
    raise AssertionError("every kind of entry is in the order")


def _reasons(
    function: Function, edges: Sequence[Edge], machine_triggers: Sequence[Trigger]
) -> Iterator[tuple[EntryKind, Reason]]:
    written = {id(edge.trigger) for edge in edges}
    for trigger in (*function.triggers, *machine_triggers):
        match exposure(trigger):
            case "public":
                who = "whoever has credentials of AWS for it" if is_signed(trigger) else "anyone"
                sentence = f"{who} can send it an event by {trigger.type}{_guarded(trigger)}"
                yield "public", Reason(sentence, trigger.span, "doubt" if is_signed(trigger) else "statement")
            case "deployment":
                yield "deployment", Reason("CloudFormation wakes it while the application is deployed", trigger.span)
            case "clock":
                yield "internal", Reason("a clock wakes it", trigger.span)
            case _ if id(trigger) in written:
                yield "internal", Reason(f"a handler here raises its {trigger.type} event", trigger.span)
            case _:
                yield "external", Reason(f"no handler here is known to raise its {trigger.type} event", trigger.span)
    for edge in edges:
        if edge.trigger is None:
            yield "internal", Reason(f"`{edge.source}` wakes it by {edge.service}.{edge.api}", edge.span)


def _guarded(trigger: Trigger) -> str:
    return ", once past its authoriser" if "authorizer" in trigger.settings and not is_signed(trigger) else ""
