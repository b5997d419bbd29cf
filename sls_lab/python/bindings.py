"""What is bound to the names of one scope, and what changes it: the one answer for every room.

The rules are those of the standard library's `symtable`, which reads text and not trees; a test holds both to each
other (https://docs.python.org/3/reference/executionmodel.html#binding-of-names).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

from sls_lab.python.binding import Binding, BindingKind
from sls_lab.python.module import CallableNode, ComprehensionNode, NamespaceNode
from sls_lab.python.walking import body_of, own_nodes

# The methods of lists, sets, dicts and deques that put their last argument in, and those that take out or reorder.
_FILLING = frozenset(
    {"add", "append", "appendleft", "extend", "extendleft", "insert", "setdefault", "symmetric_difference_update"}
    | {"update"}
)
_EMPTYING = frozenset(
    {"clear", "difference_update", "discard", "intersection_update", "pop", "popitem", "popleft", "remove", "reverse"}
    | {"rotate", "sort"}
)


@dataclass(frozen=True, eq=False)
class Bindings:
    """The bindings of one scope.

    `every` has them in the order of the file, parameters first, `inner` those of comprehensions in the scope, whose
    targets are theirs alone. `local`, `globals` and `nonlocals` are the names that the body binds and declares. `star`
    says that it imports all names of some module, `generator` that it yields, `nested` that functions or comprehensions
    in it may see its variables, `plain` that it is left by its last statement alone.
    """

    every: tuple[Binding, ...] = ()
    inner: tuple[Binding, ...] = ()
    local: frozenset[str] = frozenset()
    globals: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()
    star: bool = False
    generator: bool = False
    nested: bool = False
    plain: bool = True
    #: the functions, classes and lambdas that are defined in the body
    definitions: tuple[NamespaceNode, ...] = ()
    #: local names that functions in the scope bind or change, or a later `from … import *` may bind
    changed_elsewhere: frozenset[str] = frozenset()
    #: names of scopes around that the body or functions in it bind or change, those declared `global` apart
    outward: frozenset[str] = frozenset()
    outward_global: frozenset[str] = frozenset()

    @cached_property
    def values(self) -> Mapping[str, Sequence[ast.expr | None]]:
        """What each name is bound to; None for what is not a plain `name = value` (a parameter, a loop)."""
        found: dict[str, list[ast.expr | None]] = {}
        for one in self.every:
            if one.binds and one.kind not in (BindingKind.DECLARED, BindingKind.DELETED):
                found.setdefault(one.name, []).append(one.value if one.kind is BindingKind.VALUE else None)
        return found

    @cached_property
    def stores(self) -> Mapping[str, Sequence[tuple[ast.expr, ast.expr]]]:
        """The `name[key] = value` of each name, as (key, value)."""
        found: dict[str, list[tuple[ast.expr, ast.expr]]] = {}
        for one in self.every:
            if one.kind is BindingKind.ITEM and one.key is not None and one.value is not None:
                found.setdefault(one.name, []).append((one.key, one.value))
        return found

    @cached_property
    def appends(self) -> Mapping[str, Sequence[ast.expr]]:
        """What is appended to each name."""
        found: dict[str, list[ast.expr]] = {}
        for one in self.every:
            if one.kind is BindingKind.ADDED and one.value is not None:
                found.setdefault(one.name, []).append(one.value)
        return found

    @cached_property
    def changed(self) -> frozenset[str]:
        """Names whose value is changed in other ways than `stores` and `appends`, here or by a function in here."""
        ways = {BindingKind.CHANGED, BindingKind.DELETED}
        own = {one.name for one in self.every if one.kind in ways}
        return frozenset(own | self.globals | self.nonlocals | self.changed_elsewhere)

    def once(self, name: str) -> ast.expr | None:
        """What `name` is bound to where that happens just once and as `name = value`."""
        values = self.values.get(name, ())
        return values[0] if len(values) == 1 else None

    def constant(self, name: str) -> ast.expr | None:
        """As `once`, where its value is not changed afterwards either."""
        if name in self.changed or name in self.stores or name in self.appends:
            return None
        return self.once(name)

    def stable(self, node: ast.expr) -> bool:
        """Whether every name in `node` has one binding here or none, so that it means the same everywhere."""
        return all(
            len(self.values.get(inner.id, ())) <= 1 and inner.id not in self.changed
            for inner in ast.walk(node)
            if isinstance(inner, ast.Name)
        )


_KNOWN: WeakKeyDictionary[ast.AST, Bindings] = WeakKeyDictionary()


def bindings(scope: NamespaceNode) -> Bindings:
    """The bindings of `scope`, collected once for as long as its tree lives; what is defined in it has its own."""
    known = _KNOWN.get(scope)
    if known is None:
        known = _KNOWN[scope] = _collected(scope)
    return known


def namespaces_within(scope: NamespaceNode) -> Iterator[NamespaceNode]:
    """`scope` and all that is defined in it; comprehensions, whose names `inner` has, are not given apart."""
    pending = [scope]
    while pending:
        inner = pending.pop()
        yield inner
        pending += reversed(bindings(inner).definitions)


def parameters_of(arguments: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    """The parameters with their defaults, in the order of the call."""
    positional = [*arguments.posonlyargs, *arguments.args]
    without: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    yield from zip(positional, [*without, *arguments.defaults], strict=True)
    if arguments.vararg is not None:
        yield arguments.vararg, None
    yield from zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    if arguments.kwarg is not None:
        yield arguments.kwarg, None


def _collected(scope: NamespaceNode) -> Bindings:
    found = _Collector()
    if isinstance(scope, CallableNode):
        for parameter, default in parameters_of(scope.args):
            found.add(parameter.arg, BindingKind.PARAMETER, parameter, default)
    if isinstance(scope, ComprehensionNode):
        for generator in scope.generators:
            found.bind(generator.target, generator, generator.iter, BindingKind.PART)
    else:
        for node in own_nodes(scope):
            found.visit(node)
    return found.bindings(scope)


@dataclass
class _Collector:
    every: list[Binding] = field(default_factory=list)
    inner: list[Binding] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    before_star: set[str] = field(default_factory=set)
    star: bool = False
    generator: bool = False
    comprehends: bool = False
    definitions: list[NamespaceNode] = field(default_factory=list)
    returns: list[ast.Return] = field(default_factory=list)
    #: the names that a statement around them has already given
    told: set[ast.Name] = field(default_factory=set)

    def add(
        self,
        name: str,
        kind: BindingKind,
        node: ast.AST,
        value: ast.expr | None = None,
        target: ast.expr | None = None,
        key: ast.expr | None = None,
    ) -> None:
        self.every.append(Binding(name, kind, node, value, target, key))

    def bindings(self, scope: NamespaceNode) -> Bindings:
        declared = self.globals | self.nonlocals
        local = frozenset(one.name for one in self.every if one.binds) - declared
        touched = {one.name for one in self.every}
        outward = {one.name for one in self.every if not one.binds} - local - self.globals
        outward |= self.nonlocals & touched
        outward_global = self.globals & touched
        below: set[str] = set()
        for definition in self.definitions:
            known = bindings(definition)
            below |= known.outward
            outward_global |= known.outward_global
        changed = self.before_star
        if isinstance(scope, ast.Module):
            changed = changed | below | outward_global
        elif not isinstance(scope, ast.ClassDef):  # what a class binds is not seen by its methods
            changed = changed | below
            below -= local
        return Bindings(
            every=tuple(self.every),
            inner=tuple(self.inner),
            local=local,
            globals=frozenset(self.globals),
            nonlocals=frozenset(self.nonlocals),
            star=self.star,
            generator=self.generator,
            nested=bool(self.definitions) or self.comprehends,
            definitions=tuple(self.definitions),
            plain=not self.returns or self.returns == body_of(scope)[-1:],
            changed_elsewhere=frozenset(changed & local),
            outward=frozenset(outward | below),
            outward_global=frozenset(outward_global),
        )

    def visit(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                if node not in self.told:
                    self.add(name, BindingKind.OTHER, node, target=node)
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=word)):
                self._method(name, word, node)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.bind(target, node, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self.bind(target, node, value)
            case ast.AnnAssign(target=ast.Name(id=name) as target, value=None):
                self.told.add(target)
                self.add(name, BindingKind.DECLARED, node, target=target)
            case ast.AugAssign(target=target, value=value):
                self._change(target, node, value)
            case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
                self.bind(target, node, value, BindingKind.PART)
            case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                self.bind(target, node, value, BindingKind.PART)
            case ast.comprehension(target=target, iter=value):
                self.comprehends = True
                part = _Collector(told=self.told)
                part.bind(target, node, value, BindingKind.PART)
                self.inner += part.every
            case ast.Match(subject=subject, cases=cases):
                for inner in (each for case in cases for each in ast.walk(case.pattern)):
                    self._capture(inner, subject)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._delete(target, node)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.add(name, BindingKind.OTHER, node)
                self.definitions.append(node)
            case ast.Lambda():
                self.definitions.append(node)
            case ast.ExceptHandler(name=str(name)):
                self.add(name, BindingKind.OTHER, node)
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name.partition(".")[0]
                    self._import(alias, alias.asname or top, (alias.name if alias.asname else top, 0, None))
            case ast.ImportFrom(module=module, names=names, level=level):
                for alias in names:
                    self._import(alias, alias.asname or alias.name, (module or "", level, alias.name))
            case ast.Global(names=names):
                self.globals.update(names)
            case ast.Nonlocal(names=names):
                self.nonlocals.update(names)
            case ast.Yield() | ast.YieldFrom():
                self.generator = True
            case ast.Return():
                self.returns.append(node)

    def _capture(self, pattern: ast.AST, subject: ast.expr) -> None:
        match pattern:
            case ast.MatchAs(pattern=ast.pattern() as inner, name=str(name)) if (value := _literal(inner)) is not None:
                self.add(name, BindingKind.VALUE, pattern, value)  # `case "a" | "b" as name` is one of the two
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                self.add(name, BindingKind.PART, pattern, subject)

    def bind(
        self, target: ast.expr, node: ast.AST, value: ast.expr | None, kind: BindingKind = BindingKind.VALUE
    ) -> None:
        """Note that `target` gets `value`, or with PART something of it."""
        match target:
            case ast.Name(id=name):
                self.told.add(target)
                self.add(name, kind, node, value, target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                pairs = _matched(targets, value) if kind is BindingKind.VALUE else None
                for inner, own in pairs or ((each, None) for each in targets):
                    if own is None:
                        self.bind(inner, node, value, BindingKind.PART)
                    else:
                        self.bind(inner, node, own)
            case ast.Starred(value=inner):
                self.bind(inner, node, value, BindingKind.PART)
            case ast.Subscript(value=ast.Name(id=name), slice=key) if kind is BindingKind.VALUE:
                self.add(name, BindingKind.ITEM, node, value, target, key)
            case ast.Attribute(value=ast.Name(id=name)):
                self.add(name, BindingKind.ATTRIBUTE, node, value, target)
            case _:
                self._change(target, node, value)

    def _change(self, target: ast.expr, node: ast.AST, value: ast.expr | None) -> None:
        root = root_of(target)
        if root is not None:
            self.told.add(root)
            self.add(root.id, BindingKind.CHANGED, node, value, target)

    def _delete(self, target: ast.expr, node: ast.AST) -> None:
        match target:
            case ast.Name(id=name):
                self.add(name, BindingKind.DELETED, node, target=target)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for inner in targets:
                    self._delete(inner, node)
            case _:
                self._change(target, node, None)

    def _import(self, alias: ast.alias, name: str, imported: tuple[str, int, str | None]) -> None:
        if alias.name == "*":
            self.star = True
            self.before_star |= {one.name for one in self.every}
        else:
            self.every.append(Binding(name, BindingKind.OTHER, alias, imported=imported))

    def _method(self, name: str, word: str, node: ast.Call) -> None:
        if word == "append" and len(node.args) == 1:
            self.add(name, BindingKind.ADDED, node, node.args[0], node.func)
        elif word == "update" and len(node.args) <= 1 and all(keyword.arg for keyword in node.keywords):
            for argument in node.args:
                if isinstance(argument, ast.Dict) and all(argument.keys):
                    for key, value in zip(argument.keys, argument.values, strict=True):
                        self.add(name, BindingKind.ITEM, node, value, node.func, key)
                else:
                    self.add(name, BindingKind.CHANGED, node, argument, node.func)
            for keyword in node.keywords:
                self.add(name, BindingKind.ITEM, node, keyword.value, node.func, ast.Constant(keyword.arg))
        elif word in _FILLING:
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            self.add(name, BindingKind.CHANGED, node, given[-1] if given else None, node.func)
        elif word in _EMPTYING:
            self.add(name, BindingKind.CHANGED, node, target=node.func)


def _literal(pattern: ast.pattern) -> ast.expr | None:
    """The expression of a pattern that is nothing but literals: `"a"`, `"a" or "b"`."""
    match pattern:
        case ast.MatchValue(value=ast.Constant() as value):
            return value
        case ast.MatchOr(patterns=patterns):
            found = [literal for one in patterns if (literal := _literal(one)) is not None]
            either = ast.copy_location(ast.BoolOp(ast.Or(), found), pattern)
            return either if len(found) == len(patterns) else None
    return None


def root_of(target: ast.expr) -> ast.Name | None:
    """The variable that `x[…].y` is a part of; None if that is not a variable."""
    root = target
    while isinstance(root, ast.Subscript | ast.Attribute | ast.Starred):
        root = root.value
    return root if isinstance(root, ast.Name) else None


def _matched(targets: list[ast.expr], value: ast.expr | None) -> list[tuple[ast.expr, ast.expr | None]] | None:
    """Each target of `a, b = x, y` with its own value, None where they cannot be matched."""
    if not isinstance(value, ast.Tuple | ast.List) or len(value.elts) != len(targets):
        return None
    if any(isinstance(one, ast.Starred) for one in (*targets, *value.elts)):
        return None
    return list(zip(targets, value.elts, strict=True))
