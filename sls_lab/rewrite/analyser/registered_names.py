"""Give functions that are registered for types names of their own: of several `def _`, the last alone has the name.

`@store.register` above `def _(value: str)` is found by the type of what `store` is given, never by its name.

https://docs.python.org/3/library/functools.html#functools.singledispatch
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from sls_lab.python.module import FunctionNode
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit


def registered_name(node: ast.FunctionDef | ast.AsyncFunctionDef, body: Sequence[ast.stmt]) -> str:
    """The name of a function in `body`: its own, or another one where it is registered and others have the same."""
    same = [one for one in body if isinstance(one, FunctionNode) and one.name == node.name]
    registered = any(
        isinstance(one, ast.Attribute) and one.attr == "register"
        for decorator in node.decorator_list
        for one in (decorator, getattr(decorator, "func", None))
    )
    return f"sls_lab_registered{node.name}{same.index(node)}" if registered and len(same) > 1 else node.name


def registered_edits(draft: Draft) -> Iterator[Edit]:
    """The edits of the names of such functions."""
    for holder in draft.nodes:
        if isinstance(holder, ast.Module | ast.ClassDef):
            for node in holder.body:
                if isinstance(node, FunctionNode) and (name := registered_name(node, holder.body)) != node.name:
                    start = draft.range(node)[0]
                    written = re.compile(rf"def\s+({node.name})\b").search(draft.text, start)
                    if written is not None:
                        reason = draft.reason("it is called by the type of what is given", node)
                        yield draft.edit("registered-name", written.span(1), name, reason)
