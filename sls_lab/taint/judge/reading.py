"""What the source around one call shows of its strings and lists."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sls_lab.facts import Reason, Span
from sls_lab.python.binding import Binding, BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.names import meanings
from sls_lab.python.pieces import Alternatives, Piece, Pieces
from sls_lab.python.positions import span_of
from sls_lab.python.scopes import owner, resolve, scopes_around
from sls_lab.python.walking import reads, walk
from sls_lab.taint.judge.call_arguments import arguments_given, default_of, is_bound
from sls_lab.taint.judge.definitions import Defined, Meanings
from sls_lab.taint.judge.flow_source import FlowSource
from sls_lab.taint.read.dataflow import Held

#: Lists are followed down to this depth only; names may be defined by each other.
_DEPTH: Final = 12
#: Functions that are given a list are followed through so many that they call.
_CALLED: Final = 3
#: What may be given a list and leaves it as it is.
_READERS: Final = frozenset(
    f"builtins.{name}"
    for name in ("len", "print", "str", "repr", "list", "tuple", "set", "sorted", "enumerate", "zip", "any", "all")
)
_LOGGING: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """An expression with the scopes whose names it sees, the innermost first."""

    node: ast.expr
    scopes: tuple[NamespaceNode, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first elements of a list; `open` says that others may follow."""

    words: tuple[Leaf, ...]
    open: bool


class Reading:
    """Reads the arguments of one call: names mean the one expression that gives them their value.

    `held` says where the data is in the function around the call; without it, all that is not known may be data.
    """

    #: In a string, represents a part that the data does not choose and that is not known here, such as a setting.
    SETTING: Final = "\ue000"
    #: Stands for the end of what is known.
    _END: Final = "\ue001"

    def __init__(
        self,
        call: ast.AST,
        module: Module,
        known: Meanings | None = None,
        held: Held | None = None,
        source: FlowSource | None = None,
    ) -> None:
        """`module` is the one of the call, `known` what the names of the application mean, `source` the flow's."""
        self.source = source
        self._call = call
        self._module = module
        self._known = known or Meanings({module.file: module})
        self._scopes = scopes_around(module, call)
        # Where no argument seems to carry the data it takes a path that the source does not show.
        given = ast.iter_child_nodes(call) if isinstance(call, ast.Call) else [call]
        self._held = held if held is not None and any(map(held.carries, given)) else None
        self._caller: tuple[Reading, ast.Call, ast.FunctionDef | ast.AsyncFunctionDef] | None = None

    def within(
        self,
        module: Module,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        held: frozenset[str],
        called: ast.Call | None = None,
    ) -> Reading:
        """The same application, as read in another function, of whose parameters `held` have the data.

        `called` is the call here that leads into it, where one is known.
        """
        other = Reading(function, module, self._known)
        other._held = Held(function, held)
        other._caller = (self, called, function) if called is not None else None
        return other

    def given(self, leaf: Leaf) -> tuple[Leaf, Reading] | None:
        """What the call that leads into the function gives a parameter of it; None for everything else."""
        if self._caller is None or not isinstance(leaf.node, ast.Name):
            return None
        outer, called, function = self._caller
        found = self.bindings_of(leaf)
        if leaf.scopes[0] is not function or any(one.kind is not BindingKind.PARAMETER for one in found) or not found:
            return None
        argument = arguments_given(called, function, bound=is_bound(called, function)).get(leaf.node.id)
        if argument is not None:
            return Leaf(argument, outer.scopes_of(argument)), outer
        default = default_of(function, leaf.node.id)
        return None if default is None else (Leaf(default, leaf.scopes[1:]), self)

    def reason(self, words: str, at: Leaf | Piece | None = None) -> Reason:
        """A reason with the place of an expression, in whichever module that is, or of the call itself."""
        return Reason(words, self.span(self._call, self._scopes) if at is None else self.span(at.node, at.scopes))

    def span(self, node: ast.AST, scopes: tuple[NamespaceNode, ...]) -> Span:
        """Where a node is that sees the names of `scopes`; the call, where it has no place of its own."""
        if not hasattr(node, "lineno"):  # it was read off a format string
            return span_of(self._module, self._call)
        return span_of(self._around(scopes), node)

    def meant(self, leaf: Leaf) -> Defined | None:
        """The definition of the application that an expression means; None where it may be anything else."""
        return self._known.meant(leaf.node, leaf.scopes)

    def reassigns(self, attribute: str, but_for: ast.AST, holder: ast.ClassDef | None = None) -> bool:
        """Whether anything but what `but_for` does gives an attribute of this name, of a `holder`, another value."""
        return self._known.assigns(attribute, but_for, holder)

    def is_overridden(self, method: str, name: str) -> bool:
        """Whether a class of the application below one of this name has a method of its own instead."""
        return self._known.is_overridden(method, name)

    def leaf(self, expression: ast.expr) -> Leaf:
        """An expression of the call itself."""
        return Leaf(expression, self._scopes)

    def scopes_of(self, node: ast.AST) -> tuple[NamespaceNode, ...]:
        """The scopes whose names an expression of the module sees."""
        return scopes_around(self._module, node)

    def meanings(self, leaf: Leaf) -> frozenset[str]:
        """The library names that an expression may mean; empty where it may be something of the application."""
        return meanings(leaf.node, leaf.scopes, self._known.own_names)

    def _around(self, scopes: tuple[NamespaceNode, ...]) -> Module:
        return self._known.module(scopes) or self._module

    def means(self, leaf: Leaf, names: Collection[str]) -> bool:
        """Whether an expression means one of these names, and nothing else."""
        found = self.meanings(leaf)
        return bool(found) and found <= frozenset(names)

    def called(self, expression: ast.expr | None) -> str | None:
        """The last name of what a call calls, as its library has it; None where it has no name.

        A variable may hold any function, whatever it is called itself.
        """
        if expression is None:
            return None
        found = {name.rpartition(".")[2] for name in self.meanings(self.leaf(expression))}
        if len(found) == 1:
            return found.pop()
        match expression:
            case ast.Name(id=name):
                scope = owner(name, self._scopes)
                imported = scope is None or any(
                    one.name == name and one.imported is not None for one in bindings(scope).every
                )
                return name if imported else None
            case ast.Attribute(attr=name):
                return name
        return None

    def carries(self, node: ast.AST) -> bool:
        """Whether an expression may hold something of the data."""
        return self._held is None or self._held.carries(node)

    def carries_argument(self, name: str) -> bool:
        """Whether an argument of the call, given by its name, may hold something of the data."""
        given = self._call.keywords if isinstance(self._call, ast.Call) else []
        return any(one.arg == name and self.carries(one.value) for one in given)

    def is_data(self, piece: Piece) -> bool:
        """Whether a part of a string may be of the data; what is written out and settings of the deployment are not."""
        return not piece.fixed and self.carries(piece.node)

    def is_parameter(self, leaf: Leaf) -> bool:
        """Whether an expression is no more than a parameter of the function around it."""
        return any(one.kind is BindingKind.PARAMETER for one in self.bindings_of(leaf))

    def bindings_of(self, leaf: Leaf) -> tuple[Binding, ...]:
        """All places that bind or change what a name holds; none for other expressions."""
        if not isinstance(leaf.node, ast.Name):
            return ()
        name, scope = leaf.node.id, owner(leaf.node.id, leaf.scopes)
        return tuple(one for one in bindings(scope).every if one.name == name) if scope is not None else ()

    def resolved(self, leaf: Leaf) -> Leaf:
        """The value of a name that has just one, in this module or another, else the expression itself."""
        found = Leaf(*resolve(leaf.node, leaf.scopes))
        if isinstance(found.node, ast.Name | ast.Attribute):
            meant = self.meant(found)
            if meant is not None and isinstance(meant.node, ast.expr):
                return Leaf(*resolve(meant.node, (meant.module.tree,)))
        return found

    def strings(self, leaf: Leaf) -> Alternatives:
        """The strings that an expression may be, each in pieces."""
        return self._known.strings.alternatives(leaf.node, leaf.scopes, self._around(leaf.scopes))

    def text(self, leaf: Leaf | None) -> str | None:
        """The string that an expression is, where all of it is written out."""
        return None if leaf is None else self._known.strings.text(leaf.node, leaf.scopes, self._around(leaf.scopes))

    def leading(self, pieces: Pieces) -> str:
        """The beginning of a string up to the first part that may be data; what is not the data's is `SETTING`."""
        known = []
        for piece in pieces:
            if self.is_data(piece):
                known.append(self._END)
                break
            known.append(self.SETTING if piece.text is None else piece.text)
        return "".join(known)

    def whole(self, leaf: Leaf) -> bool:
        """Whether no part of a string may be data."""
        return not any(self.is_data(piece) for pieces in self.strings(leaf) for piece in pieces)

    def list_of(self, leaf: Leaf | None) -> Beginning | None:
        """The beginning of a list as far as it is written out; None if it is not a list or may be changed."""
        if leaf is None:
            return None
        changes: list[Binding] = []
        for _ in range(_DEPTH):
            if not isinstance(leaf.node, ast.Name):
                break
            found = self._made(leaf.node.id, leaf.scopes)
            if found is None:
                return None
            leaf, more = found
            changes += more
        match leaf.node:
            case ast.BinOp(op=ast.Add(), left=left):
                first = self.list_of(Leaf(left, leaf.scopes))
                return None if first is None else _changed(Beginning(first.words, True), changes)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                stars = [at for at, element in enumerate(elements) if isinstance(element, ast.Starred)]
                known = elements[: stars[0]] if stars else elements
                words = tuple(Leaf(element, leaf.scopes) for element in known)
                return _changed(Beginning(words, bool(stars)), changes)
        return None

    def is_left_alone(self, leaf: Leaf) -> bool:
        """Whether a name is a variable of a function, and nothing is given it but what leaves it as it is."""
        scope = owner(leaf.node.id, leaf.scopes) if isinstance(leaf.node, ast.Name) else None
        if not isinstance(leaf.node, ast.Name) or not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        return self._only_read(leaf.node.id, scope, leaf.scopes)

    def _made(self, name: str, scopes: tuple[NamespaceNode, ...]) -> tuple[Leaf, list[Binding]] | None:
        """What makes the list that a name holds, and what changes it; None where other things may."""
        scope = owner(name, scopes)
        if scope is None or name in bindings(scope).changed_elsewhere or not self._only_read(name, scope, scopes):
            return None
        origin = self._known.origin(name, scopes)
        if origin is not None:
            return self._made(origin[1], (origin[0].tree,))
        found = [one for one in bindings(scope).every if one.name == name and one.kind is not BindingKind.DECLARED]
        made = [one for one in found if one.binds and not isinstance(one.node, ast.AugAssign)]
        if len(made) != 1 or made[0].kind is not BindingKind.VALUE or made[0].value is None:
            return None
        return Leaf(made[0].value, scopes[scopes.index(scope) :]), [one for one in found if one is not made[0]]

    def _only_read(
        self, name: str, scope: NamespaceNode, scopes: tuple[NamespaceNode, ...], depth: int = _CALLED
    ) -> bool:
        """Whether nothing is given the list that `name` holds but what leaves it as it is."""
        above = walk(self._around(scopes).tree).parents
        module = self._around(scopes)
        return all(self._leaves_alone(node, above, module, depth) for node in reads(scope).get(name, ()))

    def _leaves_alone(self, node: ast.Name, above: Mapping[ast.AST, ast.AST], module: Module, depth: int) -> bool:
        parent = above.get(node)
        parent = above.get(parent) if isinstance(parent, ast.keyword) else parent
        match parent:
            case ast.Call(func=function):
                if parent is self._call or self._reads_argument(parent, node, module, depth):
                    return True
                if any(keyword.value is node for keyword in parent.keywords):
                    return False
                names = meanings(function, scopes_around(module, parent), self._known.own_names)
                if names and (names <= _READERS or all(one.startswith("subprocess.") for one in names)):
                    return True
                return isinstance(function, ast.Attribute) and function.attr in {*_LOGGING, "join"}
            case ast.Attribute() | ast.Subscript():
                return True  # what changes the list by them is a binding of the name
            case ast.BinOp() | ast.Compare() | ast.Starred() | ast.FormattedValue() | ast.For() | ast.comprehension():
                return True
        return isinstance(parent, ast.If | ast.While | ast.UnaryOp | ast.Assert)

    def _reads_argument(self, call: ast.Call, node: ast.Name, module: Module, depth: int) -> bool:
        """Whether a function of the application that is given the list does no more than to read it."""
        found = self._known.meant(call.func, scopes_around(module, call)) if depth else None
        if found is None or not isinstance(found.node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
        function, scopes = found.node, (found.node, found.module.tree)
        given = arguments_given(call, function, bound=is_bound(call, function))
        names = [name for name, argument in given.items() if argument is node]
        kept = (one.kind is BindingKind.PARAMETER for one in bindings(function).every if one.name in names)
        return bool(names) and all(kept) and all(self._only_read(one, function, scopes, depth - 1) for one in names)


def _changed(beginning: Beginning, changes: Sequence[Binding]) -> Beginning | None:
    """What stays of a list's beginning: what is added at its end leaves it, an element that is replaced ends it."""
    words = beginning.words
    for change in changes:
        match change:
            case Binding(kind=BindingKind.ADDED):
                pass
            case Binding(node=ast.AugAssign(op=ast.Add(), target=ast.Name())):
                pass
            case Binding(kind=BindingKind.CHANGED, node=ast.Call(), target=ast.Attribute(attr="extend")):
                pass
            case Binding(kind=BindingKind.ITEM, key=ast.Constant(value=int(index))) if index >= 0:
                words = words[:index]
            case _:
                return None
    return Beginning(words, beginning.open or bool(changes))
