"""Write calls of `dict` as what they make: `dict(name=n, room="a")` is `{"name": n, "room": "a"}` in the staged copy.

Pysa tells the fields of a display from each other, but not the keyword arguments of the call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sls_lab.facts import Offsets, Reason, Span
from sls_lab.rewrite import Edit
from sls_lab.rewrite.analyser.splices import end_of, outside_texts, start_of

_OPENED = re.compile(r"\s*\(")
_ASSIGNED = re.compile(r"(\w+)\s*=")


def dict_edits(file: str, text: str) -> list[Edit]:
    """The edits that turn the calls of `dict` with keywords in `text`, which must parse, into displays, on their lines.

    What is given first, a mapping or pairs, stays a `dict` of its own: `dict(old, name=n)` is
    `{**dict(old), "name": n}`. Where the file gives `dict` another meaning, it is left alone.
    """
    tree = ast.parse(text)
    calls = list(_calls(tree))
    if not calls or any(_binds_dict(node) for node in ast.walk(tree)):
        return []
    lines, index = text.split("\n"), Offsets(text)
    return [edit for call in calls for edit in _display(file, text, lines, index, call)]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls of `dict` with keywords; within f-strings nothing is changed."""
    for node in outside_texts(tree):
        match node:
            case ast.Call(func=ast.Name(id="dict"), args=[] | [ast.expr()], keywords=[_, *_]):
                if not any(isinstance(argument, ast.Starred) for argument in node.args):
                    yield node


def _binds_dict(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="dict", ctx=ast.Store()) | ast.arg(arg="dict"):
            return True
        case ast.FunctionDef(name="dict") | ast.ClassDef(name="dict"):
            return True
        case ast.alias(name=name, asname=alias):
            return (alias or name) == "dict"
    return False


def _display(file: str, text: str, lines: list[str], index: Offsets, call: ast.Call) -> Iterator[Edit]:
    opening = _OPENED.match(text, _offset(index, end_of(file, lines, call.func)))
    names = {one: _ASSIGNED.match(text, _offset(index, start_of(file, lines, one))) for one in call.keywords if one.arg}
    if opening is None or not all(names.values()):
        return
    start, end = _offset(index, start_of(file, lines, call)), _offset(index, end_of(file, lines, call))
    if call.args:
        yield _edit(file, index, start, start, "{**")
        first = _offset(index, end_of(file, lines, call.args[0]))
        yield _edit(file, index, first, first, ")")
    else:
        yield _edit(file, index, start, opening.end(), "{")
    for name, written in names.items():
        if written is not None:
            yield _edit(file, index, written.start(), written.start() + len(written[1]), repr(name.arg))
            yield _edit(file, index, written.end() - 1, written.end(), ":")
    yield _edit(file, index, end - 1, end, "}")


def _edit(file: str, index: Offsets, start: int, end: int, text: str) -> Edit:
    span = Span(file, *index.place(start), *index.place(end))
    return Edit("type-annotation", span, text, span, (Reason("`dict` makes this display", span),))


def _offset(index: Offsets, place: Span) -> int:
    return index.offset(place.line, place.column)
