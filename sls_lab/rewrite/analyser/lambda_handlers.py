"""Write a handler that is a lambda expression as a `def`, since Pysa names nothing else.

`handler = lambda event, context: work(event)` becomes `def handler(event, context): return (work(event))`, on the same
lines.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Set

from sls_lab.rewrite.analyser.dict_parameters import EVENT
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin


def lambda_edits(draft: Draft, names: Set[str]) -> Iterator[Edit]:
    """The edits for the assignments of lambda expressions to `names` at the top of the file."""
    if not names:
        return
    for statement in draft.tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)) if name in names:
                head = f"def {name}({_typed(arguments)}): return ("
                about = start, end = draft.range(statement)
                first, last = draft.range(body)
                reason = draft.reason(f"`{name}` is a function", statement)
                origins = tuple(_origins(draft, head, arguments))
                yield draft.edit("lambda-handler", (start, first), head, reason, about=about, origins=origins)
                yield draft.edit("lambda-handler", (last, end), ")", reason, about=about)
                yield draft.import_edit("for the type of its event")


def _typed(arguments: ast.arguments) -> str:
    """The parameters as written, the first with the type of what it receives."""
    typed = copy.deepcopy(arguments)
    for first in (*typed.posonlyargs, *typed.args)[:1]:
        first.annotation = ast.Constant(EVENT)
    return ast.unparse(typed)


def _origins(draft: Draft, head: str, arguments: ast.arguments) -> Iterator[Origin]:
    """Where the first parameter in the new text comes from."""
    for first in (*arguments.posonlyargs, *arguments.args)[:1]:
        start = head.index("(") + 1
        length = len(first.arg) + len(f": {EVENT!r}")
        yield Origin(start, start + length, draft.span(*draft.range(first)))
