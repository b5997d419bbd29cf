"""What can be read off the text around one call about its strings and lists."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from sls_lab.python.bindings import Binding, BindingKind, bindings
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.names import meanings
from sls_lab.python.scopes import owner, scopes_around
from sls_lab.python.walking import walk
from sls_lab.taint.read.dataflow import Held

#: Deeper than this no expression is followed; names may be defined by each other.
_DEPTH: Final = 12
#: `%s` and its likes (https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting).
_CONVERSION: Final = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z%])"
)
#: The classes of paths.
PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"})
_JOINS: Final = frozenset({"os.path.join", "posixpath.join"})
_GETTERS: Final = frozenset({"os.getenv", "os.environ.get"})
#: What may be given a list and leaves it as it is.
_READERS: Final = frozenset(
    f"builtins.{name}"
    for name in ("len", "print", "str", "repr", "list", "tuple", "set", "sorted", "enumerate", "zip", "any", "all")
)
_LOGGING: Final = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of which a string or path is put together. `scopes` are those whose names it sees, the innermost first."""

    node: ast.expr
    scopes: tuple[NamespaceNode, ...] = field(repr=False)

    @property
    def text(self) -> str | None:
        """The string where it is written out."""
        return self.node.value if isinstance(self.node, ast.Constant) and isinstance(self.node.value, str) else None


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first elements of a list; `open` says that others may follow."""

    words: tuple[Leaf, ...]
    open: bool


class Reading:
    """Reads the arguments of one call: names stand for the one expression that gives them their value.

    `held` tells where the data is in the function around the call; without it, all that is not known may be data.
    """

    #: Stands in a text for a part that is not the data's to choose and not known here, such as a setting.
    SETTING: Final = "\ue000"
    #: Stands for the end of what is known.
    _END: Final = "\ue001"

    def __init__(self, call: ast.Call, module: Module, own: Collection[str] = (), held: Held | None = None) -> None:
        """`own` are the names of the application's modules."""
        self._call = call
        self._module = module
        self._own = own
        self._scopes = scopes_around(module, call)
        # Where no argument seems to carry the data it comes by a way that the text does not show.
        given = [*call.args, *(keyword.value for keyword in call.keywords), call.func]
        self._held = held if held is not None and any(map(held.carries, given)) else None

    def leaf(self, expression: ast.expr) -> Leaf:
        """An expression of the call itself."""
        return Leaf(expression, self._scopes)

    def meanings(self, leaf: Leaf) -> frozenset[str]:
        """The library names that an expression may stand for; empty where it may be something of the application."""
        return meanings(leaf.node, self._module, leaf.scopes, self._own)

    def means(self, leaf: Leaf, names: Collection[str]) -> bool:
        """Whether an expression stands for one of these names, and for nothing else."""
        found = self.meanings(leaf)
        return bool(found) and found <= frozenset(names)

    def called(self, expression: ast.expr | None) -> str | None:
        """The last name of what a call calls, as its library has it; None where it has no name."""
        if expression is None:
            return None
        found = {name.rpartition(".")[2] for name in self.meanings(self.leaf(expression))}
        if len(found) == 1:
            return found.pop()
        match expression:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return name
        return None

    def is_data(self, leaf: Leaf) -> bool:
        """Whether a part may be of the data; what is written out and settings of the deployment are not."""
        if isinstance(leaf.node, ast.Constant) or self.is_setting(leaf):
            return False
        return self._held is None or self._held.carries(leaf.node)

    def is_setting(self, leaf: Leaf) -> bool:
        """Whether the value is one of the environment: `os.environ[…]`, `os.environ.get(…)`, `os.getenv(…)`."""
        match leaf.node:
            case ast.Subscript(value=value):
                return self.means(Leaf(value, leaf.scopes), {"os.environ"})
            case ast.Call(func=function):
                return self.means(Leaf(function, leaf.scopes), _GETTERS)
        return False

    def is_parameter(self, leaf: Leaf) -> bool:
        """Whether an expression is no more than a parameter of the function around it."""
        if not isinstance(leaf.node, ast.Name):
            return False
        name, scope = leaf.node.id, owner(leaf.node.id, leaf.scopes)
        every = bindings(scope).every if scope is not None else ()
        return any(one.name == name and one.kind is BindingKind.PARAMETER for one in every)

    def resolved(self, leaf: Leaf) -> Leaf:
        """What a name with one value stands for, else the expression itself."""
        for _ in range(_DEPTH):
            if not isinstance(leaf.node, ast.Name):
                break
            scope = owner(leaf.node.id, leaf.scopes)
            found = None if scope is None else bindings(scope).constant(leaf.node.id)
            if scope is None or found is None:
                break
            leaf = Leaf(found, leaf.scopes[leaf.scopes.index(scope) :])
        return leaf

    def text(self, leaf: Leaf | None) -> str | None:
        """The string that an expression is, where all of it is written out."""
        if leaf is None:
            return None
        leading = self.leading(leaf)
        return None if self._END in leading or self.SETTING in leading else leading

    def leading(self, leaf: Leaf) -> str:
        """The beginning of a string up to the first part that may be data; what is not the data's is `SETTING`."""
        pieces = []
        for one in self.leaves(leaf):
            if one.text is None and self.is_data(one):
                pieces.append(self._END)
                break
            pieces.append(self.SETTING if one.text is None else one.text)
        return "".join(pieces)

    def whole(self, leaf: Leaf) -> bool:
        """Whether no part of a string may be data."""
        return self._END not in self.leading(leaf)

    def leaves(self, leaf: Leaf, depth: int = _DEPTH) -> list[Leaf]:
        """The parts of which a string or path is put together, in order, names replaced by what they stand for."""
        leaf = self.resolved(leaf)
        parts = self._parts(leaf) if depth else None
        if parts is None:
            return [leaf]
        return [inner for part in parts for inner in self.leaves(Leaf(part, leaf.scopes), depth - 1)]

    def list_of(self, leaf: Leaf | None) -> Beginning | None:
        """The beginning of a list as far as it is written out; None where it is no list, or one that may be changed."""
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

    def _made(self, name: str, scopes: tuple[NamespaceNode, ...]) -> tuple[Leaf, list[Binding]] | None:
        """What makes the list that a name holds, and what changes it; None where other things may."""
        scope = owner(name, scopes)
        if scope is None or name in bindings(scope).changed_elsewhere or not self._only_read(name, scope):
            return None
        found = [one for one in bindings(scope).every if one.name == name and one.kind is not BindingKind.DECLARED]
        made = [one for one in found if one.binds and not isinstance(one.node, ast.AugAssign)]
        if len(made) != 1 or made[0].kind is not BindingKind.VALUE or made[0].value is None:
            return None
        return Leaf(made[0].value, scopes[scopes.index(scope) :]), [one for one in found if one is not made[0]]

    def _only_read(self, name: str, scope: NamespaceNode) -> bool:
        """Whether nothing is given the list that `name` holds but what leaves it as it is."""
        above = walk(self._module.tree).parents
        return all(
            self._leaves_alone(node, above.get(node))
            for node in ast.walk(scope)
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load)
        )

    def _leaves_alone(self, node: ast.Name, parent: ast.AST | None) -> bool:
        match parent:
            case ast.keyword():
                return any(keyword is parent for keyword in self._call.keywords)
            case ast.Call(func=function):
                if parent is self._call:
                    return True
                names = meanings(function, self._module, scopes_around(self._module, parent), self._own)
                if names and (names <= _READERS or all(one.startswith("subprocess.") for one in names)):
                    return True
                return isinstance(function, ast.Attribute) and function.attr in {*_LOGGING, "join"}
            case ast.Attribute() | ast.Subscript():
                return True  # what changes the list by them is a binding of the name
            case ast.BinOp() | ast.Compare() | ast.Starred() | ast.FormattedValue() | ast.For() | ast.comprehension():
                return True
        return isinstance(parent, ast.If | ast.While | ast.UnaryOp | ast.Assert)

    def _parts(self, leaf: Leaf) -> list[ast.expr] | None:
        """The parts that an expression puts together in order; None where it does something else."""
        match leaf.node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return [left, right]
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return [left, ast.Constant("/"), right]
            case ast.JoinedStr(values=values):
                return list(values)
            case ast.FormattedValue(value=value):
                return [value]
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                template = self._written(Leaf(left, leaf.scopes))
                return None if template is None else _by_percent(template, right)
            case ast.Call(func=ast.Attribute(value=value, attr="format"), args=args, keywords=keywords):
                template = self._written(Leaf(value, leaf.scopes))
                return None if template is None else _by_format(template, args, keywords)
            case ast.Call(func=ast.Attribute(attr="strip" | "lower" | "upper", value=inner), args=[]):
                return [inner]
            case ast.Call(func=function, args=[_, *_] as args, keywords=[]):
                called = Leaf(function, leaf.scopes)
                if len(args) == 1 and self.means(called, {"builtins.str"}):
                    return args
                joins = self.means(called, _JOINS | PATHS)
                return _slashed(args) if joins and not any(isinstance(one, ast.Starred) for one in args) else None
        return None

    def _written(self, leaf: Leaf) -> str | None:
        return self.resolved(leaf).text


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


def _slashed(parts: list[ast.expr]) -> list[ast.expr]:
    pieces = [piece for part in parts for piece in (ast.Constant("/"), part)]
    return pieces[1:]


def _by_percent(template: str, right: ast.expr) -> list[ast.expr] | None:
    """The parts of `template % right`, None where they cannot be told."""
    named: dict[object, ast.expr] = {}
    if isinstance(right, ast.Dict):
        for key, value in zip(right.keys, right.values, strict=True):
            if isinstance(key, ast.Constant):
                named[key.value] = value
    given = iter(right.elts if isinstance(right, ast.Tuple) else [right])
    parts: list[ast.expr] = []
    end = 0
    for found in _CONVERSION.finditer(template):
        parts.append(ast.Constant(template[end : found.start()]))
        end = found.end()
        if found["kind"] == "%":
            parts.append(ast.Constant("%"))
            continue
        part = next(given, None) if found["key"] is None else named.get(found["key"], right)
        if part is None or "*" in found[0] or isinstance(part, ast.Starred):
            return None
        parts.append(part)
    return [*parts, ast.Constant(template[end:])]


def _by_format(template: str, args: list[ast.expr], keywords: list[ast.keyword]) -> list[ast.expr] | None:
    """The parts of `template.format(…)`, None where they cannot be told."""
    named = {keyword.arg: keyword.value for keyword in keywords if keyword.arg}
    parts: list[ast.expr] = []
    try:
        for text, name in _fields(template):
            parts.append(ast.Constant(text))
            if name is None:
                continue
            key = re.split(r"[.\[]", name, maxsplit=1)[0]
            value = args[int(key)] if key.isdigit() and int(key) < len(args) else named.get(key)
            if value is None or isinstance(value, ast.Starred):
                return None
            parts.append(value)
    except ValueError:
        return None
    return parts


def _fields(template: str) -> Iterator[tuple[str, str | None]]:
    """The texts of a format string with the name of the field after each; those without a name have their number."""
    counted = 0
    for text, name, _, _ in string.Formatter().parse(template):
        if name is not None and not re.split(r"[.\[]", name, maxsplit=1)[0]:
            name, counted = f"{counted}{name}", counted + 1
        yield text, name
