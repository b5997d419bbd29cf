"""Give a name to what the constructor of a class is given, where the class inherits from one that is not seen.

`Job(**app.current_event.json_body)`, for a pydantic model, is `Job(**(sls_lab_given := app.current_event.json_body))`.
Where Pysa does not know the constructor, it does not look for sources among the attributes in its arguments.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.python.walking import children
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_NAME = "sls_lab_given"


def argument_edits(draft: Draft, classes: Set[str]) -> tuple[list[Edit], list[Edit]]:
    """The edits before and after such arguments; `classes` are the last names of such classes.

    They go around all other edits of the same places.
    """
    before: list[Edit] = []
    after: list[Edit] = []
    for argument in _arguments(draft, classes):
        start, end = draft.range(argument)
        reason = draft.reason("what is given has a name", argument)
        before.append(draft.edit("named-argument", (start, start), f"({_NAME} := ", reason))
        after.append(draft.edit("named-argument", (end, end), ")", reason))
    return before, after


def _arguments(draft: Draft, classes: Set[str]) -> Iterator[ast.expr]:
    """The arguments in which an attribute is read, and which may be named where they are."""
    pending: list[tuple[ast.AST, bool]] = [(draft.tree, False)]
    while pending:
        node, closed = pending.pop()
        if isinstance(node, ast.Call) and not closed and _last(node.func) in classes:
            given = [one.value if isinstance(one, ast.Starred) else one for one in node.args]
            for one in (*given, *(keyword.value for keyword in node.keywords)):
                if not isinstance(one, ast.GeneratorExp | ast.NamedExpr) and _reads_attribute(one):
                    yield one
        if isinstance(node, ast.JoinedStr):
            continue
        inner = closed
        if isinstance(node, ast.ClassDef):
            inner = True
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inner = False
        # Python refuses `:=` in the iterable of a comprehension, and in any comprehension in the body of a class.
        pending.extend((child, inner or isinstance(child, ast.comprehension)) for child in children(node))


def _reads_attribute(expression: ast.expr) -> bool:
    called = {node.func for node in ast.walk(expression) if isinstance(node, ast.Call)}
    return any(isinstance(node, ast.Attribute) and node not in called for node in ast.walk(expression))


def _last(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None
