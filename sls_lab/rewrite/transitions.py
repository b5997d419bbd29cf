"""State machines: what one task returns is the event object of the next."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from sls_lab.events.model import Edge
from sls_lab.facts import Reason
from sls_lab.python.walking import own_nodes
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.services import transition_object


def transition_edits(context: FileContext, edges: Sequence[Edge]) -> list[Edit]:
    """The edits for linked `next` edges whose source handlers are defined in the site's file.

    In front of each `return value` of the source, `value` is handed to the next handler. A function that returns
    nothing passes on nothing (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html).
    """
    site, code = context.site, context.code
    edits: list[Edit] = []
    done: set[tuple[int, str, str]] = set()
    for edge in edges:
        source, target = code.handlers.get(edge.source), code.handlers.get(edge.target or "")
        if (
            edge.call is not None
            or not edge.states
            or source is None
            or target is None
            or source.file != site.module.file
        ):
            continue
        if source.definition is None or isinstance(source.definition, ast.Lambda):
            continue
        key = (id(source.definition), target.name, edge.states[0].name)
        if key in done:
            continue
        done.add(key)
        for statement in own_nodes(source.definition):
            if not isinstance(statement, ast.Return) or statement.value is None:
                continue
            entered = synthesis.name(source.event or "event")
            expression = transition_object(edge.states, entered, statement.value)
            if site.has_beside(statement, expression, before=True):
                continue
            about = site.span(statement)
            gap = site.gap_before(statement)
            reason = Reason(f"what `{source.name}` returns is the event object of `{target.name}`", about)
            variable = synthesis.name(site.fresh("state_event"))
            assignment = synthesis.assign(variable, expression)
            edits.append(context.insertion("event-object", gap, assignment, about, (reason,), (edge,)))
            waking = context.waking(target, variable, reason, about)
            edits.append(context.insertion("handler-call", gap, ast.Expr(waking), about, edge.because, (edge,)))
    return edits
