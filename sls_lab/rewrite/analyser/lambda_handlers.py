"""Write a handler that is a lambda expression as a `def`, since Pysa names nothing else.

`handler = lambda event, context: work(event)` becomes `def handler(event, context): return (work(event))`, on the same
lines, in the staged copy alone.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Set

from sls_lab.facts import Reason, Span
from sls_lab.rewrite import Edit, Origin
from sls_lab.rewrite.analyser.dict_parameters import EVENT
from sls_lab.rewrite.analyser.splices import end_of, import_edit, start_of


def lambda_edits(file: str, text: str, names: Set[str]) -> Iterator[Edit]:
    """The edits for the assignments of lambda expressions to `names` at the top of a file. `text` must parse."""
    if not names:
        return
    lines = text.split("\n")
    for statement in ast.parse(text).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)) if name in names:
                head = f"def {name}({_typed(arguments)}): return ("
                about = _through(start_of(file, lines, statement), end_of(file, lines, statement))
                before = _through(about, start_of(file, lines, body))
                behind = _through(end_of(file, lines, body), end_of(file, lines, statement))
                reason = Reason(f"`{name}` is a function", about)
                origins = tuple(_origins(file, lines, head, arguments))
                yield Edit("type-annotation", before, head, about, (reason,), None, origins)
                yield Edit("type-annotation", behind, ")", about, (reason,))
                yield import_edit(file, lines, "for the type of its event")


def _typed(arguments: ast.arguments) -> str:
    """The parameters as written, the first with the type of what it receives."""
    typed = copy.deepcopy(arguments)
    for first in (*typed.posonlyargs, *typed.args)[:1]:
        first.annotation = ast.Constant(EVENT)
    return ast.unparse(typed)


def _origins(file: str, lines: list[str], head: str, arguments: ast.arguments) -> Iterator[Origin]:
    """Where the first parameter in the new text comes from."""
    for first in (*arguments.posonlyargs, *arguments.args)[:1]:
        start = head.index("(") + 1
        length = len(first.arg) + len(f": {EVENT!r}")
        yield Origin(start, start + length, _through(start_of(file, lines, first), end_of(file, lines, first)))


def _through(start: Span, end: Span) -> Span:
    """From where one span begins to where another begins, in one file."""
    return Span(start.file, start.line, start.column, end.line, end.column)
