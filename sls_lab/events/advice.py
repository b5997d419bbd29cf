"""What is no flow and yet worth a change."""

from __future__ import annotations

from collections.abc import Iterator

from sls_lab.code import Code
from sls_lab.events.model import Advice, EventGraph
from sls_lab.events.risks import risks
from sls_lab.facts import Pattern
from sls_lab.services import exposure
from sls_lab.services.actions import action_of
from sls_lab.template.model import Function, Statement, Template

#: what a function needs to be run at all, granted by its own framework
_RUNTIME = ("logs:", "xray:", "ec2:")
_PULLING = {"sqs": "sqs:", "dynamodb": "dynamodb:", "kinesis": "kinesis:"}


def advise(template: Template, code: Code, events: EventGraph) -> tuple[Advice, ...]:
    """Permissions that are granted and never used, circles of events, doors without a lock, and other risks."""
    found = (*_unused(template, code), *_circles(template, events), *_unguarded(template))
    return tuple(dict.fromkeys((*found, *risks(template, code, events.edges))))


def _unused(template: Template, code: Code) -> Iterator[Advice]:
    used: dict[str, set[str]] = {}
    undecided = set()
    for call in code.calls:
        action = action_of(call)
        if action is None:
            undecided.add((call.handler, call.service))
        else:
            used.setdefault(call.handler, set()).add(action)
    by_statement: dict[Statement, list[Function]] = {}
    for function in template.functions:
        if function.name in code.handlers:
            for statement in function.role.statements:
                if statement.effect == "Allow" and not statement.of_resource:
                    by_statement.setdefault(statement, []).append(function)
    for statement, functions in by_statement.items():
        granted = [action for action in statement.actions if not str(action).startswith(_RUNTIME)]
        everything = [str(action) for action in granted if str(action).endswith("*")]
        if everything:
            names = ", ".join(everything)
            message = f"{names} is granted with a wildcard; name the actions that are needed"
            yield Advice("wildcard-permission", message, statement.span)
        idle = [action for action in granted if not _anyone_uses(action, functions, used, undecided)]
        if idle:
            names = ", ".join(map(str, idle))
            yield Advice(
                "unused-permission", f"no call of a function that has it needs {names}; take it away", statement.span
            )


def _anyone_uses(
    granted: Pattern, functions: list[Function], used: dict[str, set[str]], undecided: set[tuple[str, str]]
) -> bool:
    service = str(granted).split(":")[0]
    for function in functions:
        if any(
            Pattern.of(action).matches_glob(granted, ignore_case=True).possible
            for action in used.get(function.name, ())
        ):
            return True
        if any(name == function.name and service in called for name, called in undecided):
            return True
        if any(_PULLING.get(trigger.service or "", "-") == service + ":" for trigger in function.triggers):
            return True  # Lambda itself reads the queue or stream with the function's role
    return False


def _circles(template: Template, events: EventGraph) -> Iterator[Advice]:
    following: dict[str, set[str]] = {}
    for edge in events.edges:
        if edge.linked and edge.target is not None:
            following.setdefault(edge.source, set()).add(edge.target)
    for function in template.functions:
        reached: set[str] = set()
        pending = list(following.get(function.name, ()))
        while pending:
            name = pending.pop()
            if name not in reached:
                reached.add(name)
                pending.extend(following.get(name, ()))
        if function.name in reached:
            message = f"`{function.name}` can wake itself again; make sure that the circle ends"
            yield Advice("event-loop", message, function.span)


def _unguarded(template: Template) -> Iterator[Advice]:
    for function in template.functions:
        for trigger in function.triggers:
            open_door = exposure(trigger) == "public" and trigger.type in ("http", "httpApi", "url", "websocket")
            if open_door and "authorizer" not in trigger.settings:
                message = f"`{function.name}` answers anyone: its {trigger.type} trigger has no authoriser"
                yield Advice("no-authoriser", message, trigger.span)
