"""Data that a function takes along from the one around it, to wherever it is called.

`def job(command): def run(): shell(command); return run` becomes
`def job(command): def run(): shell(either(command, kept_command())); keep_command(command); return run`: Pysa follows
which function is returned, stored or put into a table, but not what the variables hold that it sees there.

What is read of a variable is kept apart by how it is written: `job.command`, `options["path"]`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.code import Code
from sls_lab.facts import Reason
from sls_lab.python.binding import BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.module import CallableNode, FunctionNode, Module, NamespaceNode
from sls_lab.python.names import dotted
from sls_lab.python.scopes import owner
from sls_lab.python.walking import own_nodes, walk
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KeptNames, finding_edits, keeping_statement, kept_call, was_rewritten
from sls_lab.rewrite.model import Edit, Kept
from sls_lab.rewrite.reads import is_called, is_read, outermost
from sls_lab.rewrite.variable_places import functions_within

#: Methods of plain values: what has others is an object, whose fields the kept whole would mix.
_PLAIN = frozenset(name for kind in (str, bytes, dict, list, set) for name in dir(kind))


@dataclass(frozen=True)
class _Capture:
    """`node`, in a function within `outer`, reads `path`, which begins with a variable of `outer`.

    The function leaves `outer` by the statements `leaving`.
    """

    outer: FunctionNode
    path: ast.expr
    node: ast.expr
    leaving: tuple[ast.stmt, ...]


class CapturedData:
    """What the functions of an application take along in variables that they do not bind."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all files of `code`."""
        self._names = names
        self._found: dict[str, list[_Capture]] = {}
        for module in () if was_rewritten(code) else code.modules.values():
            for chain in functions_within(module.tree, ()):
                if isinstance(chain[0], FunctionNode):
                    found = list(_captures(module, chain[0], chain))
                    if found:
                        self._found.setdefault(module.file, []).extend(found)

    def edits(self, context: FileContext) -> list[Edit]:
        """The edits of one file."""
        edits: list[Edit] = []
        left: dict[tuple[ast.stmt, str], None] = {}
        for one in self._found.get(context.file, ()):
            text = ast.unparse(one.path)
            kept = Kept(f"the local variable `{text}` of {context.file}")
            name = self._names.name(("captured", one.outer, text), text, kept)
            reason = Reason(f"the function takes `{text}` along from `{one.outer.name}`", context.site.span(one.path))
            edits += finding_edits(context, one.node, kept_call(context, one.node, name, reason), reason)
            for statement in one.leaving:
                if (statement, name) not in left:
                    left[statement, name] = None
                    gap = context.site.gap_before(statement)
                    keeping = ast.Expr(keeping_statement(context, one.path, name, reason))
                    about = context.site.span(statement)
                    edits.append(context.insertion("store-propagation", gap, keeping, about, (reason,)))
        return edits


def _captures(module: Module, outer: FunctionNode, chain: Sequence[NamespaceNode]) -> Iterator[_Capture]:
    parents = walk(module.tree).parents
    variables = set(_variables(outer))
    partial = [node for node in own_nodes(outer) if _is_partial(node, chain)] if variables else []
    for inner in (*bindings(outer).definitions, *partial) if variables else ():
        leaving = _leaving(outer, inner, parents) if isinstance(inner, CallableNode | ast.Call) else ()
        if not leaving:
            continue
        reads = list(_reads(inner, outer, chain, parents, variables))
        opaque = {root for root, path, _ in reads if path is None}
        for root, path, node in reads:
            if path is not None and root not in opaque:
                yield _Capture(outer, path, node, leaving)


def _is_partial(node: ast.AST, chain: Sequence[NamespaceNode]) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func, chain) == "functools.partial"


def _variables(function: FunctionNode) -> Iterator[str]:
    """The variables of a function that may hold data: they are not bound to what is written out, nor by imports."""
    for one in bindings(function).every:
        written_out = isinstance(one.value, ast.Constant | ast.Lambda)
        is_value = one.kind is BindingKind.VALUE and not written_out
        if is_value or one.kind in (BindingKind.PARAMETER, BindingKind.PART):
            yield one.name


def _leaving(
    outer: FunctionNode, inner: CallableNode | ast.Call, parents: Mapping[ast.AST, ast.AST]
) -> tuple[ast.stmt, ...]:
    """The statements by which a function leaves the one around it: it is returned, yielded, or kept in an object."""
    name = inner.name if isinstance(inner, FunctionNode) else ""
    if not name:
        match parents.get(inner):
            case ast.Assign(targets=[ast.Name(id=bound)]):
                name = bound
    uses: list[ast.AST] = [] if name else [inner]
    if name:
        reading = (node for node in own_nodes(outer) if isinstance(node, ast.Name) and node.id == name)
        uses += [node for node in reading if isinstance(node.ctx, ast.Load) and not is_called(node, parents)]
    found = (_statement(use, parents) for use in uses)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _statement(use: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.stmt | None:
    """The statement by which a function leaves, None where it is but called, or handed to a call that returns."""
    handed = False
    node = use
    while not isinstance(node, ast.stmt) and node in parents:
        outer = parents[node]
        if isinstance(node, ast.Yield | ast.YieldFrom):
            handed = False
            break
        handed = handed or isinstance(outer, ast.Call | ast.keyword)
        node = outer
    while not isinstance(node, ast.stmt) and node in parents:
        node = parents[node]
    match node:
        case ast.Return():
            return node
        case ast.Assign(targets=targets) if any(isinstance(one, ast.Attribute | ast.Subscript) for one in targets):
            return node
        case ast.stmt() if not handed:
            return node
    return None


def _reads(
    inner: ast.AST,
    outer: FunctionNode,
    chain: Sequence[NamespaceNode],
    parents: Mapping[ast.AST, ast.AST],
    variables: set[str],
) -> Iterator[tuple[str, ast.expr | None, ast.expr]]:
    """Where a function, or one within it, reads a variable of `outer`, with what it reads of it.

    That is None where the variable holds a function, or an object of which a method is called.
    """
    for scopes, nodes in _bodies(inner, chain):
        for node in nodes:
            if not isinstance(node, ast.Name) or node.id not in variables or not isinstance(node.ctx, ast.Load):
                continue
            if owner(node.id, scopes) is not outer:
                continue
            path = _path(node, parents)
            if path is None or not is_read(path, parents):
                yield node.id, None if is_called(node, parents) or path is None else path, node
                continue
            written = outermost(path, parents)
            if written is not None:
                yield node.id, path, written


def _bodies(
    inner: ast.AST, chain: Sequence[NamespaceNode]
) -> Iterator[tuple[Sequence[NamespaceNode], Sequence[ast.AST]]]:
    """The nodes of a function and of those within it, each time with their scopes; of a partial one its arguments."""
    if isinstance(inner, ast.Call):
        given = [*inner.args[1:], *(keyword.value for keyword in inner.keywords)]
        yield chain, [node for value in given for node in ast.walk(value)]
    elif isinstance(inner, CallableNode):
        for scopes in functions_within(inner, tuple(chain)):
            if isinstance(scopes[0], CallableNode):
                yield scopes, own_nodes(scopes[0])


def _path(name: ast.Name, parents: Mapping[ast.AST, ast.AST]) -> ast.expr | None:
    """What is read that begins with a variable: `job.command` of `job.command.strip()`; None for `job.run()`."""
    node: ast.expr = name
    while True:
        match parents.get(node):
            case ast.Attribute(value=value, attr=attribute, ctx=ast.Load()) as outer if value is node:
                if is_called(outer, parents):
                    return node if attribute in _PLAIN else None
                node = outer
            case ast.Subscript(value=value, slice=ast.Constant(), ctx=ast.Load()) as outer if value is node:
                node = outer
            case _:
                return node
