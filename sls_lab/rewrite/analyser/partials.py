"""Write partial functions as functions with a name.

`pool.map(partial(send, text), urls)` is `pool.map(sls_lab_partial_1, urls)`.

Before it comes `def sls_lab_partial_1(*rest, **named): return send(text, *rest, **named)`: Pysa follows functions that
are handed over by their names, and knows nothing of `functools.partial`. In a class,
`stop = partialmethod(run, "stop")` is a method that calls the other one.

https://docs.python.org/3/library/functools.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from sls_lab.python.module import ComprehensionNode
from sls_lab.python.names import dotted
from sls_lab.python.walking import walk
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin

_LEFT = "*rest, **named"


def partial_edits(draft: Draft, others: Sequence[Edit]) -> list[Edit]:
    """The edits of the partial functions; those within which `others` edit something stay."""
    edits: list[Edit] = []
    edited = [(one.span.line, one.span.column) for one in others]
    parents = walk(draft.tree).parents
    number = 0
    for node in draft.nodes:
        match node:
            case ast.Call(func=ast.Name() | ast.Attribute() as made, args=[ast.Name() | ast.Attribute() as called, *_]):
                kind = dotted(made, (draft.tree,))
            case _:
                continue
        span = draft.span(*draft.range(node))
        if kind not in ("functools.partial", "functools.partialmethod") or any(
            (span.line, span.column) <= place <= (span.end_line, span.end_column) for place in edited
        ):
            continue
        around = [node, *_around(node, parents)]
        statement = around[-1]
        if kind == "functools.partialmethod":
            match statement, parents.get(statement):
                case ast.Assign(targets=[ast.Name(id=name)], value=value), ast.ClassDef() if value is node:
                    edits += _method(draft, statement, node, name, called)
        elif isinstance(statement, ast.stmt) and not _bound_beside(node, around):
            number += 1
            edits += _function(draft, statement, node, f"sls_lab_partial_{number}", called)
    return edits


def _around(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    """The nodes around a node up to its statement."""
    while not isinstance(node, ast.stmt) and node in parents:
        node = parents[node]
        yield node


def _bound_beside(call: ast.Call, around: Sequence[ast.AST]) -> bool:
    """Whether a lambda or comprehension around it binds what it is given, which a statement before would not see."""
    bound = {
        inner.id if isinstance(inner, ast.Name) else inner.arg
        for scope in around
        if isinstance(scope, ComprehensionNode | ast.Lambda)
        for inner in ast.walk(scope)
        if (isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)) or isinstance(inner, ast.arg)
    }
    return any(isinstance(inner, ast.Name) and inner.id in bound for inner in ast.walk(call))


def _function(draft: Draft, statement: ast.stmt, call: ast.Call, name: str, called: ast.expr) -> Iterator[Edit]:
    start, _ = draft.range(statement)
    column = start - (draft.text.rfind("\n", 0, start) + 1)
    indent = draft.text[start - column : start]
    if indent.strip():
        return
    text, origins = _with_arguments(draft, f"def {name}({_LEFT}): return ", call, called)
    place = draft.range(call)
    reason = draft.reason("a partial function calls it so", call)
    tail = f"\n{indent}"
    yield draft.edit("named-partial", (start, start), text + tail, reason, about=place, origins=origins)
    yield draft.edit("named-partial", place, name + "\n" * draft.text.count("\n", *place), reason)


def _method(draft: Draft, statement: ast.Assign, call: ast.Call, name: str, called: ast.expr) -> Iterator[Edit]:
    if not isinstance(called, ast.Name):
        return
    text, origins = _with_arguments(draft, f"def {name}(self, {_LEFT}): return self.", call, called)
    place = draft.range(statement)
    reason = draft.reason("the method calls it so", call)
    lines = "\n" * draft.text.count("\n", *place)
    yield draft.edit("named-partial", place, text + lines, reason, about=place, origins=origins)


def _with_arguments(draft: Draft, head: str, call: ast.Call, called: ast.expr) -> tuple[str, tuple[Origin, ...]]:
    """`head` and the call that a partial function makes, on one line; and what of it repeats the original."""
    origins: list[Origin] = []

    def written(text: str, before: str, part: ast.expr | ast.keyword) -> str:
        begin, end = draft.range(part)
        repeated = " ".join(draft.text[begin:end].splitlines())
        at = len(text) + len(before)
        origins.append(Origin(at, at + len(repeated), draft.span(begin, end)))
        return f"{text}{before}{repeated}"

    text = written(head, "", called) + "("
    for one in call.args[1:]:
        text = written(text, "", one) + ", "
    text += "*rest"
    for keyword in call.keywords:
        text = written(text, ", ", keyword)
    return f"{text}, **named)", tuple(origins)
