"""Whether an analyser that reads types sees which class an object has.

It does not where an annotation says less than the code (`Any`, a protocol, a base class of what a function makes), nor
where none says it and no assignment shows it: an element of a parameter, what a table holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from sls_lab.code import Chosen, Code, parents
from sls_lab.python.binding import Binding, BindingKind
from sls_lab.python.bindings import bindings
from sls_lab.python.imported import Modules
from sls_lab.python.module import CallableNode, ComprehensionNode, FunctionNode, Module
from sls_lab.python.walking import own_nodes, walk

#: So many steps from an expression to what gives it its value; further away nothing is seen.
_DEPTH = 6
_CONTAINED = frozenset({"values", "items", "copy"})


class ShownTypes:
    """Answers for the expressions of one application."""

    def __init__(self, code: Code) -> None:
        """Index what the application defines, by its name."""
        self._modules, self._find = code.modules, Modules(code.modules)
        self._parents: dict[str, dict[ast.AST, ast.AST]] = {}
        self._given = {one.parameter for one in code.objects}
        self._classes: dict[str, list[ast.ClassDef]] = {}
        self._functions: dict[str, list[tuple[Module, FunctionNode]]] = {}
        self._attributes: dict[str, list[tuple[Module, ast.Assign | ast.AnnAssign]]] = {}
        self._above: set[str] = set()
        for module in code.modules.values():
            for node in walk(module.tree).nodes:
                self._index(module, node)

    def _index(self, module: Module, node: ast.AST) -> None:
        match node:
            case ast.ClassDef():
                self._classes.setdefault(node.name, []).append(node)
                self._above |= {name for base in node.bases for name in _names(base)}
                for one in node.body:
                    if isinstance(one, ast.AnnAssign | ast.Assign):
                        for target in _targets(one):
                            if isinstance(target, ast.Name):
                                self._attributes.setdefault(target.id, []).append((module, one))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._functions.setdefault(node.name, []).append((module, node))
            case ast.Assign() | ast.AnnAssign():
                for target in _targets(node):
                    if isinstance(target, ast.Attribute):
                        self._attributes.setdefault(target.attr, []).append((module, node))

    def shows(self, module: Module, call: ast.Call, functions: Sequence[Chosen]) -> bool:
        """Whether the object is seen whose method the call names, where it means `functions`."""
        if not isinstance(call.func, ast.Attribute):
            return True
        holder = self._own_class(module, call.func.value)
        if holder is not None and not any(one.library for one in functions):
            return self._has(holder, call.func.attr, frozenset())
        wanted = frozenset(one.library.split(".")[-2] for one in functions if one.library.count("."))
        return _TypeQuestion(self, wanted).shown(module, call.func.value, 0)

    def _own_class(self, module: Module, node: ast.expr) -> ast.ClassDef | None:
        """The class around a method, where an expression is the method's own object."""
        if not isinstance(node, ast.Name):
            return None
        function = next((one for one in self.around(module, node) if isinstance(one, CallableNode)), None)
        if not isinstance(function, FunctionNode) or not function.args.args or function.args.args[0].arg != node.id:
            return None
        holder = next(self.around(module, function), None)
        return holder if isinstance(holder, ast.ClassDef) else None

    def _has(self, holder: ast.ClassDef, name: str, seen: frozenset[str]) -> bool:
        """Whether a class, or one above it, defines or assigns an attribute of this name."""
        if any(isinstance(one, FunctionNode) and one.name == name for one in holder.body):
            return True
        if any(
            isinstance(one, ast.Attribute) and one.attr == name and isinstance(one.ctx, ast.Store)
            for one in ast.walk(holder)
        ):
            return True
        above = {word for base in holder.bases for word in _names(base)} - seen
        return any(self._has(one, name, seen | above) for word in above for one in self._classes.get(word, ()))

    def around(self, module: Module, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, the innermost first."""
        if module.file not in self._parents:
            self._parents[module.file] = {**dict.fromkeys(module.tree.body, module.tree), **parents(module)}
        known = self._parents[module.file]
        while node in known:
            node = known[node]
            yield node

    def is_class(self, name: str) -> bool:
        """Whether a class of the application has this name."""
        return name in self._classes

    def is_given(self, parameter: ast.arg) -> bool:
        """Whether the parameter is annotated with what every call gives it."""
        return parameter in self._given

    def says(self, annotation: ast.expr, wanted: frozenset[str], *, exact: bool) -> bool:
        """Whether an annotation names the class; where it must be `exact`, a class with others below it does not."""
        names = _names(annotation)
        if names & wanted or "Self" in names:
            return True
        found = names & self._classes.keys()
        protocols = {name for name in found if any("Protocol" in _names(base) for base in self._bases(name))}
        return bool(found) and not protocols and not (exact and found & self._above)

    def _bases(self, name: str) -> Iterator[ast.expr]:
        return (base for one in self._classes[name] for base in one.bases)

    def functions(self, name: str) -> Sequence[tuple[Module, FunctionNode]]:
        """The functions and methods of the application that have this name."""
        return self._functions.get(name, ())

    def attributes(self, name: str) -> Sequence[tuple[Module, ast.Assign | ast.AnnAssign]]:
        """What is assigned to attributes of this name."""
        return self._attributes.get(name, ())

    def imported(self, module: Module, one: Binding) -> tuple[Module, str] | None:
        """The module of the application that an import takes a name from."""
        if one.imported is None or one.imported[2] is None:
            return None
        found = self._find.find(module, one.imported[0], one.imported[1])
        return (found, one.imported[2]) if found is not None else None


class _TypeQuestion:
    """One question: whether an expression is seen to be of a library's class `wanted`, or of the application's."""

    def __init__(self, known: ShownTypes, wanted: frozenset[str]) -> None:
        self._known, self._wanted = known, wanted
        self._asked: set[tuple[ast.AST, str]] = set()

    def shown(self, module: Module, node: ast.expr, depth: int) -> bool:
        """Whether the expression's own class is seen."""
        if depth > _DEPTH:
            return False
        match node:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return self._name(module, node, name, depth + 1, element=False)
            case ast.Attribute(attr=name):
                found = self._known.attributes(name)
                return bool(found) and all(self._assigned(home, one, depth + 1) for home, one in found)
            case ast.Call():
                return self._call(module, node, depth + 1, element=False)
            case ast.Await(value=inner) | ast.NamedExpr(value=inner):
                return self.shown(module, inner, depth)
            case ast.IfExp(body=first, orelse=second):
                return self.shown(module, first, depth) and self.shown(module, second, depth)
            case ast.BoolOp(values=values):
                return all(self.shown(module, one, depth) for one in values)
            case ast.Subscript(value=inner):
                return self._elements(module, inner, depth + 1)
        return False

    def _elements(self, module: Module, node: ast.expr, depth: int) -> bool:
        """Whether the classes of what the expression holds are seen."""
        if depth > _DEPTH:
            return False
        match node:
            case ast.List(elts=inner) | ast.Tuple(elts=inner) | ast.Set(elts=inner) | ast.Dict(values=inner):
                return bool(inner) and all(self.shown(module, one, depth) for one in inner)
            case ast.ListComp(elt=inner) | ast.SetComp(elt=inner) | ast.GeneratorExp(elt=inner):
                return self.shown(module, inner, depth)
            case ast.Name(id=name):
                return self._name(module, node, name, depth + 1, element=True)
            case ast.Call():
                return self._call(module, node, depth + 1, element=True)
        return False

    def _name(self, module: Module, node: ast.AST, name: str, depth: int, *, element: bool) -> bool:
        for scope in self._known.around(module, node):
            if isinstance(scope, CallableNode | ComprehensionNode | ast.Module):
                found = [one for one in bindings(scope).every if one.name == name and one.binds]
                if found and name not in bindings(scope).globals | bindings(scope).nonlocals:
                    if (scope, name) in self._asked:
                        return True  # `name = name or make()` says nothing new
                    self._asked.add((scope, name))
                    return all(self._bound(module, scope, one, depth, element=element) for one in found)
        return False

    def _bound(self, module: Module, scope: ast.AST, one: Binding, depth: int, *, element: bool) -> bool:
        node = one.node
        if isinstance(node, ast.AnnAssign):
            return self._known.says(node.annotation, self._wanted, exact=True)
        if one.kind is BindingKind.PARAMETER:
            return self._parameter(module, scope, one.name)
        if one.kind is BindingKind.VALUE and one.value is not None:
            return (self._elements if element else self.shown)(module, one.value, depth)
        if one.kind is BindingKind.PART and one.value is not None and not element:
            in_with = isinstance(node, ast.withitem)
            return (self.shown if in_with else self._elements)(module, one.value, depth)
        home = self._known.imported(module, one)
        if home is not None:
            other, name = home
            found = [each for each in bindings(other.tree).every if each.name == name and each.binds]
            return all(self._bound(other, other.tree, each, depth + 1, element=element) for each in found)
        return one.kind is BindingKind.OTHER

    def _parameter(self, module: Module, scope: ast.AST, name: str) -> bool:
        if not isinstance(scope, CallableNode):
            return False
        spec = scope.args
        positional = [*spec.posonlyargs, *spec.args]
        in_class = isinstance(next(self._known.around(module, scope), None), ast.ClassDef)
        if in_class and positional and positional[0].arg == name:
            return True
        for parameter in (*positional, *spec.kwonlyargs):
            if parameter.arg == name:
                annotation = parameter.annotation
                if annotation is None:
                    return self._known.is_given(parameter)
                return self._known.says(annotation, self._wanted, exact=False)
        return False

    def _assigned(self, module: Module, node: ast.Assign | ast.AnnAssign, depth: int) -> bool:
        if isinstance(node, ast.AnnAssign):
            return self._known.says(node.annotation, self._wanted, exact=True)
        return self.shown(module, node.value, depth)

    def _call(self, module: Module, node: ast.Call, depth: int, *, element: bool) -> bool:
        function = node.func
        match function:
            case ast.Name(id="super"):
                return True
            case ast.Name(id=name) | ast.Attribute(attr=name):
                defined = self._known.functions(name)
                if self._known.is_class(name):
                    return not element
                if defined:
                    return all(self._result(home, one, depth, element=element) for home, one in defined)
        match function:
            case ast.Name():
                return not element and self._name(module, function, function.id, depth, element=False)
            case ast.Attribute(value=inner, attr=name) if element:
                return name in _CONTAINED and self._elements(module, inner, depth)
            case ast.Attribute(value=inner):
                return self.shown(module, inner, depth)
        return False

    def _result(self, module: Module, function: FunctionNode, depth: int, *, element: bool) -> bool:
        if function.returns is not None:
            return self._known.says(function.returns, self._wanted, exact=True)
        given: list[ast.expr] = []
        for node in own_nodes(function):
            match node:
                case ast.Return(value=ast.expr() as value) if not _is_nothing(value):
                    given.append(value)
                case ast.Yield(value=ast.expr() as value):
                    given.append(value)
        asked = self._elements if element else self.shown
        return bool(given) and all(asked(module, value, depth) for value in given)


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _targets(node: ast.Assign | ast.AnnAssign) -> Sequence[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _names(annotation: ast.expr) -> set[str]:
    """All names in an annotation, also in what it has in quotes."""
    found: set[str] = set()
    for node in ast.walk(annotation):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found.add(name)
            case ast.Constant(value=str(text)):
                found |= set(text.replace("[", " ").replace("]", " ").replace(".", " ").replace("|", " ").split())
    return found
