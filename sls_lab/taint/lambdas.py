"""Write a handler that is a lambda expression as a `def`, since Pysa names nothing else.

`handler = lambda event, context: work(event)` becomes `def handler(event, context): return (work(event))`, on the same
lines, in the staged copy alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.facts import Reason, Span
from sls_lab.rewrite import Edit, Origin
from sls_lab.taint.mappings import EVENT

_TYPED = f': "{EVENT}"'


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
                parameters = ", ".join(_parameters(arguments))
                head = f"def {name}({parameters}): return ("
                about = Span(file, *start, *end)
                reason = Reason(f"`{name}` is a function", about)
                origins = tuple(_origins(file, lines, head, arguments))
                yield Edit("type-annotation", Span(file, *start, *body_start), head, about, (reason,), None, origins)
                yield Edit("type-annotation", Span(file, *body_end, *end), ")", about, (reason,))
                last = Span(file, len(lines), len(lines[-1]), len(lines), len(lines[-1]))
                yield Edit("import", last, f"\nimport {EVENT.partition('.')[0]}\n", last, (reason,))


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    """The parameters as written, the first as what it receives."""
    written = ast.unparse(arguments).split(", ")
    first = next(iter((*arguments.posonlyargs, *arguments.args)), None)
    yield written[0] + _TYPED if first is not None and written[0] == first.arg else written[0]
    yield from written[1:]


def _origins(file: str, lines: list[str], head: str, arguments: ast.arguments) -> Iterator[Origin]:
    """Where the parameters' names in the new text come from."""
    position = head.index("(")
    for parameter in (*arguments.posonlyargs, *arguments.args):
        position = head.index(parameter.arg, position)
        length = len(parameter.arg)
        if head.startswith(_TYPED, position + length):
            length += len(_TYPED)
        yield Origin(position, position + length, Span(file, *_start(lines, parameter), *_end(lines, parameter)))
        position += length


def _start(lines: list[str], node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
    return node.lineno, _characters(lines, node.lineno, node.col_offset)


def _end(lines: list[str], node: ast.expr | ast.stmt | ast.arg) -> tuple[int, int]:
    line = node.end_lineno or node.lineno
    return line, _characters(lines, line, node.end_col_offset or 0)


def _characters(lines: list[str], line: int, column: int) -> int:
    return len(lines[line - 1].encode()[:column].decode())
