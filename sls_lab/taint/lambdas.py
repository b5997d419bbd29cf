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
from sls_lab.taint.mappings import EVENT


def lambda_edits(file: str, text: str, names: Set[str]) -> Iterator[Edit]:
    """The edits for the assignments of lambda expressions to `names` at the top of a file. `text` must parse."""
    if not names:
        return
    lines = text.split("\n")
    for statement in ast.parse(text).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda(args=arguments, body=body)) if name in names:
                start, end = _start(lines, statement), _end(lines, statement)
                body_start, body_end = _start(lines, body), _end(lines, body)
                head = f"def {name}({_typed(arguments)}): return ("
                about = Span(file, *start, *end)
                reason = Reason(f"`{name}` is a function", about)
                origins = tuple(_origins(file, lines, head, arguments))
                yield Edit("type-annotation", Span(file, *start, *body_start), head, about, (reason,), None, origins)
                yield Edit("type-annotation", Span(file, *body_end, *end), ")", about, (reason,))
                last = Span(file, len(lines), len(lines[-1]), len(lines), len(lines[-1]))
                yield Edit("import", last, f"\nimport {EVENT.partition('.')[0]}\n", last, (reason,))


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
        yield Origin(start, start + length, Span(file, *_start(lines, first), *_end(lines, first)))


def _start(lines: list[str], node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
    return node.lineno, _characters(lines, node.lineno, node.col_offset)


def _end(lines: list[str], node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
    line = node.end_lineno or node.lineno
    return line, _characters(lines, line, node.end_col_offset or 0)


def _characters(lines: list[str], line: int, column: int) -> int:
    return len(lines[line - 1].encode()[:column].decode())
