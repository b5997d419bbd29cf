"""Which names a function, class or module body binds itself (https://docs.python.org/3/reference/executionmodel.html)."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from sls_lab.python.module import CallableNode
from sls_lab.python.walking import children

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Scope:
    """What one body binds. `plain` says that it leaves by its last statement alone, `nested` that functions in it may
    see its variables later.
    """

    local: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    generator: bool
    nested: bool
    plain: bool


def scope_of(node: CallableNode) -> Scope:
    """The scope of a function's body with its parameters."""
    arguments = node.args
    names = {arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names.update(arg.arg for arg in (arguments.vararg, arguments.kwarg) if arg)
    body: Iterable[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else node.body
    return _scope(body, names)


def names_of(targets: Iterable[ast.AST]) -> Scope:
    """The scope of a comprehension, which binds its targets alone."""
    return _scope(targets, set())


def _scope(body: Iterable[ast.AST], names: set[str]) -> Scope:
    statements = list(body)
    declared: set[str] = set()
    outer: set[str] = set()
    generator = nested = False
    returns: list[ast.AST] = []
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
                nested = True
                waiting.extend(node.decorator_list)
                continue
            case ast.Lambda():
                nested = True
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Import() | ast.ImportFrom():
                names.update(alias.asname or alias.name.partition(".")[0] for alias in node.names)
            case ast.Global():
                declared.update(node.names)
            case ast.Nonlocal():
                outer.update(node.names)
            case ast.ExceptHandler(name=str() as name):
                names.add(name)
            case ast.MatchAs(name=str() as name) | ast.MatchStar(name=str() as name):
                names.add(name)
            case ast.MatchMapping(rest=str() as name):
                names.add(name)
            case ast.Yield() | ast.YieldFrom():
                generator = True
            case ast.Return():
                returns.append(node)
            case _ if isinstance(node, _COMPREHENSIONS):
                # Its targets are its own; what it reads is not bound here.
                nested = True
                waiting.extend(child for child in ast.walk(node) if isinstance(child, ast.NamedExpr))
                waiting.extend(child for child in ast.walk(node) if isinstance(child, ast.Yield | ast.YieldFrom))
                continue
        waiting.extend(children(node))
    plain = not returns or (len(returns) == 1 and returns[0] is statements[-1])
    local = frozenset(names - declared - outer)
    return Scope(local, frozenset(declared), frozenset(outer), generator, nested, plain)
