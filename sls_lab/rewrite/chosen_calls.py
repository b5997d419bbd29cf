"""The call of one function that a call may mean, by its name.

A lambda has no name, so that its expression stands for its call; a function that is defined in another one is what the
call of that one returns.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping

from sls_lab.code import Choice, Chosen
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.walking import own_nodes, walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.analyser.registered_names import registered_name
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.modules import identifier
from sls_lab.rewrite.site import OWN_SCOPE, Site

#: What belongs to the function around it: elsewhere it would make a variable, or a generator, of another.
_BELONGING = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def parameters(function: _Function) -> list[str]:
    """The names of a function's parameters, but for those that take what is left."""
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def named(context: FileContext, choice: Choice, chosen: Chosen) -> ast.expr | None:
    """The call of one function by its name, None where it has none that can be seen from here."""
    site = context.site
    here = site.function(choice.call)
    extra = (*chosen.arguments, *(value for _, value in chosen.keywords))
    if not all(_seen(site, node, here) for node in extra):
        return None
    given = {keyword.arg for keyword in choice.call.keywords}
    arguments = [*chosen.arguments, *choice.call.args]
    kept = [ast.keyword(name, value) for name, value in chosen.keywords if name not in given]
    keywords = [*kept, *choice.call.keywords]
    if chosen.node is None:
        if chosen.is_bound:
            return _of_library_class(context, choice, chosen, arguments, keywords)
        return _of_library(context, choice, chosen, arguments, keywords)
    if isinstance(chosen.node, ast.Lambda):
        return reduced(chosen.node, arguments, keywords) if _seen(site, chosen.node, here) else None
    defined = chosen.owner or chosen.node
    home = context.code.modules[chosen.file].tree
    if defined not in home.body:
        made: ast.expr | None = chosen.made_by if chosen.owner is None else None
        if made is None or not _seen(site, made, here):
            made = _made_anew(context, choice, chosen) if chosen.owner is None else None
        return ast.Call(made, arguments, keywords) if made is not None else None
    name = _name_of(context, choice, chosen, defined)
    if name is None:
        return None
    if chosen.owner is None:
        return ast.Call(synthesis.name(name), arguments, keywords)
    given_first = [_receiver(site, choice, here, chosen.node.name)] if chosen.is_bound else []
    called = chosen.node.name if isinstance(chosen.node, ast.ClassDef) else _name_in(chosen.owner.body, chosen.node)
    method = ast.Attribute(synthesis.name(name), called, ast.Load())
    return ast.Call(method, [*given_first, *arguments], keywords)


def _name_of(context: FileContext, choice: Choice, chosen: Chosen, defined: FunctionNode | ast.ClassDef) -> str | None:
    """What a function or class at the top of a module is called here; None where another one has its name."""
    home = context.code.modules[chosen.file].tree
    name = defined.name if isinstance(defined, ast.ClassDef) else _name_in(home.body, defined)
    if name == defined.name and _later(home, name) is not defined:
        return None
    if chosen.file == context.file:
        return name
    about = context.site.span(choice.call)
    reason = Reason(f"`{defined.name}` is defined in {chosen.file}", about)
    return context.imports.bind(context.modules[chosen.file], name, identifier(f"{name}_function"), reason, about)


def _name_in(body: list[ast.stmt], function: FunctionNode) -> str:
    return registered_name(function, body) if function in body else function.name


def _made_anew(context: FileContext, choice: Choice, chosen: Chosen) -> ast.expr | None:
    """The call of the function in which another one is defined, for what it returns.

    What it is given does not matter: what the other one takes along is found by its name.
    """
    module = context.code.modules[chosen.file]
    around = walk(module.tree).parents
    outer = next((one for one in _above(chosen.node, around) if isinstance(one, FunctionNode)), None)
    if outer is None or outer not in module.tree.body or not isinstance(outer, ast.FunctionDef):
        return None
    inner = getattr(chosen.node, "name", None)
    if not any(_is_name(one.value, inner) for one in own_nodes(outer) if isinstance(one, ast.Return)):
        return None
    name = _name_of(context, choice, chosen, outer)
    spec = outer.args
    missing = len(spec.posonlyargs) + len(spec.args) - len(spec.defaults)
    needed = [one.arg for one, default in zip(spec.kwonlyargs, spec.kw_defaults, strict=True) if default is None]
    keywords = [ast.keyword(one, ast.Constant(None)) for one in needed]
    given: list[ast.expr] = [ast.Constant(None)] * missing
    return ast.Call(synthesis.name(name), given, keywords) if name is not None else None


def _above(node: ast.AST | None, parents: Mapping[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node is not None and node in parents:
        node = parents[node]
        yield node


def _is_name(value: ast.expr | None, name: str | None) -> bool:
    return isinstance(value, ast.Name) and value.id == name


def _later(module: ast.Module, name: str) -> ast.stmt | None:
    """The last function or class at the top of a module that is called so."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return next((one for one in module.body[::-1] if isinstance(one, kinds) and one.name == name), None)


def _receiver(site: Site, choice: Choice, here: ast.AST | None, method: str) -> ast.expr:
    """The object whose method is called: as it is written where the call names the method."""
    if choice.is_named and isinstance(choice.call.func, ast.Attribute):
        return choice.call.func.value
    return _object(site, choice.call, here, method)


def _object(site: Site, call: ast.Call, here: ast.AST | None, method: str) -> ast.expr:
    """The object whose method is called: what the call names at its beginning, else that of the method around it."""
    of_super = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).startswith("super(")
    if isinstance(call.func, ast.Name) or of_super:
        of_method = isinstance(here, FunctionNode) and isinstance(site.parents.get(here), ast.ClassDef)
        own = parameters(here)[:1] if of_method and isinstance(here, FunctionNode) else []
        return synthesis.name(own[0]) if own else ast.Constant(None)
    first = call.func
    match first:
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, *_]):
            first = owner
        case ast.Call() | ast.Subscript() if method == "__call__":
            return first
        case ast.Attribute(value=thread, attr="start") if method == "run":
            return thread
    while isinstance(first, ast.Subscript | ast.Call | ast.Attribute):
        first = first.func if isinstance(first, ast.Call) else first.value
    return synthesis.name(first.id) if isinstance(first, ast.Name) else ast.Constant(None)


def _of_library_class(
    context: FileContext, choice: Choice, chosen: Chosen, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> ast.expr | None:
    """The call of a method by the name of its library's class."""
    if not isinstance(choice.call.func, ast.Attribute):
        return None
    dotted, _, method = chosen.library.rpartition(".")
    module, _, name = dotted.rpartition(".")
    about = context.site.span(choice.call)
    reason = Reason(f"the object is a `{name}` of {module}", about)
    bound = context.imports.bind(module, name, f"{name}Type", reason, about)
    called = ast.Attribute(synthesis.name(bound), method, ast.Load())
    return ast.Call(called, [choice.call.func.value, *arguments], keywords)


def _of_library(
    context: FileContext, choice: Choice, chosen: Chosen, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> ast.expr | None:
    """The call of a function of a library by its name, None where this file has another use for that."""
    module, _, name = chosen.library.rpartition(".")
    if module == "builtins":
        return None if name in context.site.bound_names else ast.Call(synthesis.name(name), arguments, keywords)
    about = context.site.span(choice.call)
    reason = Reason(f"`{name}` is of {module}", about)
    name = context.imports.bind(module, name, identifier(f"{name}_function"), reason, about)
    return ast.Call(synthesis.name(name), arguments, keywords)


def _seen(site: Site, node: ast.expr, here: ast.AST | None) -> bool:
    """Whether an expression of this file means the same in the function `here`.

    What a lambda or a comprehension around it binds is known there alone.
    """
    if node not in site.parents or site.function(node) not in (None, here):
        return False
    around = {name for scope in site.ancestors(node) if isinstance(scope, OWN_SCOPE) for name in _bound_in(scope)}
    return around.isdisjoint(_used_in(node))


def _bound_in(scope: ast.AST) -> set[str]:
    """The parameters, and the variables of comprehensions and `:=`, below a node."""
    nodes = list(ast.walk(scope))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.arg for node in nodes if isinstance(node, ast.arg)}


def _used_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} - _bound_in(node)


def reduced(function: ast.Lambda, arguments: list[ast.expr], keywords: list[ast.keyword]) -> ast.expr | None:
    """A lambda's expression with the arguments in the places of its parameters."""
    spec = function.args
    positional = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    values = {one.arg: one.value for one in keywords if one.arg}
    values |= dict(zip(positional, arguments, strict=False))
    for parameter, default in zip(positional[::-1], spec.defaults[::-1], strict=False):
        values.setdefault(parameter, default)
    starred = any(isinstance(one, ast.Starred) for one in arguments) or any(one.arg is None for one in keywords)
    if starred or spec.vararg or spec.kwarg or spec.kwonlyargs or len(arguments) > len(positional):
        return None
    if any(name not in values for name in positional):
        return None
    if any(isinstance(node, _BELONGING) for node in ast.walk(function.body)):
        return None
    bound = _bound_in(function.body)
    if not bound.isdisjoint({*positional, *(name for value in values.values() for name in _used_in(value))}):
        return None  # an inner scope has a variable of that name
    body = _Fill(values).visit(copy.deepcopy(function.body))
    return body if isinstance(body, ast.expr) else None


class _Fill(ast.NodeTransformer):
    """Put the arguments where a copied expression names the parameters."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._values.get(node.id, node)
