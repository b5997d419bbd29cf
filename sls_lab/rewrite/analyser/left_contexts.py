"""Call what a `with` statement calls at its end: `with Batch(name) as batch: …` ends with `batch.__exit__(…)`.

Pysa enters a context manager, but never leaves it. The call is written before what leaves the body.

https://docs.python.org/3/reference/compound_stmts.html#the-with-statement
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.walking import own_nodes, walk
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit

_LEAVING = ("__exit__", "__aexit__")
_ENTERING = ("__enter__", "__aenter__")


class LeftContexts:
    """The context managers of one application."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        """Look whether it has any, and whether each is what its `__enter__` gives; `modules` by file."""
        methods = [
            one
            for module in modules.values()
            for node in walk(module.tree).nodes
            if isinstance(node, ast.ClassDef)
            for one in node.body
            if isinstance(one, FunctionNode)
        ]
        self._any = any(one.name in _LEAVING for one in methods)
        self._are_entered = all(_gives_itself(one) for one in methods if one.name in _ENTERING)

    def edits(self, draft: Draft) -> Iterator[Edit]:
        """The edits of the `with` statements of a file; those of an application without such classes stay.

        What ends at one place is left from the inside out.
        """
        number = 0
        for node in reversed(draft.nodes) if self._any else ():
            if isinstance(node, ast.With | ast.AsyncWith):
                for item in node.items:
                    name = self._named(item)
                    if name is None:
                        number += 1
                        name = f"sls_lab_entered_{number}"
                        reason = "it is left at the end"
                        yield from draft.around("left-context", item.context_expr, f"({name} := (", "))", reason)
                    yield _left(draft, node, name)

    def _named(self, item: ast.withitem) -> str | None:
        """What the context manager is called; None where it has no name."""
        match item:
            case ast.withitem(context_expr=ast.Name(id=name)):
                return name
            case ast.withitem(optional_vars=ast.Name(id=name)) if self._are_entered:
                return name
        return None


def _gives_itself(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    returned = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
    own = function.args.args[0].arg if function.args.args else ""
    return bool(returned) and all(isinstance(one, ast.Name) and one.id == own for one in returned)


def _left(draft: Draft, statement: ast.With | ast.AsyncWith, name: str) -> Edit:
    is_async = isinstance(statement, ast.AsyncWith)
    method = "__aexit__" if is_async else "__exit__"
    call = f"{'await ' if is_async else ''}{name}.{method}(None, None, None)"
    last = statement.body[-1]
    reason = draft.reason("the context is left here", statement)
    start, end = draft.range(last)
    begin = draft.text.rfind("\n", 0, start) + 1
    indent = draft.text[begin:start]
    about = draft.range(statement.items[0].context_expr)
    if _leaves(last):
        tail = f"\n{indent}" if not indent.strip() else "; "
        return draft.edit("left-context", (start, start), f"{call}{tail}", reason, about=about)
    simple = not isinstance(last, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.AsyncFor | ast.AsyncWith)
    before = "; " if simple or indent.strip() else f"\n{indent}"
    return draft.edit("left-context", (end, end), f"{before}{call}", reason, about=about)


def _leaves(statement: ast.stmt) -> bool:
    """Whether nothing after a statement is reached."""
    match statement:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return True
        case ast.If(body=body, orelse=[*_, other]):
            return _leaves(body[-1]) and _leaves(other)
        case ast.Try(body=body, orelse=orelse, finalbody=last, handlers=handlers):
            ends = [(orelse or body)[-1], *(one.body[-1] for one in handlers)]
            return (bool(last) and _leaves(last[-1])) or all(map(_leaves, ends))
        case ast.With(body=[*_, inner]) | ast.AsyncWith(body=[*_, inner]):
            return _leaves(inner)
    return False
