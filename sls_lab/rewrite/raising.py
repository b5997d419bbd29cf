"""Beside each call that raises an event: the event object, and the call of the handler it wakes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sls_lab.code import BotoCall, Handler
from sls_lab.events.answers import answer_key
from sls_lab.events.model import Edge
from sls_lab.facts import Reason
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.answers import answer, response_variable
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit, EditKind
from sls_lab.rewrite.modules import identifier
from sls_lab.rewrite.site import Gap, Site
from sls_lab.services import EventObject, event_objects, stored_content


def raising_edits(context: FileContext, edges: Sequence[Edge]) -> list[Edit]:
    """The edits for all linked `edges` whose calls are made in the context's file.

    A helper's call that several handlers reach is one place and is edited once for each handler it wakes.
    """
    by_call: dict[int, list[Edge]] = {}
    for edge in edges:
        target = context.code.handlers.get(edge.target or "")
        if edge.call is not None and target is not None and target.definition is not None:
            by_call.setdefault(id(edge.call.node), []).append(edge)
    edits: list[Edit] = []
    for at_one_call in by_call.values():
        found = _Raising(context, at_one_call).edits()
        if found is None:  # an event object of ours is here: the file was rewritten before, and has them all
            return []
        edits += found
    return edits


@dataclass
class _Raising:
    """One call and the handlers it wakes."""

    context: FileContext
    edges: Sequence[Edge]

    @property
    def site(self) -> Site:
        """The file."""
        return self.context.site

    def edits(self) -> list[Edit] | None:
        """The edits at this call; None if the file already has them."""
        call = self.edges[0].call
        assert call is not None
        key = answer_key(call)
        statement = self.site.simple_statement(call.node)
        woken = list(self._woken())
        response = self.site.whole(call.node)
        if statement is None:
            return self._within(call, response, woken, key)
        place = response_variable(statement, response)
        used_at_once = place is None and not (isinstance(statement, ast.Expr) and statement.value is response)
        if key is not None and used_at_once:
            return self._within(call, response, woken, key)
        before = isinstance(statement, ast.Return | ast.Raise)
        gap = self.site.gap_before(statement) if before else self.site.gap_after(statement)
        edits: list[Edit] = []
        expressions = dict.fromkeys(event.expression for event, _, _ in woken)
        if any(self.site.has_beside(statement, expression, before=before) for expression in expressions):
            return None
        for number, (event, handler, edges) in enumerate(woken):
            variable = synthesis.name(self.site.fresh(identifier(f"{call.service}_event")))
            assignment = synthesis.assign(variable, event.expression)
            edits.append(self._edit("event-object", gap, assignment, event.because, edges))
            waking = self._waking(handler, edges[0], variable)
            calling: ast.stmt = ast.Expr(waking)
            if key is not None and place is not None:
                answered = synthesis.item(place, key)
                # One of several handlers answers: what another one has answered stays.
                answers = [*([answered] if number else []), answer(self.context, call, waking)]
                calling = synthesis.assign(answered, synthesis.any_of(answers))
            edits.append(self._edit("handler-call", gap, calling, edges[0].because, edges))
        return edits

    def _woken(self) -> Iterable[tuple[EventObject, Handler, tuple[Edge, ...]]]:
        same: dict[str, ast.expr] = {}  # equal event objects are one, written and looked for once
        by_target: dict[tuple[str, str], list[Edge]] = {}
        for edge in self.edges:
            assert edge.target is not None
            by_target.setdefault((edge.target, "/".join(edge.via)), []).append(edge)
        for (target, _), edges in by_target.items():
            handler = self.context.code.handlers[target]
            scope = self.site.function(edges[0].call.node) if edges[0].call else None
            for event in event_objects(edges[0], scope or self.site.module.tree, self.site.module.tree):
                call = edges[0].call
                about = self.site.span(call.node) if call else self.site.span(self.site.module.tree.body[0])
                self.context.imports.helpers(event.expression, about)
                event = self._with_content(event, edges[0])
                expression = same.setdefault(ast.dump(event.expression), event.expression)
                yield EventObject(expression, event.because), handler, tuple(edges)

    def _with_content(self, event: EventObject, edge: Edge) -> EventObject:
        """Let an object's content travel beside its key: `stored(key, body)` is the key, and remembers the body."""
        if edge.call is None:
            return event
        content = stored_content(edge.call, self.site.function(edge.call.node))
        if content is None or (isinstance(content.expression, ast.Constant) and not content.is_path):
            return event
        if content.key is None or (isinstance(content.key, ast.Constant) and not hasattr(content.key, "lineno")):
            return event
        about = self.site.span(edge.call.node)
        reason = Reason("the object's content is what a handler reads by this key", about)
        function = self.context.support("stored", reason, about)
        value = content.expression
        if content.is_path:  # what is uploaded is not the path but what the file holds
            loaded = self.context.support("loaded", reason, about)
            value = synthesis.call(loaded, self.site.replaced.get(value, value))
        elif content.kind == "upload":
            value = synthesis.call(self.context.support("uploaded", reason, about))
        replaced = _Replace(content.key, synthesis.call(function, content.key, value)).visit(event.expression)
        assert isinstance(replaced, ast.expr)
        return EventObject(replaced, (*event.because, reason))

    def _waking(self, handler: Handler, edge: Edge, event: ast.expr) -> ast.Call:
        """The call of a handler from this file, imported where it is defined in another."""
        about = self.site.span(edge.call.node) if edge.call else handler.span
        reason = Reason(f"the call wakes `{handler.name}`, which is defined in {handler.file}", handler.span)
        return self.context.waking(handler, event, reason, about)

    def _within(
        self,
        call: BotoCall,
        response: ast.expr,
        woken: list[tuple[EventObject, Handler, tuple[Edge, ...]]],
        key: str | None,
    ) -> list[Edit] | None:
        """The calls of the handlers within the expression, where no statement can be added or would come too late.

        `(call, handler(event, None))[0]` in conditions, comprehensions and lambdas; where the answer is used at once,
        `found(call, {"Payload": answer})`.
        """
        if any(self.site.has_around(response, event.expression) for event, _, _ in woken):
            return None
        front, behind = self.site.points(response)
        about = self.site.span(call.node)
        if key is None:
            reason = Reason("no statement is possible here, so the handler is called within the expression", about)
            before, separator, after = "(", ", ", ")[0]"
        else:
            reason = Reason(f"the answer, under {key}, is used at once", about)
            before, separator, after = f"{self.context.support('found', reason, about).id}(", ", ", ")"
        edits = [Edit("handler-call", front, before, about, (reason,))]
        for event, handler, edges in woken:
            node: ast.expr = self._waking(handler, edges[0], event.expression)
            if key is not None and isinstance(node, ast.Call):
                node = synthesis.dictionary({key: answer(self.context, call, node)})
            edits.append(
                self._edit("handler-call", Gap(behind, separator, ""), node, (*edges[0].because, reason), edges)
            )
            separator = separator if key is None else " or "
        edits.append(Edit("handler-call", behind, after, about, (reason,)))
        return edits

    def _edit(
        self,
        kind: EditKind,
        gap: Gap,
        node: ast.stmt | ast.expr,
        because: tuple[Reason, ...],
        edges: tuple[Edge, ...],
    ) -> Edit:
        about = edges[0].span or gap.at
        return self.context.insertion(kind, gap, node, about, because, edges)


class _Replace(ast.NodeTransformer):
    """Put `new` in place of `old`, which is an original node or was made like it, without entering original nodes."""

    def __init__(self, old: ast.expr, new: ast.expr) -> None:
        self._old = old
        self._dump = ast.dump(old)
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old or not (hasattr(node, "lineno") or ast.dump(node) != self._dump):
            return self._new
        return node if hasattr(node, "lineno") else self.generic_visit(node)
