"""Variables that functions share: what one function puts into them is what another one finds.

Pysa follows data into calls and out of them, but not through the variables of a module, of a class or of a function
around it. What a function puts into such a variable is therefore kept by a name, and found by that name wherever
another function reads the variable. A module's variables outlive the call of a handler
(https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html), so that the order does not matter.

Parts of a variable are kept apart where their names are written out: `CACHE["user"]`, `Settings.command`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from sls_lab.code import Code
from sls_lab.facts import Reason
from sls_lab.python.bindings import bindings
from sls_lab.python.module import CallableNode, Module, NamespaceNode
from sls_lab.python.names import dotted
from sls_lab.python.scopes import owner
from sls_lab.python.walking import own_nodes, walk
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KeptNames, finding_edits, keeping_edits, kept_call, was_rewritten
from sls_lab.rewrite.model import Edit, Kept
from sls_lab.rewrite.order import suite_of
from sls_lab.rewrite.reads import ADDING, is_called, is_read, outermost
from sls_lab.rewrite.variable_places import Place, VariableKey, VariablePlaces, functions_within

#: Attributes of the application objects of Powertools and Chalice.
_CURRENT = frozenset({"current_event", "current_request"})


@dataclass(frozen=True)
class _Write:
    """`value` is put at `place` by the statement or call `node` of a function; `carries` where it may be data."""

    place: Place
    value: ast.expr
    node: ast.AST
    function: CallableNode
    carries: bool


@dataclass(frozen=True)
class _Read:
    """`node` in a function is what is found at `place`."""

    place: Place
    node: ast.expr
    function: CallableNode


class SharedVariables:
    """The variables of an application that functions share, with what is put into them and where they are read."""

    def __init__(self, code: Code, names: KeptNames) -> None:
        """Look at all functions of `code`, and give the variables their names."""
        self._places = VariablePlaces(code.modules)
        self._names = names
        self._clients = {
            ast.dump(call.node.func.value) for call in code.calls if isinstance(call.node.func, ast.Attribute)
        }
        # An object with such a method of its own is no container.
        self._adding = ADDING - {
            inner.name
            for module in code.modules.values()
            for node in walk(module.tree).nodes
            if isinstance(node, ast.ClassDef)
            for inner in node.body
            if isinstance(inner, ast.FunctionDef)
        }
        self._writes: dict[str, list[_Write]] = {}
        self._reads: dict[str, list[tuple[_Read, list[_Write]]]] = {}
        functions = [
            (module, chain)
            for module in (() if was_rewritten(code) else code.modules.values())
            for chain in functions_within(module.tree, ())
        ]
        every: dict[VariableKey, list[_Write]] = {}
        files: dict[CallableNode, Module] = {}
        for module, chain in functions:
            for write in self._written(module, chain):
                every.setdefault(write.place.variable.key, []).append(write)
                files[write.function] = module
        lasting = {
            key: [one for one in found if one.carries and not replaced(one, found, files[one.function])]
            for key, found in every.items()
        }
        used: dict[ast.expr, _Write] = {}
        for module, chain in functions:
            for read in self._read(module, chain, lasting):
                key = read.place.variable.key
                found = [one for one in lasting[key] if _meets(one.place.part, read.place.part)]
                if found and not settled(read, every[key], module):
                    self._reads.setdefault(module.file, []).append((read, found))
                    used |= {one.value: one for one in found}
        for write in used.values():
            self._writes.setdefault(files[write.function].file, []).append(write)

    def edits(self, context: FileContext) -> list[Edit]:
        """The edits of one file."""
        edits: list[Edit] = []
        for write in self._writes.get(context.file, ()):
            text = write.place.text
            reason = Reason(f"other functions find this in `{text}`", context.site.span(write.value))
            edits += keeping_edits(context, write.value, [self._name(write.place)], reason)
        for read, writes in self._reads.get(context.file, ()):
            reason = Reason(f"functions leave data in `{read.place.text}`", context.site.span(read.node))
            found = [self._found(context, read, write.place, reason) for write in writes]
            distinct = list({ast.dump(one): one for one in found}.values())
            value = synthesis.any_of(distinct)
            edits += finding_edits(context, read.node, value, reason)
        return edits

    def _name(self, place: Place) -> str:
        variable = place.variable
        what = "variable" if isinstance(variable.scope, ast.Module) else "local variable"
        kept = Kept(f"the {what} `{place.text}` of {variable.module.file}")
        return self._names.name((variable.key, place.part), place.text.replace("'", ""), kept)

    def _found(self, context: FileContext, read: _Read, place: Place, reason: Reason) -> ast.expr:
        """What is found of `place` by what reads the whole or a part."""
        kept = kept_call(context, read.node, self._name(place), reason)
        if place.part.startswith("[") and not read.place.part:
            return ast.Dict([ast.Constant(ast.literal_eval(place.part[1:-1]))], [kept])
        return kept

    def _written(self, module: Module, chain: Sequence[NamespaceNode]) -> Iterator[_Write]:
        """What the function `chain[0]` puts into variables of others."""
        function = chain[0]
        assert isinstance(function, CallableNode)
        for node in own_nodes(function):
            for target, value in (*_assignments(node, self._adding), *_set_in_context(node, chain)):
                place = self._places.find(module, chain, target)
                if place is not None and place.variable.scope is not function and not self._is_client(target):
                    for part, item in _parts(place, value, node):
                        yield _Write(part, item, node, function, _carries(item, chain))

    def _is_client(self, target: ast.expr) -> bool:
        """Whether methods of AWS are called on it, so that it holds no data."""
        return ast.dump(ast.parse(ast.unparse(target), mode="eval").body) in self._clients

    def _read(
        self, module: Module, chain: Sequence[NamespaceNode], writes: Mapping[VariableKey, list[_Write]]
    ) -> Iterator[_Read]:
        """Where the function `chain[0]` reads the variables that are written."""
        function = chain[0]
        assert isinstance(function, CallableNode)
        parents = walk(module.tree).parents
        done: set[ast.AST] = set()
        for node in own_nodes(function):
            if node in done or not isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
                continue
            if isinstance(node, ast.Attribute) and is_called(node, parents):
                continue  # a method: the object is what is read
            place = self._places.find(module, chain, node)
            if place is None or place.variable.key not in writes:
                continue
            done.update(ast.walk(node))
            if place.variable.scope is function and not _by_others(place, function, writes):
                continue
            outer = outermost(node, parents)
            if outer is not None and is_read(node, parents):
                done.update(ast.walk(outer))
                yield _Read(place, outer, function)


def _assignments(node: ast.AST, adding: Set[str]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a statement or call puts where: the target, or the container that is added to, and the value.

    `adding` are the methods that do.
    """
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
            yield target, value
        case ast.Call(func=ast.Attribute(value=container, attr=method), args=args, keywords=keywords):
            if method in adding:
                yield from ((container, value) for value in args if not isinstance(value, ast.Starred))
                for keyword in keywords:
                    if keyword.arg is not None:
                        yield ast.Subscript(container, ast.Constant(keyword.arg), ast.Load()), keyword.value


def _set_in_context(node: ast.AST, chain: Sequence[NamespaceNode]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What a call puts into a context variable: https://docs.python.org/3/library/contextvars.html"""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name) as variable, attr="set"), args=[value], keywords=[]):
            home = owner(name, chain)
            made = bindings(home).once(name) if home is not None else None
            if isinstance(made, ast.Call) and dotted(made.func, chain) == "contextvars.ContextVar":
                yield variable, value


def _parts(place: Place, value: ast.expr, node: ast.AST) -> Iterator[tuple[Place, ast.expr]]:
    """A dictionary that is written out is stored part by part."""
    if isinstance(value, ast.Dict) and not place.part and not isinstance(node, ast.Call):
        for key, item in zip(value.keys, value.values, strict=True):
            named = isinstance(key, ast.Constant) and isinstance(key.value, str)
            yield Place(place.variable, f"[{key.value!r}]" if isinstance(key, ast.Constant) and named else ""), item
    else:
        yield place, value


def _carries(value: ast.expr, chain: Sequence[NamespaceNode]) -> bool:
    """Whether a value may hold data of a function: it names a variable of one, or asks for a request."""
    return any(
        (isinstance(node, ast.Name) and node.id != "cls" and not isinstance(owner(node.id, chain), ast.Module | None))
        or (isinstance(node, ast.Name | ast.Attribute) and _is_request(node, chain))
        for node in ast.walk(value)
    )


def _is_request(node: ast.Name | ast.Attribute, chain: Sequence[NamespaceNode]) -> bool:
    """Whether an expression is the request that is answered now, which frameworks keep in a module's variable."""
    if isinstance(node, ast.Attribute):
        return node.attr in _CURRENT
    return dotted(node, chain) == "flask.request"


def _meets(written: str, read: str) -> bool:
    """Whether what was put at one part may be found at the other; an object that has attributes is not read whole."""
    return written == read or not written or (not read and written.startswith("["))


def _by_others(place: Place, function: CallableNode, writes: Mapping[VariableKey, list[_Write]]) -> bool:
    return any(one.function is not function for one in writes[place.variable.key])


def replaced(write: _Write, every: Sequence[_Write], module: Module) -> bool:
    """Whether the same function puts something else there at once, before anything else is called."""
    if not isinstance(write.node, ast.Assign):
        return False
    suite = suite_of(write.node, module)
    start = suite.index(write.node)
    for number, statement in enumerate(suite[start + 1 :], start + 1):
        if any(one.node is statement and one.place == write.place for one in every):
            return isinstance(statement, ast.Assign)
        if any(isinstance(node, ast.Call | ast.Return | ast.Raise | ast.Await) for node in ast.walk(suite[number])):
            return False
    return False


def settled(read: _Read, every: Sequence[_Write], module: Module) -> bool:
    """Whether the function itself has stored what it reads, and nothing else can have changed it since."""
    own = [
        one.node
        for one in every
        if one.function is read.function
        and isinstance(one.node, ast.Assign)
        and one.place.part in ("", read.place.part)
        and isinstance(one.node.targets[0], ast.Name | ast.Attribute | ast.Subscript)
    ]
    others = any(one.function is not read.function and one.carries for one in every)
    above = walk(module.tree).parents
    inner: ast.AST = read.node
    while inner is not read.function and inner in above:
        if isinstance(inner, ast.stmt):
            suite = suite_of(inner, module)
            before = suite[: suite.index(inner)]
            for number, statement in enumerate(before):
                if any(statement is one for one in own):
                    between = [node for one in before[number + 1 :] for node in ast.walk(one)]
                    return not (others and any(isinstance(node, ast.Call) for node in between))
        inner = above[inner]
    return False
