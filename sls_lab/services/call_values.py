"""How a call's arguments are looked at: through the names bound around it and what the code room knows of them."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, field, replace

from sls_lab.code.model import Argument, BotoCall
from sls_lab.facts import Pattern
from sls_lab.python.bindings import Bindings, bindings
from sls_lab.python.module import ScopeNode
from sls_lab.python.scopes import resolve
from sls_lab.python.strings import Strings
from sls_lab.services import build
from sls_lab.services.model import Element

_DEPTH = 12  # of names that refer to names, and of lists in lists; nobody writes deeper ones
_NO_BINDINGS = Bindings()


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a mapping. `node` is the expression to use for it, `written` the one that shows its type."""

    key: str
    node: ast.expr
    written: ast.expr


@dataclass(frozen=True, slots=True)
class View:
    """The surroundings of one call: the innermost function around it (or the module), and its file's module.

    `known` has the arguments, and the parts of arguments, by the identity of their expressions.
    """

    scope: ScopeNode | None = None
    module: ast.Module | None = None
    known: dict[int, tuple[ast.expr, Argument]] = field(default_factory=dict)

    @staticmethod
    def of(call: BotoCall | None, scope: ScopeNode | None = None, module: ast.Module | None = None) -> View:
        """The view on the arguments of `call`."""
        view = View(scope, module if module is not None else scope if isinstance(scope, ast.Module) else None)
        for argument in call.arguments.values() if call is not None else ():
            if argument.node is not None:
                view._learn(argument.node, argument, _DEPTH)
        return view

    def _learn(self, node: ast.expr, argument: Argument, depth: int) -> None:
        """Note what `argument` says of `node`, of the value in its JSON, and of their parts."""
        self.known.setdefault(id(node), (node, argument))
        if depth == 0 or not argument.parts:
            return
        value = self.unserialised(node)
        if value is not None:
            self.known.setdefault(id(value), (value, argument))
        shape = self.resolve(value if value is not None else node)
        for part in argument.parts:
            inner = part.node if part.node is not None else _written_part(shape, part.name)
            if inner is not None:
                self._learn(inner, part, depth - 1)

    def _parts(self, node: ast.expr) -> tuple[Argument, ...]:
        found = self.known.get(id(node))
        return found[1].parts if found is not None else ()

    @property
    def local(self) -> Bindings:
        """The bindings of the scope."""
        return bindings(self.scope) if self.scope is not None else _NO_BINDINGS

    def resolve(self, node: ast.expr) -> ast.expr:
        """The expression that a name refers to, where it is bound once and never changed; else the node itself."""
        return resolve(node, self.scopes)[0]

    @property
    def scopes(self) -> tuple[ScopeNode, ...]:
        """The scopes whose names the call sees, the innermost first."""
        around = (self.scope, self.module)
        return tuple(dict.fromkeys(scope for scope in around if scope is not None))

    def values(self, node: ast.expr) -> tuple[Pattern, ...]:
        """The strings that `node` may be; one opaque pattern where nothing is known."""
        return Strings(ask=self._asked).patterns(node, self.scopes)

    def _asked(self, node: ast.expr) -> tuple[Pattern, ...] | ast.expr | None:
        """What the code room found, or what is stored under the key of a mapping."""
        found = self.known.get(id(node))
        if found is not None and found[1].values:
            return found[1].values
        match node:
            case ast.Subscript(value=ast.Name() as mapping, slice=ast.Constant(value=str() as key)):
                return self._stored(mapping, key)
        return None

    def _stored(self, mapping: ast.Name, key: str) -> ast.expr | None:
        members = self._named_members(mapping) or ()
        return next((member.written for member in reversed(members) if member.key == key), None)

    def text(self, node: ast.expr) -> str | None:
        """The string that `node` is, where it is known in full."""
        found = self.values(node)
        return found[0].text if len(found) == 1 else None

    def members(self, node: ast.expr) -> tuple[Member, ...] | None:
        """The entries of a mapping with known keys, also of one filled by `name["key"] = value`; None for others."""
        match node:
            case ast.Dict(keys=keys, values=values):
                found = []
                for key, value in zip(keys, values, strict=True):
                    text = self._key(node, key, value)
                    if text is None:
                        return None
                    found.append(Member(text, value, value))
                return tuple(found)
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(word.arg for word in keywords):
                return tuple(Member(word.arg or "", word.value, word.value) for word in keywords)
            case ast.Name():
                named = self._named_members(node)
                if named is not None:
                    return named
        return self._described_members(node)

    def _key(self, mapping: ast.Dict, key: ast.expr | None, value: ast.expr) -> str | None:
        """A key as a string: as written, or as the code room found it for its value."""
        text = self.text(key) if key is not None else None
        if text is None and key is not None:
            found = self.known.get(id(value))
            keys = found[1].keys if found is not None else ()
            text = keys[0].text if len(keys) == 1 else None
        return text

    def _named_members(self, node: ast.Name) -> tuple[Member, ...] | None:
        known = self.local
        if node.id not in known.values and self.module is not None:
            known = bindings(self.module)
        value = known.once(node.id)
        if value is None or node.id in known.changed or node.id in known.appends or isinstance(value, ast.Name):
            return None
        base = self.members(value)
        if base is None:
            return None
        found = {
            # A constant that is not overwritten is the same everywhere; anything else is what the name then holds.
            member.key: replace(member, node=member.node if _is_constant(member.node) else build.item(node, member.key))
            for member in base
        }
        for key, stored in known.stores.get(node.id, ()):
            text = self.text(key)
            if text is None:
                return None
            found[text] = Member(text, build.item(node, text), stored)
        for part in self._parts(node):
            if part.name in found:  # what is written has the value there that the code room found
                self._learn(found[part.name].written, part, _DEPTH)
        return tuple(found.values())

    def _described_members(self, node: ast.expr) -> tuple[Member, ...] | None:
        """The entries that the code room knows of, where it knows them all."""
        parts = self._parts(node)
        if not parts or any(part.name == "*" or len(part.keys) != 1 or part.keys[0].text is None for part in parts):
            return None
        found = []
        for part in parts:
            inner = part.node if part.node is not None else build.item(node, part.name)
            self._learn(inner, part, _DEPTH)
            found.append(Member(part.name, inner, inner))
        return tuple(found)

    def member(self, node: ast.expr, key: str) -> ast.expr | None:
        """`node[key]`: its value where `node` is written out, None where it has no such entry."""
        found = self.members(node)
        if found is None:
            return self._any_member(node, key)
        return next((member.node for member in reversed(found) if member.key == key), None)

    def written(self, node: ast.expr, key: str) -> ast.expr | None:
        """As `member`, but the expression that was written for it, to be looked at and not to be used elsewhere."""
        found = self.members(node)
        if found is None:
            return self._any_member(node, key)
        return next((member.written for member in reversed(found) if member.key == key), None)

    def _any_member(self, node: ast.expr, key: str) -> ast.expr:
        part = next((part for part in self._parts(node) if part.name == key), None)
        if part is not None and part.node is not None:
            return part.node
        inner = build.item(node, key)
        if part is not None:
            self._learn(inner, part, _DEPTH)
        return inner

    def elements(self, node: ast.expr | None, variable: str = "entry") -> tuple[Element, ...]:
        """The elements of a list, written out where they are known, else one that represents any of them."""
        if node is None:
            return ()
        found = self._elements(node, _DEPTH)
        if found is not None:
            return found
        parts = self._parts(node)
        if parts and all(part.name.isdecimal() and not part.keys for part in parts):
            described = []
            for part in parts:
                inner = part.node if part.node is not None else build.item(node, int(part.name))
                self._learn(inner, part, _DEPTH)
                described.append(Element(inner))
            return tuple(described)
        anything = build.each_of(variable, node)
        if len(parts) == 1 and parts[0].name == "*":
            self._learn(anything.node, parts[0], _DEPTH)
        return (anything,)

    def _elements(self, node: ast.expr, depth: int) -> tuple[Element, ...] | None:
        if depth == 0:
            return None
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                found: list[Element] = []
                for element in elements:
                    if not isinstance(element, ast.Starred):
                        found.append(Element(element))
                        continue
                    inner = self._elements(element.value, depth - 1)
                    if inner is None:
                        return None
                    found += inner
                return tuple(found)
            case ast.ListComp(elt=element, generators=generators):
                return (Element(element, tuple(generators)),)
            case ast.Name(id=name):
                return self._named_elements(name, depth)
        return None

    def _named_elements(self, name: str, depth: int) -> tuple[Element, ...] | None:
        known = self.local
        value = known.once(name)
        if value is None or name in known.changed or name in known.stores:
            return None
        base = self._elements(value, depth - 1)
        if base is None:
            return None
        found = (*base, *(Element(appended) for appended in known.appends.get(name, ())))
        # An expression written elsewhere may only be repeated at the call where its names still mean the same.
        return found if all(known.stable(element.node) for element in found) else None

    def parsed(self, node: ast.expr) -> ast.expr:
        """The value that the JSON text `node` holds: `E` for `json.dumps(E)`, else `json.loads(node)`."""
        found = self.unserialised(node)
        return build.loads(node) if found is None else found

    def unserialised(self, node: ast.expr) -> ast.expr | None:
        """`E` where the string is `json.dumps(E)`, encoded or not, also by a name bound once; else None."""
        match node:
            case ast.Call(func=ast.Attribute(attr="dumps") | ast.Name(id="dumps"), args=[value, *_]):
                return value
            case ast.Call(func=ast.Attribute(value=text, attr="encode" | "decode")):
                return self.unserialised(text)
            case ast.Call(func=ast.Name(id="bytes" | "bytearray" | "str"), args=[text, *_]):
                return self.unserialised(text)
            case ast.Constant(value=str() | bytes() as text):
                return _from_json(text)
            case ast.Name():
                written = self.resolve(node)
                if written is node or not self.local.stable(written):
                    return None
                return self.unserialised(written)
        return None


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _from_json(text: str | bytes) -> ast.expr | None:
    try:
        return build.literal(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _written_part(shape: ast.expr, name: str) -> ast.expr | None:
    """The expression written for one part of a display."""
    match shape:
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return next((value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name), None)
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return next((word.value for word in keywords if word.arg == name), None)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            plain = name.isdecimal() and not any(isinstance(element, ast.Starred) for element in elements)
            return elements[int(name)] if plain and int(name) < len(elements) else None
        case ast.ListComp(elt=element):
            return element if name in ("*", "0") else None
    return None
