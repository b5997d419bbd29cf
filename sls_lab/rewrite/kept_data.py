"""Data that one function leaves somewhere and another one finds there, by names that both halves are written with.

Where data is left stands `keep_orders(data)`, which is `data`; where it is found, `either(found, kept_orders())`, which
is `found` or what was left. Whoever traces the taint puts both halves together.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Hashable, Mapping, Sequence

from sls_lab.code import Code
from sls_lab.facts import Reason
from sls_lab.python.module import Module
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import SUPPORT, FileContext
from sls_lab.rewrite.model import Edit, Kept
from sls_lab.rewrite.modules import identifier

KEPT = "sls_lab_files"  #: the module that `keep_…` and `kept_…` are imported from
#: What a call cannot be given without parentheses of its own.
_BARE = ast.Tuple | ast.Yield | ast.YieldFrom | ast.GeneratorExp | ast.NamedExpr


class KeptNames:
    """One name for each place of an application at which data is left."""

    def __init__(self) -> None:
        """Nothing is named yet."""
        self.places: dict[str, Kept] = {}
        self._names: dict[Hashable, str] = {}

    def name(self, key: Hashable, wish: str, kept: Kept) -> str:
        """The name of what is left at the place `key`: `wish` as an identifier, or `wish_2`, …"""
        if key not in self._names:
            wish = identifier(wish).strip("_") or "data"
            name, number = wish, 2
            while name in self.places:
                name, number = f"{wish}_{number}", number + 1
            self._names[key] = name
            self.places[name] = kept
        return self._names[key]


def was_rewritten(code: Code) -> bool:
    """Whether the application was rewritten before, so that all of its data travels as far as it can."""
    return any(
        isinstance(one, ast.ImportFrom) and one.module in (KEPT, SUPPORT)
        for module in code.modules.values()
        for one in module.tree.body
    )


def has_halves(module: Module) -> bool:
    """Whether the file was rewritten before, so that its halves are written in it already."""
    return any(isinstance(one, ast.ImportFrom) and one.module == KEPT for one in module.tree.body)


def keeping_edits(context: FileContext, value: ast.expr, names: Sequence[str], reason: Reason) -> list[Edit]:
    """`keep_name(value)`, by each of `names`."""
    node = value
    for name in names:
        node = synthesis.call(_keep(context, value, name, reason), node)
    before = "".join(f"{_keep(context, value, name, reason).id}(" for name in reversed(names))
    return _around(context, value, before, ")" * len(names), node, reason)


def passing_edits(context: FileContext, value: ast.expr, others: Mapping[str, ast.expr], reason: Reason) -> list[Edit]:
    """`passed(value, keep_name(other), …)`: the value as it is, beside which others are kept by their names."""
    about = context.site.span(value)
    passed = context.support("passed", reason, about)
    kept = [synthesis.call(_keep(context, value, name, reason), other) for name, other in others.items()]
    node = synthesis.call(passed, value, *kept)
    after = "".join(f", {ast.unparse(one)}" for one in kept)
    return _around(context, value, f"{passed.id}(", f"{after})", node, reason)


def finding_edits(
    context: FileContext, value: ast.expr, found: ast.expr, reason: Reason, *, function: str = "either"
) -> list[Edit]:
    """`either(value, found)`, where `found` is made of `kept_call`s; the `function` may be another one."""
    about = context.site.span(value)
    either = context.support(function, reason, about)
    node = synthesis.call(either, value, found)
    return _around(context, value, f"{either.id}(", f", {ast.unparse(found)})", node, reason)


def kept_call(context: FileContext, value: ast.AST, name: str, reason: Reason) -> ast.expr:
    """`kept_name()`, for what is found at `value`."""
    about = context.site.span(value)
    return synthesis.call(
        synthesis.name(context.imports.bind(KEPT, f"kept_{name}", f"kept_{name}_data", reason, about))
    )


def keeping_statement(context: FileContext, value: ast.expr, name: str, reason: Reason) -> ast.expr:
    """`keep_name(value)` beside the code, for a value that stays where it is."""
    return synthesis.call(_keep(context, value, name, reason), copy.deepcopy(value))


def _keep(context: FileContext, value: ast.expr, name: str, reason: Reason) -> ast.Name:
    about = context.site.span(value)
    return synthesis.name(context.imports.bind(KEPT, f"keep_{name}", f"keep_{name}_data", reason, about))


def _around(
    context: FileContext, value: ast.expr, before: str, after: str, node: ast.expr, reason: Reason
) -> list[Edit]:
    about = context.site.span(value)
    front, behind = context.site.points(value)
    if isinstance(value, _BARE):
        before, after = f"{before}(", f"){after}"
    return [
        Edit("store-propagation", front, before, about, (reason,), node),
        Edit("store-propagation", behind, after, about, (reason,)),
    ]
