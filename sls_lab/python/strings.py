"""What string an expression is, as far as the source of the application shows: the one answer for every room.

Literals, what is put together from them, constants of this and other modules, and settings of the deployment. The
interpreter of the code room knows more (parameters, results of functions); where it looked at an expression, `ask`
hands its answer in, and it counts.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sls_lab.facts import Pattern
from sls_lab.python import format_templates as templates
from sls_lab.python.binding import Binding, BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.imported import Modules
from sls_lab.python.module import Module, NamespaceNode
from sls_lab.python.names import dotted
from sls_lab.python.pieces import (
    CHANGING,
    Alternatives,
    Piece,
    Pieces,
    any_of,
    as_path,
    changed,
    combined,
    concatenated,
    hole,
    setting,
)
from sls_lab.python.scopes import owner, resolve

#: Deeper expressions are not looked at; names may be made of each other.
MAX_DEPTH = 40

_PATHS = frozenset({"Path", "PurePath", "PosixPath", "PurePosixPath"})
#: Functions whose result is the string that they are given, or the path that they put together.
_JOINING = frozenset({f"pathlib.{name}" for name in _PATHS} | {"os.path.join", "posixpath.join"})
#: https://docs.python.org/3/library/enum.html
_ENUMERATIONS = frozenset(f"enum.{name}" for name in ("Enum", "StrEnum", "IntEnum", "ReprEnum"))
_MADE_OTHERWISE = frozenset({"__init__", "__new__", "_value_", "name", "value"})
_KEEPING = frozenset({"builtins.str", "os.fspath", "os.fsdecode"})
_SETTINGS = frozenset({"os.getenv", "os.environ.get", "os.environ.setdefault", "os.environ.pop"})
#: What is known elsewhere of an expression: its strings, or another expression to look at in its place.
Asked = Sequence[Pattern] | ast.expr | None


@dataclass(frozen=True, slots=True)
class _At:
    """Where an expression is looked at: in which scopes, the innermost first, of which module."""

    scopes: tuple[NamespaceNode, ...]
    module: Module | None


class Strings:
    """Looks up the strings of expressions.

    `modules` are the files that imports may mean. `ask` is given each expression first. With `defaults`, a parameter
    has its default, which is mostly what it is given.
    """

    def __init__(
        self,
        modules: Mapping[str, Module] | None = None,
        ask: Callable[[ast.expr], Asked] | None = None,
        *,
        defaults: bool = False,
    ) -> None:
        """Nothing is looked up before it is asked for."""
        self._modules = Modules(modules or {})
        self._ask = ask
        self._defaults = defaults
        self._names: dict[tuple[NamespaceNode, str], Alternatives] = {}

    def alternatives(
        self, expression: ast.expr, scopes: Sequence[NamespaceNode], module: Module | None = None
    ) -> Alternatives:
        """The strings that `expression` may be, each in pieces, as seen from `scopes` of `module`."""
        return self._look(expression, _At(tuple(scopes), module), MAX_DEPTH)

    def pieces(self, expression: ast.expr, scopes: Sequence[NamespaceNode], module: Module | None = None) -> Pieces:
        """The one string that `expression` is, in pieces; one hole where it may be several."""
        found = self.alternatives(expression, scopes, module)
        return found[0] if len(found) == 1 else hole(expression, tuple(scopes))

    def patterns(
        self, expression: ast.expr, scopes: Sequence[NamespaceNode], module: Module | None = None
    ) -> tuple[Pattern, ...]:
        """As `alternatives`, as patterns."""
        found = self.alternatives(expression, scopes, module)
        return tuple(dict.fromkeys(Pattern.of(*(piece.known for piece in pieces)) for pieces in found))

    def text(self, expression: ast.expr, scopes: Sequence[NamespaceNode], module: Module | None = None) -> str | None:
        """The string that `expression` is, where it is known in full."""
        found = self.patterns(expression, scopes, module)
        return found[0].text if len(found) == 1 else None

    def _look(self, node: ast.expr, at: _At, depth: int) -> Alternatives:
        if depth <= 0:
            return (hole(node, at.scopes),)
        asked = self._ask(node) if self._ask is not None else None
        if isinstance(asked, ast.expr):
            return self._look(asked, at, depth - 1)
        if asked:
            return tuple(tuple(Piece(part, node, at.scopes) for part in pattern.parts) for pattern in asked)
        return self._written(node, at, depth - 1)

    def _written(self, node: ast.expr, at: _At, depth: int) -> Alternatives:
        match node:
            case ast.Constant(value=str(text)):
                return ((Piece(text, node, at.scopes),),) if text else ((),)
            case ast.NamedExpr(value=value):
                return self._look(value, at, depth)
            case ast.JoinedStr(values=values):
                return combined(node, at.scopes, [self._look(value, at, depth) for value in values], concatenated)
            case ast.FormattedValue(value=value, conversion=-1 | 115, format_spec=None):
                return self._shown(value, at, depth)
            case ast.FormattedValue(value=value):
                return (hole(value, at.scopes),)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return combined(
                    node, at.scopes, [self._look(left, at, depth), self._look(right, at, depth)], concatenated
                )
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return combined(node, at.scopes, [self._look(left, at, depth), self._look(right, at, depth)], as_path)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self._filled(node, left, templates.percent(right), at, depth)
            case ast.IfExp(body=body, orelse=other):
                return any_of(node, at.scopes, [self._look(body, at, depth), self._look(other, at, depth)])
            case ast.BoolOp(op=ast.Or(), values=values):
                return any_of(node, at.scopes, [self._look(value, at, depth) for value in values])
            case ast.Name(id=name):
                return self._variable(node, name, at, depth)
            case ast.Attribute():
                return self._attribute(node, at, depth)
            case ast.Subscript():
                return self._item(node, at, depth)
            case ast.Call():
                return self._called(node, at, depth)
        return (hole(node, at.scopes),)

    def _shown(self, node: ast.expr, at: _At, depth: int) -> Alternatives:
        """What `str(node)` is."""
        match node:
            case ast.Constant(value=bool() | int() | float() | None):
                return ((Piece(str(node.value), node, at.scopes),),)
        return self._look(node, at, depth)

    def _filled(self, node: ast.expr, template: ast.expr, fill: templates.Fill, at: _At, depth: int) -> Alternatives:
        """A template with values put in its places."""
        found = self._look(template, at, depth)
        if len(found) != 1 or not all(piece.text is not None for piece in found[0]):
            return (hole(node, at.scopes),)
        parts: list[Alternatives] = []
        for part in fill("".join(piece.text or "" for piece in found[0])):
            match part:
                case str():
                    parts.append(((Piece(part, template, at.scopes),),))
                case templates.Shown(value=value):
                    parts.append(self._shown(value, at, depth))
                case _:
                    parts.append((hole(part or node, at.scopes),))
        return combined(node, at.scopes, parts, concatenated)

    def _called(self, node: ast.Call, at: _At, depth: int) -> Alternatives:
        name = dotted(node.func, at.scopes)
        plain = not node.keywords and not any(isinstance(one, ast.Starred) for one in node.args)
        if name in _SETTINGS:
            return (setting(node, at.scopes),)
        if (
            name == "tempfile.gettempdir"
        ):  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
            return ((Piece("/tmp", node, at.scopes),),)
        if name in _JOINING and node.args and plain:
            return combined(node, at.scopes, [self._look(part, at, depth) for part in node.args], as_path)
        if name in _KEEPING and len(node.args) == 1 and plain:
            return self._shown(node.args[0], at, depth)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func.value, node.func.attr, at, depth)
        return (hole(node, at.scopes),)

    def _method(self, node: ast.Call, receiver: ast.expr, name: str, at: _At, depth: int) -> Alternatives:
        if name == "format":
            return self._filled(node, receiver, templates.braces(node), at, depth)
        if name == "join" and len(node.args) == 1 and not node.keywords:
            return self._joined(node, receiver, node.args[0], at, depth)
        if name == "as_posix" and not node.args:
            return self._look(receiver, at, depth)
        if name in CHANGING and not node.keywords:
            given = [self.text(argument, at.scopes, at.module) for argument in node.args]
            if None not in given:
                arguments = [one for one in given if one is not None]
                return tuple(changed(node, at.scopes, name, arguments, one) for one in self._look(receiver, at, depth))
        return (hole(node, at.scopes),)

    def _joined(self, node: ast.Call, separator: ast.expr, given: ast.expr, at: _At, depth: int) -> Alternatives:
        display, inner = resolve(given, at.scopes)
        if not isinstance(display, ast.List | ast.Tuple) or any(isinstance(one, ast.Starred) for one in display.elts):
            return (hole(node, at.scopes),)
        parts: list[Alternatives] = []
        for element in display.elts:
            if parts:
                parts.append(self._look(separator, at, depth))
            parts.append(self._look(element, _At(inner, at.module), depth))
        return combined(node, at.scopes, parts, concatenated)

    def _item(self, node: ast.Subscript, at: _At, depth: int) -> Alternatives:
        """`os.environ[…]`, `NAMES["key"]` and `NAMES[-1]` of a dict or list that is written out and never changed."""
        if dotted(node.value, at.scopes) == "os.environ":
            return (setting(node, at.scopes),)
        holder, inner = resolve(node.value, at.scopes)
        if isinstance(holder, ast.List | ast.Tuple):
            # One that the code does not write represents any element.
            element = element_of(holder.elts, node.slice) if hasattr(node, "lineno") else None
            return self._look(element, _At(inner, at.module), depth) if element else (hole(node, at.scopes),)
        key = self.text(node.slice, at.scopes, at.module) if isinstance(holder, ast.Dict | ast.BinOp) else None
        found = self._entry(key, holder, _At(inner, at.module), depth) if key is not None else None
        return found or (hole(node, at.scopes),)

    def _entry(self, key: str, mapping: ast.expr, at: _At, depth: int) -> Alternatives | None:
        """What a mapping has under a key: empty where it surely has none, None where that is not known."""
        if depth <= 0:
            return None
        holder, scopes = resolve(mapping, at.scopes)
        inner = _At(scopes, at.module)
        match holder:
            case ast.Dict(keys=keys, values=values):
                for name, value in zip(keys[::-1], values[::-1], strict=True):
                    if name is None:
                        spread = self._entry(key, value, inner, depth - 1)
                        if spread != ():
                            return spread
                        continue
                    written = self.text(name, scopes, at.module)
                    if written == key:
                        return self._look(value, inner, depth)
                    if written is None and not isinstance(name, ast.Constant):
                        return None
                return ()
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                found = self._entry(key, right, inner, depth - 1)
                return found if found != () else self._entry(key, left, inner, depth - 1)
        return None

    def _variable(self, node: ast.expr, name: str, at: _At, depth: int) -> Alternatives:
        scope = owner(name, at.scopes)
        if scope is None:
            return (hole(node, at.scopes),)
        inner = at.scopes[at.scopes.index(scope) :]
        return self._of_scope(name, _At(inner, at.module), depth) or (hole(node, at.scopes),)

    def _attribute(self, node: ast.Attribute, at: _At, depth: int) -> Alternatives:
        """`module.NAME`, `Class.NAME`, and `Class(…).value` of an enumeration, which is that of one of its members."""
        if node.attr in ("value", "name"):
            made, inner = resolve(node.value, at.scopes)
            found = self._members(made, node.attr, _At(inner, at.module), depth) if isinstance(made, ast.Call) else ()
            if found:
                return any_of(node, at.scopes, found)
        copied = self._copied(node, at)
        if copied is not None:
            return self._look(copied, at, depth)
        place = self._holder(node.value, at)
        return (self._of_scope(node.attr, place, depth) if place is not None else ()) or (hole(node, at.scopes),)

    def _copied(self, node: ast.Attribute, at: _At) -> ast.expr | None:
        """The new value of a field: `command` of `replace(job, command=x)` and of `job._replace(command=x)`."""
        made, inner = resolve(node.value, at.scopes)
        if not isinstance(made, ast.Call) or inner != at.scopes:
            return None
        renewed = isinstance(made.func, ast.Attribute) and made.func.attr == "_replace"
        if not renewed and dotted(made.func, at.scopes) != "dataclasses.replace":
            return None
        return next((one.value for one in made.keywords if one.arg == node.attr), None)

    def _members(self, call: ast.Call, attribute: str, at: _At, depth: int) -> tuple[Alternatives, ...]:
        """The values or names of the members of the enumeration that is called; empty if it is not one."""
        holder = self._holder(call.func, at)
        cls = holder.scopes[0] if holder is not None else None
        if not isinstance(cls, ast.ClassDef) or holder is None:
            return ()
        if not any(dotted(base, holder.scopes[1:]) in _ENUMERATIONS for base in cls.bases):
            return ()
        if _MADE_OTHERWISE & bindings(cls).local:
            return ()
        members = [one for one in bindings(cls).every if one.kind is BindingKind.VALUE and not one.name.startswith("_")]
        if attribute == "name":
            return tuple(((Piece(one.name, call, at.scopes),),) for one in members)
        return tuple(self._of_scope(one.name, holder, depth) or (hole(call, at.scopes),) for one in members)

    def _of_scope(self, name: str, at: _At, depth: int) -> Alternatives:
        """The strings of a variable of the innermost scope; nothing where it is not the same every time."""
        key = (at.scopes[0], name)
        if key not in self._names:
            self._names[key] = ()  # what is made of itself is not a string
            self._names[key] = self._bound(name, at, depth)
        return self._names[key]

    def _bound(self, name: str, at: _At, depth: int) -> Alternatives:
        known = bindings(at.scopes[0])
        value = known.constant(name)
        if value is not None:
            return self._look(value, at, depth)
        only = _only(known.every, name)
        if only is None or name in known.changed:
            return ()
        if only.kind is BindingKind.PARAMETER and only.value is not None and self._defaults:
            return self._look(only.value, _At(at.scopes[1:], at.module), depth)
        if only.imported is not None and at.module is not None:
            package, level, attribute = only.imported
            source = self._modules.find(at.module, package, level) if attribute is not None else None
            if source is not None and attribute is not None:
                return self._of_scope(attribute, _At((source.tree,), source), depth)
        return ()

    def _holder(self, node: ast.expr, at: _At) -> _At | None:
        """The module or class that an expression names."""
        if not isinstance(node, ast.Name):
            return None
        scope = owner(node.id, at.scopes)
        only = _only(bindings(scope).every, node.id) if scope is not None else None
        if only is None or scope is None:
            return None
        if isinstance(only.node, ast.ClassDef):
            return _At((only.node, *at.scopes[at.scopes.index(scope) :]), at.module)
        if only.imported is None or at.module is None:
            return None
        package, level, attribute = only.imported
        dotted = package if attribute is None else ".".join(filter(None, (package, attribute)))
        module = self._modules.find(at.module, dotted, level)
        if module is not None:
            return _At((module.tree,), module)
        source = self._modules.find(at.module, package, level) if attribute is not None else None
        if source is None or attribute is None:
            return None
        return self._holder(ast.Name(attribute, ast.Load()), _At((source.tree,), source))


def element_of(elements: Sequence[ast.expr], index: ast.expr) -> ast.expr | None:
    """The element of a list that is written out, None where it is not known which that is."""
    match index:
        case ast.Constant(value=int(at)):
            known = elements[: at + 1]
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(at))) if at:
            known, at = elements[-at:] if at <= len(elements) else [], 0
        case _:
            return None
    if at >= len(known) or any(isinstance(one, ast.Starred) for one in known):
        return None
    return known[at]


def _only(every: Iterable[Binding], name: str) -> Binding | None:
    """The one place that binds `name`; None where there are several, or none."""
    found = [one for one in every if one.binds and one.name == name]
    return found[0] if len(found) == 1 else None
