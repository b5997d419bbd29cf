"""Beside each call that does not name the functions it means: calls that do.

`ROUTES[key](body)` becomes `(ROUTES[key](body) or create(body) or remove(body))`: what comes back is what any of them
gives. A lambda has no name, so that its expression stands for its call.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Sequence

from sls_lab.code import BotoCall, Choice, Chosen
from sls_lab.facts import Reason, Span
from sls_lab.python.bindings import bindings, namespaces_within
from sls_lab.python.module import FunctionNode
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.modules import identifier
from sls_lab.rewrite.shown_types import ShownTypes
from sls_lab.rewrite.site import OWN_SCOPE, Gap, Site

#: What binds less than `or`, and would take what is before it along.
_LOOSER = (ast.Lambda, ast.IfExp)
#: What belongs to the function around it: elsewhere it would make a variable, or a generator, of another.
_BELONGING = (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def choice_edits(
    context: FileContext, choices: Sequence[Choice], types: ShownTypes, raising: Sequence[Edit] = ()
) -> Iterator[Edit]:
    """The edits for the calls in the site's file of functions from a variable, a table or a partial function.

    So are calls of methods of which no type shows whose they are. `raising` are those that call the handlers which
    events wake: a lambda that raises one calls them here as well.
    """
    site = context.site
    waking = [edit for edit in raising if edit.kind == "handler-call" and isinstance(edit.node, ast.Call)]
    for choice in choices:
        if not _hidden(site, choice) or (choice.is_named and _is_shown(context, choice, types)):
            continue
        about = site.span(choice.call)
        found = [(chosen, call) for chosen in choice.functions if (call := _named(context, choice, chosen))]
        if not found or _stands_beside(site, choice.call, [call for _, call in found]):
            continue
        front, behind = site.points(choice.call)
        reason = Reason("the call may mean these functions of the application", about)
        yield Edit("named-call", front, "(", about, (reason,))
        for chosen, call in found:
            woken = [edit for edit in waking if edit.edges and _is_body(chosen, edit.edges[0].call)]
            if woken:
                yield context.insertion("named-call", Gap(behind, " or (", ""), call, about, (reason,))
                for edit in woken:
                    yield _woken(context, choice, chosen, edit, Gap(behind, ", ", ""))
                yield Edit("named-call", behind, ")[0]", about, (reason,))
                continue
            gap = Gap(behind, " or (", ")") if isinstance(call, _LOOSER) else Gap(behind, " or ", "")
            yield context.insertion("named-call", gap, call, about, (reason,))
        yield Edit("named-call", behind, ")", about, (reason,))


def _is_body(chosen: Chosen, call: BotoCall | None) -> bool:
    """Whether a lambda is nothing but a call that raises an event."""
    return call is not None and isinstance(chosen.node, ast.Lambda) and chosen.node.body is call.node


def _woken(context: FileContext, choice: Choice, chosen: Chosen, edit: Edit, gap: Gap) -> Edit:
    """The call of a handler by `edit`, with what the lambda is given in the places of its parameters."""
    assert isinstance(chosen.node, ast.Lambda) and isinstance(edit.node, ast.expr)
    written = ast.Lambda(chosen.node.args, edit.node)
    arguments = [*chosen.arguments, *choice.call.args]
    node = _reduced(written, arguments, choice.call.keywords) or edit.node
    about = context.site.span(choice.call)
    return context.insertion("handler-call", gap, node, about, edit.because, edit.edges)


def unnamed_calls(context: FileContext, choices: Sequence[Choice]) -> Iterator[Span]:
    """The places of those calls of which some function has no name that can be seen from there.

    A function that is defined in another one is not among them: whoever reads the code can follow it.
    """
    for choice in choices:
        functions = choice.functions if _hidden(context.site, choice) and not choice.is_named else ()
        for chosen in functions:
            at_top = chosen.node in context.code.modules[chosen.file].tree.body if chosen.file else False
            inner = isinstance(chosen.node, FunctionNode) and chosen.owner is None and not chosen.arguments
            if not (inner and not at_top) and _named(context, choice, chosen) is None:
                yield context.site.span(choice.call)


def _hidden(site: Site, choice: Choice) -> bool:
    """Whether Pysa cannot know what is called. It follows functions given for a parameter, and methods.

    Of a function given to a lambda, or to the function around a closure, it knows nothing there, but for decorators.
    A call through an attribute is a choice where the code room found a function in it that is not a method.
    """
    call = choice.call
    if any(isinstance(node, ast.JoinedStr) for node in site.ancestors(call)):
        return False
    if choice.is_generic:
        return True
    match call.func:
        case ast.Name(id=name):
            around = [node for node in site.ancestors(call) if isinstance(node, _Function)]
            named = [node for node in around if name in _parameters(node)]
            if named:
                decorated = any(getattr(one.node, "decorator_list", ()) for one in choice.functions)
                return isinstance(named[0], ast.Lambda) or (named[0] is not around[0] and not decorated)
            return name in site.assigned and not _is_made(site, name)
        case ast.Subscript() | ast.Call() | ast.Attribute():
            return True
    return False


def _is_shown(context: FileContext, choice: Choice, types: ShownTypes) -> bool:
    """Whether Pysa sees what a call of a method means, or has nothing to see in it."""
    call = choice.call
    is_dropped = isinstance(context.site.parents.get(call), ast.Expr) and not call.args and not call.keywords
    if is_dropped and all(one.library for one in choice.functions):
        return True  # `connection.commit()`
    return types.shows(context.site.module, call, choice.functions)


def _is_made(site: Site, name: str) -> bool:
    """Whether a variable of the file only ever holds new objects of its classes, whose `__call__` is seen."""
    classes = {node.name for node in site.module.tree.body if isinstance(node, ast.ClassDef)}
    bound = [one for scope in namespaces_within(site.module.tree) for one in bindings(scope).every if one.name == name]
    return bool(bound) and all(
        isinstance(one.value, ast.Call) and isinstance(one.value.func, ast.Name) and one.value.func.id in classes
        for one in bound
        if one.binds
    )


def _parameters(function: _Function) -> list[str]:
    given = function.args
    return [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


def _named(context: FileContext, choice: Choice, chosen: Chosen) -> ast.expr | None:
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
        return _reduced(chosen.node, arguments, keywords) if _seen(site, chosen.node, here) else None
    defined = chosen.owner or chosen.node
    home = context.code.modules[chosen.file].tree
    if defined not in home.body:
        made = chosen.made_by if chosen.owner is None else None
        return ast.Call(made, arguments, keywords) if made is not None and _seen(site, made, here) else None
    name = defined.name
    if _later(home, name) is not defined:
        return None  # another one has its name
    if chosen.file != site.module.file:
        about = site.span(choice.call)
        reason = Reason(f"`{name}` is defined in {chosen.file}", about)
        alias = identifier(f"{name}_function")
        name = context.imports.bind(context.modules[chosen.file], name, alias, reason, about)
    if chosen.owner is None:
        return ast.Call(synthesis.name(name), arguments, keywords)
    given_first = [_receiver(site, choice, here, chosen.node.name)] if chosen.is_bound else []
    method = ast.Attribute(synthesis.name(name), chosen.node.name, ast.Load())
    return ast.Call(method, [*given_first, *arguments], keywords)


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
        own = _parameters(here)[:1] if of_method and isinstance(here, FunctionNode) else []
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


def _reduced(function: ast.Lambda, arguments: list[ast.expr], keywords: list[ast.keyword]) -> ast.expr | None:
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


def _stands_beside(site: Site, call: ast.Call, made: list[ast.expr]) -> bool:
    """Whether the file was rewritten before."""
    around = site.parents.get(call)
    if not isinstance(around, ast.BoolOp):
        return False
    wanted = {ast.dump(_Unwoken().visit(copy.deepcopy(one))) for one in made}
    return any(ast.dump(_Unwoken().visit(copy.deepcopy(other))) in wanted for other in around.values)


class _Unwoken(ast.NodeTransformer):
    """Take the handlers that a call wakes off it: a lambda's expression was copied before they were put beside it."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.Subscript(value=ast.Tuple(elts=[call, *_]), slice=ast.Constant(value=0)):
                return call
        return node


class _Fill(ast.NodeTransformer):
    """Put the arguments where a copied expression names the parameters."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._values.get(node.id, node)
