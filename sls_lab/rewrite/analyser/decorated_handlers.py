"""Call each decorated handler as Lambda does: by a function of its own at the end of the file.

A wrapper is one function for all that it was put around, so that an event which is said to come into the wrapper would
reach every one of them. `def sls_lab_entry_take(event, context): return take(event, context)` is given the event
instead: from there Pysa follows which function this wrapper calls, and with what.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from sls_lab.code import Code, Receiver
from sls_lab.python.imported import Modules
from sls_lab.python.module import FunctionNode, Module
from sls_lab.rewrite.analyser.dict_parameters import EVENT
from sls_lab.rewrite.analyser.draft import Draft
from sls_lab.rewrite.model import Edit, Origin
from sls_lab.rewrite.modules import identifier

#: What the names of these functions begin with.
ENTRY = "sls_lab_entry_"


def entries_of(code: Code) -> Mapping[str, Receiver]:
    """The functions that are to be given the events of handlers, by the handler's name.

    There is one for each function that the template names and all of whose decorators are the application's own: what
    those of a library do Pysa cannot follow.
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
            if all(_is_own(one, module, modules) for one in statement.decorator_list):
                entry = f"{ENTRY}{identifier(statement.name)}"
                found[name] = Receiver(module.file, entry, statement, ("event",))
    return found


def entry_edits(draft: Draft, names: Mapping[str, str]) -> Iterator[Edit]:
    """The edits that write functions; `names` gives their names by those of the functions that they call."""
    for statement in draft.tree.body:
        if isinstance(statement, FunctionNode) and statement.name in names:
            end = len(draft.text)
            head = f"\n\ndef {names[statement.name]}("
            event = f'event: "{EVENT}"'
            text = f"{head}{event}, context):\n    return {statement.name}(event, context)\n"
            first = next(iter([*statement.args.posonlyargs, *statement.args.args]), None)
            start = draft.range(statement)[0]
            about = draft.range(first) if first is not None else (start, start)
            span = draft.span(*about)
            call = text.rindex("event, context)")
            origins = (
                Origin(len(head), len(head) + len(event), span),
                Origin(call, call + len("event"), span),
            )
            reason = draft.reason(f"`{statement.name}` is what its decorators make of it", statement)
            yield draft.edit("decorated-handler", (end, end), text, reason, about=about, origins=origins)
            yield draft.import_edit("for the type of its event")


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
