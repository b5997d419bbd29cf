"""What each step knows of an application, as tables: one function for each question that notebooks ask."""

from __future__ import annotations

from ast import unparse
from collections.abc import Iterable
from textwrap import fill
from typing import Final

from sls_lab.app import App, load_app
from sls_lab.code import BotoCall
from sls_lab.events import Edge, Knowledge
from sls_lab.facts import Pattern, Reason, Verdict
from sls_lab.taint import Flow
from sls_lab.widgets.listing import Listing, show_code
from sls_lab.widgets.tables import Table, table

_HANDS = ("source", "event", "sink")
_KNOWLEDGE: Final[tuple[Knowledge, ...]] = ("permissions", "filters", "environment")
_WIDTH: Final = 100


def show_functions(app: App) -> Table:
    """The functions of a template, what each runs, and the types of its triggers."""
    rows = [
        (one.name, one.handler, ", ".join(trigger.type for trigger in one.triggers) or "nothing declared")
        for one in app.template.functions
    ]
    return table(f"Functions of {app.name}", ("function", "runs", "is woken by"), rows)


def show_triggers(*apps: App) -> Table:
    """Each trigger of each function, and the resource that it listens to."""
    rows = [
        (app.name, app.template.kind, one.name, trigger.type, trigger.resource or "the web")
        for app in apps
        for one in app.template.functions
        for trigger in one.triggers
    ]
    return table("Triggers", ("application", "dialect", "function", "trigger", "listens to"), rows)


def show_entries(*apps: App) -> Table:
    """Who can wake each handler, and why."""
    rows = [
        (app.name, name, entry.kind, "; ".join(reason.text for reason in entry.because))
        for app in apps
        for name, entry in app.events.entries.items()
    ]
    return table("Who can wake each handler?", ("application", "handler", "entry", "because"), rows)


def show_permissions(app: App, function: str) -> Table:
    """What the role of a function is allowed to do, and the lines that say so. Raises KeyError for an unknown one."""
    rows = [
        (one.span.line, ", ".join(map(str, one.actions)), ", ".join(map(str, one.resources)))
        for one in app.template.function(function).role.statements
    ]
    return table(f"What {function} is allowed to do", ("line", "actions", "on"), rows)


def show_calls(app: App) -> Table:
    """The boto3 calls of each handler, the service that each goes to, and how that is known."""
    rows = [
        (one.handler, one.span.line, one.api, one.service, one.because[0].text if one.because else "")
        for one in app.code.calls
    ]
    return table(f"boto3 calls of {app.name}", ("handler", "line", "call", "service", "because"), rows)


def show_resources(app: App) -> Table:
    """The boto3 calls of each handler, and the resource that each means."""
    rows = [(one.handler, f"{one.service}.{one.api}", _resource(one)) for one in app.code.calls]
    return table(f"Resources that {app.name} calls", ("handler", "call", "the resource"), rows)


def show_arguments(call: BotoCall) -> Table:
    """The arguments of a call, as they are written and as they are known."""
    rows = [
        (name, unparse(one.node) if one.node else "", one.values[0] if one.values else "?")
        for name, one in call.arguments.items()
    ]
    return table(f"The arguments of {call.api} in {call.handler}", ("argument", "as written", "value"), rows)


def show_edits(app: App) -> Table:
    """What the rewriting has added, by kind."""
    edits = [edit for file in app.rewriting.files.values() for edit in file.edits]
    kinds = dict.fromkeys(edit.kind for edit in edits)
    rows = [(kind, sum(edit.kind == kind for edit in edits)) for kind in kinds]
    return table(f"What was added to {app.name}", ("kind", "how many"), rows)


def show_edges(app: App) -> Table:
    """Each edge of the event graph and what became of it."""
    rows = [(one.source, one.target or "?", one.service, one.api, _status(one)) for one in app.events.edges]
    return table(f"Edges of {app.name}", ("from", "to", "service", "call", "status"), rows)


def show_what_holds(*apps: App) -> Table:
    """How many edges hold in each application, and how many would if a kind of knowledge were missing."""
    rows = [
        (app.name, _holding(app), *(_holding(load_app(app.path, app.options, ignore=[kind])) for kind in _KNOWLEDGE))
        for app in apps
    ]
    return table("Edges that hold", ("application", "all known", *(f"without {kind}" for kind in _KNOWLEDGE)), rows)


def show_event_objects(app: App) -> Listing:
    """The event objects that the rewriting has built, in the order of the graph's edges, as code."""
    edits = [edit for file in app.rewriting.files.values() for edit in file.edits if edit.kind == "event-object"]
    by_edge = sorted(edits, key=lambda edit: app.events.edges.index(edit.edges[0]))
    parts = [
        f"# {edit.edges[0].source} → {edit.edges[0].target}: {edit.span.file}, line {edit.about.line}\n"
        + fill(unparse(edit.node), _WIDTH, subsequent_indent="    ")
        for edit in by_edge
        if edit.node
    ]
    return show_code(f"Event objects of {app.name}", "events.py", "\n\n".join(parts))


def show_answers(known: Pattern, *questions: tuple[str, object]) -> Table:
    """What is known of a string: questions, each with an answer of yes, no or maybe."""
    rows = [(question, _answer(answer)) for question, answer in questions]
    return table(f"What is known of {known}", ("question", "answer"), rows)


def show_advice(app: App, *codes: str) -> Table:
    """The advice that has one of these codes, or all of it."""
    rows = [
        (one.code, one.span.place if one.span else "", one.message)
        for one in app.advice
        if not codes or one.code in codes
    ]
    return table(f"Advice on {app.name}", ("advice", "place", "what"), rows)


def show_reasons(title: str, because: Iterable[Reason]) -> Table:
    """A chain of reasons, each with its place."""
    rows = [(reason.span.place if reason.span else "", reason.text) for reason in because]
    return table(title, ("place", "because"), rows)


def show_path(flow: Flow) -> Table:
    """Where a flow begins, where it passes from one handler to the next, and where it ends."""
    rows = [
        (number, step.handler, step.span.place, step.note)
        for number, step in enumerate(flow.steps, 1)
        if step.role in _HANDS
    ]
    return table(f"{flow.rule.title} ({flow.rule.cwe})", ("step", "handler", "place", "what happens"), rows)


def _resource(call: BotoCall) -> object:
    named = next(iter(call.arguments.values()), None)
    return named.values[0] if named and named.values else "?"


def _holding(app: App) -> str:
    certain = [edge.certain for edge in app.events.edges if edge.linked]
    return f"{len(certain)} ({certain.count(False)} not certain)"


def _answer(answer: object) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer.value if isinstance(answer, Verdict) else str(answer)


def _status(edge: Edge) -> str:
    return "linked, not certain" if edge.linked and not edge.certain else edge.status
