"""Write `getattr` and `setattr` with a name that is written out as the attribute that they mean.

`setattr(job, "command", x)` is `job.command = (x)`, as is `object.__setattr__(job, "command", x)`, and
`getattr(job, "command", "ls")` is `((job).command or ("ls"))`: Pysa does not follow an attribute by its name. What is
called so is named elsewhere.

`setattr(job, name, x)` may be any attribute: `job[int(0)] = (x)`. `job.__dict__.update(x)` is `dict.update(job, (x))`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def attribute_edits(draft: Draft) -> list[Edit]:
    """The edits of the calls of `getattr`, and of the statements that are calls of `setattr`."""
    edits: list[Edit] = []
    called = {node.func for node in draft.nodes if isinstance(node, ast.Call)}
    for node in draft.nodes:
        match node:
            case ast.Expr(
                value=ast.Call(
                    func=ast.Name(id="setattr") | ast.Attribute(value=ast.Name(id="object"), attr="__setattr__"),
                    args=[ast.Name() | ast.Attribute() as owner, ast.Constant(value=str() as name), value],
                    keywords=[],
                ) as call
            ) if name.isidentifier() and not isinstance(value, ast.Starred):
                edits += _written(draft, call, owner, name, value)
            case ast.Expr(
                value=ast.Call(
                    func=ast.Name(id="setattr"), args=[ast.Name() | ast.Attribute() as owner, name, value], keywords=[]
                ) as call
            ) if not any(isinstance(one, ast.Starred | ast.Constant) for one in (name, value)):
                edits += _written(draft, call, owner, None, value)
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=owner, attr="__dict__"), attr="update"),
                args=[ast.expr() as value],
                keywords=[],
            ):
                edits += _updated(draft, node, owner, value)
            case ast.Call(
                func=ast.Name(id="getattr"),
                args=[ast.expr() as owner, ast.Constant(value=str() as name), *default],
                keywords=[],
            ) if name.isidentifier() and len(default) < 2 and node not in called:
                edits += _read(draft, node, owner, name, default)
    return edits


def _written(draft: Draft, call: ast.Call, owner: ast.expr, name: str | None, value: ast.expr) -> Iterator[Edit]:
    """The edits of a call of `setattr`; without a `name` it may be any."""
    reason = draft.reason(f"it writes the attribute `{name}`" if name else "it may write any attribute", call)
    attribute = f".{name}" if name else "[int(0)]"
    (start, end), (first, behind), (begin, last) = draft.range(call), draft.range(owner), draft.range(value)
    yield draft.edit("attribute-call", (start, first), "", reason)
    yield draft.edit("attribute-call", (behind, begin), f"{attribute} = ({_lines(draft, behind, begin)}", reason)
    yield draft.edit("attribute-call", (last, end), f"{_lines(draft, last, end)})", reason)


def _updated(draft: Draft, call: ast.Call, owner: ast.expr, value: ast.expr) -> Iterator[Edit]:
    reason = draft.reason("it writes these attributes", call)
    (start, end), (first, behind), (begin, last) = draft.range(call), draft.range(owner), draft.range(value)
    yield draft.edit("attribute-call", (start, first), "dict.update(" + _lines(draft, start, first), reason)
    yield draft.edit("attribute-call", (behind, begin), f", ({_lines(draft, behind, begin)}", reason)
    yield draft.edit("attribute-call", (last, end), f"{_lines(draft, last, end)}))", reason)


def _read(draft: Draft, call: ast.Call, owner: ast.expr, name: str, default: list[ast.expr]) -> Iterator[Edit]:
    reason = draft.reason(f"it reads the attribute `{name}`", call)
    (start, end), (first, behind) = draft.range(call), draft.range(owner)
    yield draft.edit("attribute-call", (start, first), f"(({_lines(draft, start, first)}", reason)
    if default:
        begin, last = draft.range(default[0])
        text = f"{_lines(draft, behind, begin)}).{name} or ("
        yield draft.edit("attribute-call", (behind, begin), text, reason)
        yield draft.edit("attribute-call", (last, end), f"{_lines(draft, last, end)}))", reason)
    else:
        yield draft.edit("attribute-call", (behind, end), f"{_lines(draft, behind, end)}).{name})", reason)


def _lines(draft: Draft, start: int, end: int) -> str:
    """The line ends of what is taken away."""
    return "\n" * draft.text.count("\n", start, end)
