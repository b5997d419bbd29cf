"""State machines: what one task returns, or the error it ends with, is part of the event object of the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.events.model import Edge
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import leaves, own_nodes
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.site import Gap, Site
from sls_lab.services import is_caught, sent_objects, transition_object


def transition_edits(context: FileContext, edges: Sequence[Edge]) -> list[Edit]:
    """The edits for linked `next` edges whose source handlers are defined in the site's file.

    Before each `return value` of the source, `value` is handed to the next handler, and at its end what goes on beside
    a result of nothing. Where an error leads on, this is before each `raise Error(value)`, and at the beginning of a
    function without any.
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
    """
    site, code = context.site, context.code
    edits: list[Edit] = []
    done: set[tuple[int, str, str, str]] = set()
    for edge in edges:
        source, target = code.handlers.get(edge.source), code.handlers.get(edge.target or "")
        if edge.call is not None or not edge.way or source is None or target is None:
            continue
        if source.file != site.module.file or not isinstance(source.definition, FunctionNode):
            continue
        key = (id(source.definition), target.name, edge.way[0].name, edge.sent[-1].name if edge.sent else "")
        if key in done:
            continue
        done.add(key)
        for statement, gap, result in _ends(site, source.definition, edge):
            entered = synthesis.name(source.event or "event")
            for expression in _given(edge, entered, result):
                if isinstance(expression, ast.Constant):
                    continue
                if not site.has_beside(statement, expression, before=gap is not None):
                    edits += _waking(context, edge, statement, gap, expression)
    return edits


def _given(edge: Edge, entered: ast.expr, result: ast.expr) -> Iterator[ast.expr]:
    """What the target is given: by the machine, or by what a state of it has sent."""
    if edge.sent:
        yield from (event.expression for event in sent_objects(edge, entered, result))
    else:
        yield transition_object(edge.states, entered, result)


def _waking(
    context: FileContext, edge: Edge, statement: ast.stmt, gap: Gap | None, expression: ast.expr
) -> Iterator[Edit]:
    """The event object and the call of the target, before or after a statement."""
    site, target = context.site, context.code.handlers[edge.target or ""]
    about = site.span(statement)
    place = gap if gap is not None else site.gap_after(statement)
    reason = Reason(f"what `{edge.source}` returns is the event object of `{target.name}`", about)
    if edge.sent:
        reason = Reason(f"the state `{edge.sent[-1].name}` sends on what `{edge.source}` returns", about)
    elif is_caught(edge.states):
        reason = Reason(f"the error with which `{edge.source}` ends leads on to `{target.name}`", about)
    context.imports.helpers(expression, about)
    variable = synthesis.name(site.fresh("state_event"))
    assignment = synthesis.assign(variable, expression)
    yield context.insertion("event-object", place, assignment, about, (reason,), (edge,))
    waking = context.waking(target, variable, reason, about)
    yield context.insertion("handler-call", place, ast.Expr(waking), about, edge.because, (edge,))


def _ends(site: Site, definition: FunctionNode, edge: Edge) -> Iterator[tuple[ast.stmt, Gap | None, ast.expr]]:
    """The statements at which the function ends so, each with its result, or the words of its error.

    With them comes the place before each; it is None for the last statement, after which the function ends.
    """
    nothing: ast.expr = ast.Constant(None)
    found = False
    for node in own_nodes(definition):
        match node:
            case ast.Return(value=value) if not is_caught(edge.way):
                yield node, site.gap_before(node), value if value is not None else nothing
            case ast.Raise(exc=ast.Call(args=[message, *_])) if is_caught(edge.way):
                found = True
                yield node, site.gap_before(node), message if not isinstance(message, ast.Starred) else nothing
    if is_caught(edge.way):
        if not found:
            yield definition.body[0], site.start_of_body(definition), nothing
    elif not leaves(definition.body):
        yield definition.body[-1], None, nothing
