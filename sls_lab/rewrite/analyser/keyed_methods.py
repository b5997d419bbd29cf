"""Write methods of dictionaries whose keys are written out as what they do under these keys.

`job.update(kind="x")` is `job["kind"] = ("x")`, `job.setdefault("kind", "x")` is `job["kind"] = job["kind"] or ("x")`,
`job.pop("kind")` is `job.get("kind")`, and the pairs of `dict([("kind", "x")])` are a display: Pysa takes what such a
method is given for what may be under any key.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set

from sls_lab.python.module import FunctionNode
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def keyed_edits(draft: Draft) -> list[Edit]:
    """The edits of these calls; methods that a class of the file has itself stay."""
    classes = (node for node in draft.nodes if isinstance(node, ast.ClassDef))
    own = {inner.name for node in classes for inner in node.body if isinstance(inner, FunctionNode)}
    return [edit for node in draft.nodes for edit in _edited(draft, node, own)]


def _edited(draft: Draft, node: ast.AST, own: Set[str]) -> Iterator[Edit]:
    match node:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=filled, attr="update"), args=[], keywords=[_, *_]) as call
        ):
            if "update" not in own and _is_plain(filled) and all(one.arg for one in call.keywords):
                yield from _updated(draft, call, filled)
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=filled, attr="setdefault"),
                args=[ast.Constant(value=str()) as key, value],
                keywords=[],
            ) as call
        ) if "setdefault" not in own and _is_plain(filled):
            yield from _set_by_default(draft, call, filled, key, value)
        case ast.Call(func=ast.Attribute(attr="pop") as method, args=[ast.Constant(value=str()), *_], keywords=[]):
            if "pop" not in own:
                end = draft.range(method)[1]
                reason = draft.reason("what is taken out is what was under this key", node)
                yield draft.edit("keyed-method", (end - len("pop"), end), "get", reason)
        case ast.Call(
            func=ast.Name(id="dict") | ast.Attribute(attr="update"),
            args=[ast.List(elts=[_, *_] as pairs) | ast.Tuple(elts=[_, *_] as pairs) as listed],
        ):
            if all(isinstance(one, ast.Tuple) and len(one.elts) == 2 for one in pairs):
                yield from _displayed(draft, listed, pairs)


def _is_plain(filled: ast.expr) -> bool:
    """Whether an expression may be written several times: it does nothing."""
    return not any(isinstance(one, ast.Call | ast.Await | ast.NamedExpr) for one in ast.walk(filled))


def _updated(draft: Draft, call: ast.Call, filled: ast.expr) -> Iterator[Edit]:
    place, end = draft.range(call)
    reason = draft.reason("`update` puts these under their keys", call)
    name = ast.unparse(filled)
    before = ""
    for keyword in call.keywords:
        first, last = draft.range(keyword.value)
        text = f"{before}{name}[{keyword.arg!r}] = (" + _lines(draft, place, first)
        yield draft.edit("keyed-method", (place, first), text, reason)
        place, before = last, "); "
    yield draft.edit("keyed-method", (place, end), _lines(draft, place, end) + ")", reason)


def _set_by_default(
    draft: Draft, call: ast.Call, filled: ast.expr, key: ast.Constant, value: ast.expr
) -> Iterator[Edit]:
    (start, end), (first, last) = draft.range(call), draft.range(value)
    reason = draft.reason("`setdefault` puts it under this key", call)
    held = f"{ast.unparse(filled)}[{key.value!r}]"
    yield draft.edit("keyed-method", (start, first), f"{held} = {held} or ({_lines(draft, start, first)}", reason)
    yield draft.edit("keyed-method", (last, end), _lines(draft, last, end) + ")", reason)


def _displayed(draft: Draft, listed: ast.List | ast.Tuple, pairs: list[ast.expr]) -> Iterator[Edit]:
    start, end = draft.range(listed)
    reason = draft.reason("the pairs are the keys and values of a dictionary", listed)
    place, before = start, "{"
    for pair in pairs:
        assert isinstance(pair, ast.Tuple)
        (key, key_end), (value, value_end) = map(draft.range, pair.elts)
        yield draft.edit("keyed-method", (place, key), before + "(" + _lines(draft, place, key), reason)
        yield draft.edit("keyed-method", (key_end, value), "): (" + _lines(draft, key_end, value), reason)
        place, before = value_end, "), "
    yield draft.edit("keyed-method", (place, end), ")" + _lines(draft, place, end) + "}", reason)


def _lines(draft: Draft, start: int, end: int) -> str:
    """The line ends of what is taken away."""
    return "\n" * draft.text.count("\n", start, end)
