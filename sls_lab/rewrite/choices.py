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
from sls_lab.rewrite.chosen_calls import named, parameters, reduced
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.shown_types import ShownTypes
from sls_lab.rewrite.site import Gap, Site

#: What binds less than `or`, and would take what is before it along.
_LOOSER = (ast.Lambda, ast.IfExp)
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
        found = [(chosen, call) for chosen in choice.functions if (call := named(context, choice, chosen))]
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
    node = reduced(written, arguments, choice.call.keywords) or edit.node
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
            if not (inner and not at_top) and named(context, choice, chosen) is None:
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
            taking = [node for node in around if name in parameters(node)]
            if taking and _makes_another_class(site, taking[0], choice):
                return True
            if taking:
                decorated = any(getattr(one.node, "decorator_list", ()) for one in choice.functions)
                return isinstance(taking[0], ast.Lambda) or (taking[0] is not around[0] and not decorated)
            return name in site.assigned and not _is_made(site, name)
        case ast.Subscript() | ast.Call() | ast.Attribute():
            return True
    return False


def _makes_another_class(site: Site, function: ast.AST, choice: Choice) -> bool:
    """Whether `cls(…)` in a class method makes an object of a class that inherits it, whose `__init__` a library makes.

    Pysa knows what `__init__` of the class itself keeps, and not of those below.
    """
    holder = site.parents.get(function)
    if not isinstance(holder, ast.ClassDef) or not isinstance(function, FunctionNode):
        return False
    first = parameters(function)[:1]
    if not isinstance(choice.call.func, ast.Name) or first != [choice.call.func.id] or first == ["self"]:
        return False
    if any(isinstance(one, FunctionNode) and one.name == "__init__" for one in holder.body):
        return False
    return any(isinstance(one.node, ast.ClassDef) and one.node is not holder for one in choice.functions)


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
