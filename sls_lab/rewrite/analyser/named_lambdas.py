"""Give lambda expressions a name where they are called, returned, or given to a pool, `reduce` or the application.

`apply(lambda text: run(text), body)` is `apply(sls_lab_lambda_1, body)` after
`def sls_lab_lambda_1(text): return (run(text))`: Pysa follows functions that are handed over by their names alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence, Set

from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes, walk
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin

#: Methods of pools, loops and stacks that call what they are given with what comes after it.
_RUNNING = frozenset({"submit", "to_thread", "run_in_executor", "call_soon", "apply", "apply_async", "callback"})
_SIMPLE = ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return | ast.Raise | ast.Assert


def named_lambda_edits(draft: Draft, own: Set[str], others: Sequence[Edit]) -> list[Edit]:
    """The edits of the lambdas in functions; those within which `others` edit something stay.

    `own` are the names of the application's functions in this file.
    """
    edits: list[Edit] = []
    edited = [(one.span.line, one.span.column) for one in others]
    number = 0
    for function in draft.nodes:
        if isinstance(function, FunctionNode):
            for statement in own_nodes(function):
                if isinstance(statement, _SIMPLE):
                    for one in _handed(statement, own):
                        span = draft.span(*draft.range(one))
                        first, last = (span.line, span.column), (span.end_line, span.end_column)
                        if not any(first <= place <= last for place in edited):
                            number += 1
                            edits += _named(draft, statement, one, f"sls_lab_lambda_{number}")
    return edits


def _handed(statement: ast.stmt, own: Set[str]) -> Iterator[ast.Lambda]:
    """The lambdas of a statement that are called at once, returned, or given to a pool, `reduce` or the application."""
    for node in ast.walk(statement):
        match node:
            case ast.Call(func=ast.Lambda() as function):
                yield function
            case ast.Call(
                func=ast.Name(id="reduce") | ast.Attribute(attr="reduce"), args=[ast.Lambda() as function, *_]
            ):
                yield function
            case ast.Call(func=ast.Attribute(attr=method), args=args) if method in _RUNNING:
                yield from (one for one in args if isinstance(one, ast.Lambda))
            case ast.Return(value=ast.Lambda() as function):
                yield function
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in own:
                for value in (*args, *(one.value for one in keywords)):
                    if isinstance(value, ast.Lambda):
                        yield value


def own_functions(tree: ast.Module) -> set[str]:
    """The names of the functions that a file defines."""
    return {node.name for node in walk(tree).nodes if isinstance(node, FunctionNode)}


def _named(draft: Draft, statement: ast.stmt, function: ast.Lambda, name: str) -> Iterator[Edit]:
    start, _ = draft.range(statement)
    column = start - (draft.text.rfind("\n", 0, start) + 1)
    indent = draft.text[start - column : start]
    if indent.strip() or any(isinstance(node, ast.Yield | ast.Await | ast.NamedExpr) for node in ast.walk(function)):
        return
    first, last = draft.range(function.body)
    head = f"def {name}({ast.unparse(function.args)}): return ("
    text = f"{head}{draft.text[first:last]})\n{indent}"
    origins = tuple(
        Origin(len(head) + begin - first, len(head) + end - first, draft.span(begin, end))
        for begin, end in (
            draft.range(node)
            for node in ast.walk(function.body)
            if isinstance(node, ast.expr) and first <= draft.range(node)[0] <= draft.range(node)[1] <= last
        )
    )
    place = draft.range(function)
    reason = draft.reason("the lambda is a function that is handed over", function)
    yield draft.edit("named-lambda", (start, start), text, reason, about=place, origins=origins)
    yield draft.edit("named-lambda", place, name, reason)
