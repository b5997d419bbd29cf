"""Call the functions on which the parameters of a route depend, as FastAPI does before it calls the route.

With `current: dict = Depends(settings)`, the body begins with `current = current or settings()`.
https://fastapi.tiangolo.com/tutorial/dependencies/
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.code.routes import DEPENDENCIES
from sls_lab.python.module import FunctionNode
from sls_lab.python.names import dotted
from sls_lab.python.scopes import resolve
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def dependency_edits(draft: Draft) -> Iterator[Edit]:
    """The edits before the first statement of functions whose parameters depend on functions with a name."""
    if "fastapi" not in draft.text:
        return
    for node in draft.nodes:
        if isinstance(node, FunctionNode):
            for parameter, made in _parameters(node):
                for depending in _depending(draft, made), _depending(draft, parameter.annotation):
                    if depending is not None:
                        yield _called(draft, node, parameter.arg, depending)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*node.args.posonlyargs, *node.args.args]
    yield from zip(positional[::-1], [*node.args.defaults[::-1], *[None] * len(positional)], strict=False)
    yield from zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)


def _depending(draft: Draft, expression: ast.expr | None) -> ast.expr | None:
    """`function` in `Depends(function)`, or in `Annotated[T, Depends(function)]`, which may have a name."""
    if expression is None:
        return None
    for node in ast.walk(resolve(expression, (draft.tree,))[0]):
        if isinstance(node, ast.Call) and dotted(node.func, (draft.tree,)) in DEPENDENCIES:
            given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "dependency")]
            return next((one for one in given if isinstance(one, ast.Name | ast.Attribute)), None)
    return None


def _called(draft: Draft, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, depending: ast.expr) -> Edit:
    start, _ = draft.range(function.body[0])
    indent = draft.text[draft.text.rfind("\n", 0, start) + 1 : start]
    after = "; " if indent.strip() else f"\n{indent}"
    text = f"{name} = {name} or {ast.unparse(depending)}(){after}"
    reason = draft.reason(f"`{name}` is what this gives", depending)
    return draft.edit("dependency", (start, start), text, reason, about=draft.range(depending))
