"""Call each decorated handler as Lambda does: by a function of its own at the end of the file.

A wrapper is one function for all that it was put around, so that an event which is said to come into the wrapper would
reach every one of them. `def sls_lab_entry_take(event, context): return take(event, context)` is given the event
instead: from there Pysa follows which function this wrapper calls, and with what.

Where a decorator was made by `lambda_handler_decorator` of Powertools, it is called by name: of `@load def take(…)`
becomes `return load(take, event, context)`, and `load` and `take` are no longer decorated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.code import Code, Receiver
from sls_lab.code.routes import MIDDLEWARE
from sls_lab.python.imported import Modules
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.names import dotted
from sls_lab.rewrite.analyser.dict_parameters import EVENT
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin
from sls_lab.rewrite.modules import identifier

#: What the names of these functions begin with.
ENTRY = "sls_lab_entry_"


def entries_of(code: Code) -> Mapping[str, Receiver]:
    """The functions that are to be given the events of handlers, by the handler's name.

    There is one for each function that the template names and all of whose decorators are the application's own, or
    one of which is called with the handler: what those of a library do else Pysa cannot follow.
    """
    modules = Modules(code.modules)
    decorated = {
        (file, statement.name): statement
        for file, module in code.modules.items()
        for statement in module.tree.body
        if isinstance(statement, FunctionNode) and statement.decorator_list
    }
    found = {}
    for name, handler in code.handlers.items():
        statement = decorated.get((handler.named_in, handler.attribute))
        if statement is not None:
            module = code.modules[handler.named_in]
            around = middlewares_of(module, modules)
            called = any(_word(one) in around for one in statement.decorator_list)
            if called or all(_is_own(one, module, modules) for one in statement.decorator_list):
                entry = f"{ENTRY}{identifier(statement.name)}"
                found[name] = Receiver(module.file, entry, statement, ("event",))
    return found


def entry_edits(draft: Draft, names: Mapping[str, str], middlewares: frozenset[str]) -> Iterator[Edit]:
    """The edits that write functions; `names` gives their names by those of the functions that they call.

    `middlewares` are the names in the file of decorators that are called with the handler.
    """
    for statement in draft.tree.body:
        if not isinstance(statement, FunctionNode):
            continue
        for decorator in statement.decorator_list:
            if _makes_middleware(decorator, draft.tree) or (
                statement.name in names and _word(decorator) in middlewares
            ):
                yield _undecorated(draft, decorator)
        if statement.name in names:
            yield from _entry(draft, statement, names[statement.name], middlewares)
            yield draft.import_edit("for the type of its event")


def _entry(
    draft: Draft, statement: ast.FunctionDef | ast.AsyncFunctionDef, entry: str, middlewares: frozenset[str]
) -> Iterator[Edit]:
    """The function at the end of the file that is given the event, and those between it and the handler."""
    end = len(draft.text)
    reason = draft.reason(f"`{statement.name}` is what its decorators make of it", statement)
    called, calling = statement.name, f"{statement.name}(event, context)"
    around = [one for one in statement.decorator_list if _word(one) in middlewares]
    for number, decorator in enumerate(reversed(around)):
        if number:
            called = f"{entry}_{number}"
            text = f"\n\ndef {called}(event, context):\n    return {calling}\n"
            yield draft.edit("decorated-handler", (end, end), text, reason, about=draft.range(decorator))
        more = [ast.unparse(one) for one in decorator.keywords] if isinstance(decorator, ast.Call) else []
        calling = f"{_word(decorator)}({', '.join([called, 'event', 'context', *more])})"
    head = f"\n\ndef {entry}("
    event = f'event: "{EVENT}"'
    text = f"{head}{event}, context):\n    return {calling}\n"
    first = next(iter([*statement.args.posonlyargs, *statement.args.args]), None)
    start = draft.range(statement)[0]
    about = draft.range(first) if first is not None else (start, start)
    span = draft.span(*about)
    call = text.rindex("event, context")
    origins = (Origin(len(head), len(head) + len(event), span), Origin(call, call + len("event"), span))
    yield draft.edit("decorated-handler", (end, end), text, reason, about=about, origins=origins)


def _undecorated(draft: Draft, decorator: ast.expr) -> Edit:
    """The decorator taken away, its line left empty."""
    start, end = draft.range(decorator)
    start = draft.text.rindex("@", 0, start)
    reason = draft.reason("it is called by name", decorator)
    return draft.edit("decorated-handler", (start, end), "\n" * draft.text.count("\n", start, end), reason)


def middlewares_of(module: Module, modules: Modules) -> frozenset[str]:
    """The names in a file of decorators that are called with the handler, the event and the context."""
    found = set()
    for statement in module.tree.body:
        if isinstance(statement, FunctionNode) and _is_middleware(statement, module.tree):
            found.add(statement.name)
        elif isinstance(statement, ast.ImportFrom):
            source = modules.find(module, statement.module or "", statement.level)
            if source is not None:
                defined = {
                    one.name
                    for one in source.tree.body
                    if isinstance(one, FunctionNode) and _is_middleware(one, source.tree)
                }
                found |= {alias.asname or alias.name for alias in statement.names if alias.name in defined}
    return frozenset(found)


def _is_middleware(function: ast.FunctionDef | ast.AsyncFunctionDef, tree: ast.Module) -> bool:
    return any(_makes_middleware(one, tree) for one in function.decorator_list)


def _makes_middleware(decorator: ast.expr, tree: ast.Module) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return dotted(function, (tree,)) in MIDDLEWARE


def _word(decorator: ast.expr) -> str:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return function.id if isinstance(function, ast.Name) else ""


def _is_own(decorator: ast.expr, module: Module, modules: Modules) -> bool:
    """Whether a decorator is a function or class of the application."""
    while isinstance(decorator, ast.Call):
        decorator = decorator.func
    match decorator:
        case ast.Name(id=name):
            return _is_defined(name, module, modules)
        case ast.Attribute(value=ast.Name(id=name)):
            return any(
                (alias.asname or alias.name) == name and modules.find(module, alias.name, 0) is not None
                for statement in module.tree.body
                if isinstance(statement, ast.Import)
                for alias in statement.names
            )
    return False


def _is_defined(name: str, module: Module, modules: Modules) -> bool:
    for statement in module.tree.body:
        match statement:
            case ast.FunctionDef(name=defined) | ast.ClassDef(name=defined) if defined == name:
                return True
            case ast.ImportFrom(names=names):
                if any((alias.asname or alias.name) == name for alias in names):
                    return modules.find(module, statement.module or "", statement.level) is not None
    return False
