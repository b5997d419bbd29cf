"""Write calls of `dict` as what they make: `dict(name=n, room="a")` is `{"name": n, "room": "a"}`.

Pysa tells the fields of a display from each other, but not the keyword arguments of the call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_OPENED = re.compile(r"\s*\(")
_ASSIGNED = re.compile(r"(\w+)\s*=")


def dict_edits(draft: Draft) -> list[Edit]:
    """The edits that turn the calls of `dict` with keywords into displays, on their lines.

    What is given first, a mapping or pairs, stays a `dict` of its own: `dict(old, name=n)` is
    `{**dict(old), "name": n}`. Where the file gives `dict` another meaning, it is left alone.
    """
    calls = list(_calls(draft))
    if not calls or any(_binds_dict(node) for node in ast.walk(draft.tree)):
        return []
    return [edit for call in calls for edit in _display(draft, call)]


def _calls(draft: Draft) -> Iterator[ast.Call]:
    """The calls of `dict` with keywords; within f-strings nothing is changed."""
    for node in draft.nodes:
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


def _display(draft: Draft, call: ast.Call) -> Iterator[Edit]:
    opening = _OPENED.match(draft.text, draft.range(call.func)[1])
    names = {one: _ASSIGNED.match(draft.text, draft.range(one)[0]) for one in call.keywords if one.arg}
    if opening is None or not all(names.values()):
        return
    start, end = draft.range(call)
    reason = draft.reason("`dict` makes this display", call)
    if call.args:
        first = draft.range(call.args[0])[1]
        yield draft.edit("dict-call", (start, start), "{**", reason)
        yield draft.edit("dict-call", (first, first), ")", reason)
    else:
        yield draft.edit("dict-call", (start, opening.end()), "{", reason)
    for name, written in names.items():
        if written is not None:
            yield draft.edit("dict-call", (written.start(), written.start() + len(written[1])), repr(name.arg), reason)
            yield draft.edit("dict-call", (written.end() - 1, written.end()), ":", reason)
    yield draft.edit("dict-call", (end - 1, end), "}", reason)
