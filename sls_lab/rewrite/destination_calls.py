"""Destinations: what a function returns, or the error it ends with, is part of the event object of the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.events.model import Edge
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.site import Gap, Site
from sls_lab.services import outcome_object


def outcome_edits(context: FileContext, edges: Sequence[Edge]) -> list[Edit]:
    """The edits for linked edges to destinations whose source handlers are defined in the site's file.

    They are put before each `return value` (or `raise Error(value)`); in a function without any, before its first
    statement, since what the function was given is passed on in any case.
    """
    site, code = context.site, context.code
    edits: list[Edit] = []
    done: set[tuple[int, str, str]] = set()
    for edge in edges:
        source, target = code.handlers.get(edge.source), code.handlers.get(edge.target or "")
        if source is None or target is None or target.definition is None or source.file != site.module.file:
            continue
        definition = source.definition
        if not isinstance(definition, FunctionNode):
            continue
        key = (id(definition), target.name, "/".join((edge.api, *edge.via)))
        if key in done:
            continue
        done.add(key)
        for statement, gap, result in _ends(site, definition, edge):
            entered = synthesis.name(source.event or "event")
            event = outcome_object(edge.relays, edge.trigger, entered, result)
            if site.has_beside(statement, event.expression, before=True):
                continue
            about = site.span(statement)
            reason = Reason(f"the outcome of `{source.name}` wakes `{target.name}`", about)
            context.imports.helpers(event.expression, about)
            variable = synthesis.name(site.fresh("outcome_event"))
            assignment = synthesis.assign(variable, event.expression)
            edits.append(context.insertion("event-object", gap, assignment, about, (*event.because, reason), (edge,)))
            waking = context.waking(target, variable, reason, about)
            edits.append(context.insertion("handler-call", gap, ast.Expr(waking), about, edge.because, (edge,)))
    return edits


def _ends(site: Site, definition: FunctionNode, edge: Edge) -> Iterator[tuple[ast.stmt, Gap, ast.expr | None]]:
    """The statements at which the function ends so, each with the place before it and its result."""
    found = False
    for node in own_nodes(definition):
        match node:
            case ast.Return(value=ast.expr() as value) if edge.api == "onSuccess":
                result: ast.expr | None = value
            case ast.Raise(exc=ast.Call(args=[message, *_])) if edge.api == "onFailure":
                result = message if not isinstance(message, ast.Starred) else None
            case _:
                continue
        found = True
        yield node, site.gap_before(node), result
    if not found:
        yield definition.body[0], site.start_of_body(definition), None
