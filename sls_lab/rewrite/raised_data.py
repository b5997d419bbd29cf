"""Data that an exception carries from where it is raised to where it is caught.

`raise Refused(text)` becomes `raise Refused(keep_Refused(text))`, and the clause `except Refused as error:` begins with
`error = either(error, Refused(kept_Refused()))`, where its `try` may run the `raise`: Pysa does not follow exceptions.
What each argument becomes in the exception, its class says; where that is of a library, all of it may hold the data.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.code import Code
from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode, Module
from sls_lab.python.walking import walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KeptNames, keeping_edits, keeping_statement, kept_call, was_rewritten
from sls_lab.rewrite.model import Edit, Kept
from sls_lab.rewrite.modules import identifier

_Slot = int | str
_CAUSE = "__cause__"  #: what `raise … from cause` leaves in an exception


@dataclass(frozen=True)
class _Raise:
    """`node` raises an exception of the class `name`, in `function` (None at a module's top).

    `arguments` are those that are not written out, each by its position or name; `whole` says that what they become is
    not known by these.
    """

    module: Module
    node: ast.Raise
    function: FunctionNode | None
    name: str
    arguments: tuple[tuple[_Slot, ast.expr], ...]
    whole: bool


@dataclass(frozen=True)
class _Catch:
    """A clause that binds what it catches to `variable`; `called` are the names of what its `try` may call."""

    module: Module
    clause: ast.ExceptHandler
    variable: str
    classes: tuple[str, ...]
    body: tuple[ast.stmt, ...]


class RaisedData:
    """What the exceptions of an application carry from functions to clauses."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all files of `code`, and give the exceptions their names."""
        self._names = names
        self._raised: dict[str, list[_Raise]] = {}
        self._homes: dict[str, Module | None] = {}
        self._slots: dict[str, tuple[_Slot, ...]] = {}
        self._caught: dict[str, list[tuple[_Catch, tuple[str, ...]]]] = {}
        modules = () if was_rewritten(code) else tuple(code.modules.values())
        asked = any(_asks_for_cause(node) for module in modules for node in walk(module.tree).nodes)
        raises = [one for module in modules for one in _raises(module, asked=asked)]
        catches = [one for module in modules for one in _catches(module)] if raises else []
        if not catches:
            return
        bases = dict(_bases(modules))
        self._homes = _homes(modules)
        calls = _calls_of(modules)
        used: set[ast.Raise] = set()
        for catch in catches:
            inside = {node for statement in catch.body for node in ast.walk(statement)}
            reached = _reached(inside, calls)
            found = [
                one
                for one in raises
                if _is_a(one.name, catch.classes, bases)
                and (one.node in inside or (one.function is not None and one.function.name in reached))
            ]
            if found:
                used.update(one.node for one in found)
                classes = tuple(dict.fromkeys(one.name for one in found))
                self._caught.setdefault(catch.module.file, []).append((catch, classes))
        for one in raises:
            if one.node in used:
                self._raised.setdefault(one.module.file, []).append(one)
        for name in {one.name for one in raises}:
            same = [one for one in raises if one.name == name]
            if name in self._homes and not any(one.whole for one in same):
                self._slots[name] = tuple(dict.fromkeys(slot for one in same for slot, _ in one.arguments))

    def edits(self, context: FileContext) -> list[Edit]:
        """The edits of one file."""
        edits: list[Edit] = []
        causes: list[Edit] = []  # they come after what the clause around them begins with
        for one in self._raised.get(context.file, ()):
            reason = Reason("whoever catches the exception finds this in it", context.site.span(one.node))
            for slot, argument in one.arguments:
                name = self._name(one.name, slot)
                if slot == _CAUSE:  # Pysa does not look at what comes after `from`
                    keeping = ast.Expr(keeping_statement(context, argument, name, reason))
                    about, gap = context.site.span(argument), context.site.gap_before(one.node)
                    causes.append(context.insertion("store-propagation", gap, keeping, about, (reason,)))
                else:
                    edits += keeping_edits(context, argument, [name], reason)
        for catch, classes in self._caught.get(context.file, ()):
            about = context.site.span(catch.clause)
            reason = Reason(f"the exception may carry data in {' or '.join(f'`{name}`' for name in classes)}", about)
            variable = synthesis.name(catch.variable)
            found = synthesis.any_of([self._made(context, catch, name, reason) for name in classes])
            value = synthesis.call(context.support("either", reason, about), variable, found)
            gap = context.site.gap_before(catch.clause.body[0])
            assignment = synthesis.assign(variable, value)
            edits.append(context.insertion("store-propagation", gap, assignment, about, (reason,)))
            edits += self._led_to(context, catch, classes, reason)
        return [*edits, *causes]

    def _led_to(self, context: FileContext, catch: _Catch, classes: Sequence[str], reason: Reason) -> Iterator[Edit]:
        """What led to the exception, where the clause asks for it."""
        asked = [
            node.attr for node in ast.walk(catch.clause) if isinstance(node, ast.Attribute) and _asks_for_cause(node)
        ]
        given = [name for name in classes if _CAUSE in self._slots.get(name, ())]
        if asked and given:
            at = catch.clause.body[0]
            kept = [kept_call(context, at, self._name(name, _CAUSE), reason) for name in given]
            attribute = ast.Attribute(synthesis.name(catch.variable), asked[0], ast.Load())
            assignment = synthesis.assign(attribute, synthesis.any_of(kept))
            about = context.site.span(catch.clause)
            yield context.insertion("store-propagation", context.site.gap_before(at), assignment, about, (reason,))

    def _made(self, context: FileContext, catch: _Catch, name: str, reason: Reason) -> ast.expr:
        """An exception of a class with what was left in it, or just that, where it is not known what becomes of it."""
        at = catch.clause.body[0]
        if name not in self._slots:
            return kept_call(context, at, self._name(name, 0), reason)
        slots, home = self._slots[name], self._homes[name]
        last = max((slot for slot in slots if isinstance(slot, int)), default=-1)
        given: list[ast.expr] = [ast.Constant(None)] * (last + 1)
        named: list[ast.keyword] = []
        for slot in (one for one in slots if one != _CAUSE):
            value = kept_call(context, at, self._name(name, slot), reason)
            if isinstance(slot, int):
                given[slot] = value
            else:
                named.append(ast.keyword(slot, value))
        made = name
        if home is not None and home.file != context.file:
            about = context.site.span(catch.clause)
            made = context.imports.bind(context.modules[home.file], name, identifier(f"{name}_class"), reason, about)
        return ast.Call(synthesis.name(made), given, named)

    def _name(self, name: str, slot: _Slot) -> str:
        place = Kept(f"the exception `{name}`")
        if name not in self._slots:
            return self._names.name(("exception", name), f"raised_{name}", place)
        wish = f"raised_{name}" if slot == 0 else f"raised_{name}_{slot}"
        return self._names.name(("exception", name, slot), wish, place)


def _caught_names(module: Module) -> frozenset[str]:
    """The names under which a file catches exceptions."""
    clauses = (node for node in walk(module.tree).nodes if isinstance(node, ast.ExceptHandler))
    return frozenset(one.name for one in clauses if one.name is not None)


def _asks_for_cause(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in (_CAUSE, "__context__")


def _raises(module: Module, *, asked: bool) -> Iterator[_Raise]:
    """The exceptions that carry something that is not written out in the code.

    That which led to one is among it where the application has `asked` for it somewhere.
    """
    above = walk(module.tree).parents
    causes = _caught_names(module) if asked else frozenset()
    for node in walk(module.tree).nodes:
        match node:
            case ast.Raise(exc=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=named)):
                given: list[tuple[_Slot, ast.expr]] = [*enumerate(args), *((one.arg or "", one.value) for one in named)]
                carried = tuple(pair for pair in given if not isinstance(pair[1], ast.Constant | ast.Starred))
                carried += (
                    ((_CAUSE, node.cause),) if isinstance(node.cause, ast.Name) and node.cause.id in causes else ()
                )
                whole = any(isinstance(one, ast.Starred) for one in args) or any(one.arg is None for one in named)
                if carried:
                    yield _Raise(module, node, _function(node, above), name, carried, whole)


def _catches(module: Module) -> Iterator[_Catch]:
    for node in walk(module.tree).nodes:
        if isinstance(node, ast.Try):
            for clause in node.handlers:
                if clause.name is not None and clause.type is not None:
                    kinds = clause.type.elts if isinstance(clause.type, ast.Tuple) else [clause.type]
                    classes = tuple(filter(None, map(_last_word, kinds)))
                    yield _Catch(module, clause, clause.name, classes, tuple(node.body))


def _function(node: ast.AST, above: Mapping[ast.AST, ast.AST]) -> FunctionNode | None:
    while node in above:
        node = above[node]
        if isinstance(node, FunctionNode):
            return node
    return None


def _last_word(expression: ast.expr) -> str:
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _homes(modules: Sequence[Module]) -> dict[str, Module | None]:
    """Where the exceptions of each name are defined, at the top of a file; None for those of Python itself."""
    found: dict[str, Module | None] = {
        name: None for name in dir(builtins) if isinstance(getattr(builtins, name), type)
    }
    several: set[str] = set()
    for module in modules:
        for node in walk(module.tree).nodes:
            if isinstance(node, ast.ClassDef):
                if found.get(node.name) is not None or node not in module.tree.body:
                    several.add(node.name)
                found[node.name] = module
    return {name: module for name, module in found.items() if name not in several}


def _bases(modules: Sequence[Module]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The base classes of the application's classes, by their names."""
    for module in modules:
        for node in walk(module.tree).nodes:
            if isinstance(node, ast.ClassDef):
                yield node.name, tuple(map(_last_word, node.bases))


def _is_a(name: str, classes: Sequence[str], bases: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an exception of the class `name` is caught by a clause for one of `classes`."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in classes:
            return True
        if one in seen:
            continue
        seen.add(one)
        known = getattr(builtins, one, None)
        if one in bases:
            waiting += bases[one]
        elif isinstance(known, type):
            waiting += [base.__name__ for base in known.__mro__[1:]]
        else:  # of a library: an Exception for all that is known
            waiting += ["Exception", "BaseException"]
    return False


def _called(nodes: set[ast.AST]) -> set[str]:
    return {_last_word(node.func) for node in nodes if isinstance(node, ast.Call)} - {""}


def _calls_of(modules: Sequence[Module]) -> dict[str, set[str]]:
    """What the functions of each name call, by name; making an object runs the methods that begin it.

    A decorator's parameter means what it decorates, also one of a function within it.
    """
    found: dict[str, set[str]] = {}
    functions = [node for module in modules for node in walk(module.tree).nodes if isinstance(node, FunctionNode)]
    parameters = {
        node.name: {one.arg for inner in ast.walk(node) if isinstance(inner, ast.arguments) for one in inner.args}
        for node in functions
    }
    for module in modules:
        for node in walk(module.tree).nodes:
            if isinstance(node, FunctionNode):
                found.setdefault(node.name, set()).update(_called(set(ast.walk(node))))
                for decorator in node.decorator_list:
                    for parameter in parameters.get(_last_word(_made_by(decorator)), ()):
                        found.setdefault(parameter, set()).add(node.name)
            elif isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(("__init__", "__post_init__"))
    return found


def _made_by(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator


def _reached(nodes: set[ast.AST], calls: Mapping[str, set[str]]) -> set[str]:
    """The names of the functions that `nodes` may call, and of those that these call."""
    reached: set[str] = set()
    waiting = _called(nodes)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting |= calls.get(name, set()) - reached
    return reached
