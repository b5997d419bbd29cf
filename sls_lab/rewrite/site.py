"""A module that statements are added to: where one can go, and which names are free for it."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sls_lab.code import Module, parents, span_of
from sls_lab.facts import Offsets, Span
from sls_lab.python.bindings import bindings, namespaces_within
from sls_lab.python.module import FunctionNode
from sls_lab.python.unbound import bound_names
from sls_lab.python.walking import walk

_NAMES = frozenset({"id", "name", "arg", "asname", "rest"})  #: the fields of nodes that hold names
_SIMPLE = (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Delete, ast.Assert, ast.Return, ast.Raise)
# What has a scope of its own: a statement beside it would not see its variables.
OWN_SCOPE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Gap:
    """A place between statements: `at` is where source is inserted; each new statement is put in `before` … `after`."""

    at: Span
    before: str
    after: str

    @property
    def indent(self) -> str | None:
        """The white space before a statement that is added here, None where it shares its line with others."""
        around = self.before or self.after
        return around[1:] if around.startswith("\n") else None


class Site:
    """One module with what is needed to add statements to it: parents, scopes, names in use, line ends."""

    def __init__(self, module: Module) -> None:
        """Look at `module`; nothing is computed before it is asked for."""
        self.module = module
        self._text = module.text
        self._offsets = Offsets(module.text)
        #: expressions in whose places edits have put variables
        self.replaced: dict[ast.AST, ast.expr] = {}
        self._numbers: dict[str, int] = {}
        self._assignments: dict[ast.AST, dict[str, list[ast.AST]]] = {}
        #: for each list of statements, by its identity, which of them assign or call what
        self._values: dict[int, dict[str, list[int]]] = {}

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Each node's parent."""
        tree = self.module.tree
        return {**dict.fromkeys(tree.body, tree), **parents(self.module)}

    @cached_property
    def names(self) -> set[str]:
        """Every name the module uses anywhere, so that a new one can be chosen; `fresh` adds to it."""
        found = set()
        for node in walk(self.module.tree).nodes:
            for field in node._fields:
                if field in _NAMES and isinstance(value := getattr(node, field), str):
                    found.add(value.split(".")[0])
            if isinstance(node, ast.Global | ast.Nonlocal):
                found.update(node.names)
        return found

    @cached_property
    def bound_names(self) -> set[str]:
        """The names that some statement of the module binds; after `from module import *` every name may be one."""
        bound = bound_names(self.module.tree)
        return self.names if bound is None else bound

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The variables that some statement of the module gives a value."""
        return frozenset(
            one.name
            for scope in namespaces_within(self.module.tree)
            for one in (*bindings(scope).every, *bindings(scope).inner)
            if one.binds and isinstance(one.target, ast.Name)
        )

    def fresh(self, wish: str) -> str:
        """`wish`, or `wish_2`, … where the module uses it already."""
        name, number = wish, self._numbers.get(wish, 2)
        while name in self.names:
            name, number = f"{wish}_{number}", number + 1
        self.names.add(name)
        self._numbers[wish] = number  # lower ones are in use for good
        return name

    def span(self, node: ast.AST) -> Span:
        """Where `node` is."""
        return span_of(self.module, node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The node's parent, its parent, and so on to the module."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def function(self, node: ast.AST) -> FunctionNode | None:
        """The innermost function around `node`."""
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, ast.FunctionDef | ast.AsyncFunctionDef):
                return ancestor
        return None

    def assignments(self, scope: FunctionNode | ast.Module, name: str) -> Sequence[ast.AST]:
        """The assignments and `with` items that bind a name in a scope, apart from those of functions within it."""
        if scope not in self._assignments:
            found: dict[str, list[ast.AST]] = {}
            for one in bindings(scope).every:
                match one.node:
                    case (
                        ast.Assign(targets=[ast.Name()])
                        | ast.AnnAssign(target=ast.Name())
                        | ast.withitem(optional_vars=ast.Name())
                    ) if one.binds:
                        found.setdefault(one.name, []).append(one.node)
            self._assignments[scope] = found
        return self._assignments[scope].get(name, ())

    def simple_statement(self, node: ast.AST) -> ast.stmt | None:
        """The simple statement that holds `node` in its own scope.

        None where it is part of a condition, another compound statement's head, a lambda or a comprehension.
        """
        for ancestor in (node, *self.ancestors(node)):
            if isinstance(ancestor, OWN_SCOPE):
                return None
            if isinstance(ancestor, ast.stmt):
                return ancestor if isinstance(ancestor, _SIMPLE) else None
        return None

    def has_beside(self, statement: ast.stmt, expression: ast.expr, *, before: bool) -> bool:
        """Whether a statement on that side in the same suite is an assignment or a call of this very expression.

        So a rewritten file is recognised, and not rewritten twice.
        """
        suite = self.suite(statement)
        if id(suite) not in self._values:
            found = self._values[id(suite)] = {}
            for number, other in enumerate(suite):
                if isinstance(other, ast.Assign | ast.Expr):
                    found.setdefault(_dump(other.value), []).append(number)
        places = self._values[id(suite)].get(_dump(expression), [])
        return bool(places) and (places[0] < suite.index(statement) if before else places[-1] > suite.index(statement))

    def has_around(self, value: ast.expr, expression: ast.expr) -> bool:
        """Whether a value is in a tuple or call with a call that is given this very expression."""
        around = self.parents.get(value)
        if not isinstance(around, ast.Tuple | ast.Call) or (isinstance(around, ast.Call) and value not in around.args):
            return False
        wanted = _dump(expression)
        others = (other for other in ast.iter_child_nodes(around) if other is not value)
        return any(
            isinstance(node, ast.Call) and node.args and _dump(node.args[0]) == wanted
            for other in others
            for node in ast.walk(other)
        )

    def whole(self, call: ast.expr) -> ast.expr:
        """The call, with the `await` before it."""
        outer = self.parents.get(call)
        return outer if isinstance(outer, ast.Await) else call

    def suite(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements of the block that `statement` is in."""
        for _, value in ast.iter_fields(self.parents[statement]):
            if isinstance(value, list) and statement in value:
                return value
        return [statement]

    def gap_after(self, statement: ast.stmt) -> Gap:
        """The place after a simple statement: a line of its own where the statement has one, else after a `;`."""
        start, end = self._range(statement)
        indent = self._indent(start)
        line_end = self._line_end(end)
        if indent is None or self._text[end:line_end].split("#")[0].strip():
            return Gap(self._point(end), "; ", "")
        return Gap(self._point(line_end), "\n" + indent, "")

    def gap_before(self, statement: ast.stmt) -> Gap:
        """The place before a statement, in the same suite."""
        start, _ = self._range(statement)
        indent = self._indent(start)
        return Gap(self._point(start), "", "; " if indent is None else "\n" + indent)

    def gap_for_imports(self) -> Gap:
        """The place after the module's docstring and leading imports."""
        leading = None
        for index, statement in enumerate(self.module.tree.body):
            docstring = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not docstring and not isinstance(statement, ast.Import | ast.ImportFrom):
                break
            leading = statement
        if leading is not None:
            return self.gap_after(leading)
        start = self._range(self.module.tree.body[0])[0] if self.module.tree.body else 0
        return Gap(self._point(start), "", "\n")

    def start_of_body(self, function: FunctionNode) -> Gap:
        """The place before a function's first statement that is not its docstring."""
        body = function.body
        first = body[1] if len(body) > 1 and ast.get_docstring(function, clean=False) is not None else body[0]
        return self.gap_before(first)

    def points(self, node: ast.AST) -> tuple[Span, Span]:
        """The empty spans before and after an expression, its own parentheses not included."""
        start, end = self._range(node)
        return self._point(start), self._point(end)

    def _range(self, node: ast.AST) -> tuple[int, int]:
        span = self.span(node)
        return self._offsets.offset(span.line, span.column), self._offsets.offset(span.end_line, span.end_column)

    def _point(self, offset: int) -> Span:
        place = self._offsets.place(offset)
        return Span(self.module.file, *place, *place)

    def _indent(self, offset: int) -> str | None:
        """The white space before `offset` on its line, None if anything else is there."""
        _, column = self._offsets.place(offset)
        before = self._text[offset - column : offset]
        return None if before.strip() else before

    def _line_end(self, offset: int) -> int:
        ends = [end for end in (self._text.find("\n", offset), self._text.find("\r", offset)) if end >= 0]
        return min(ends, default=len(self._text))


def _dump(expression: ast.expr) -> str:
    """The expression without what the rewriting puts around its parts, as text that can be compared."""
    dump = ast.dump(expression)
    if not _AROUND.search(dump):
        return dump
    return ast.dump(_Bare().visit(copy.deepcopy(expression)))


_AROUND = re.compile(r"'(?:either|found|passed|keep_\w+)'")


class _Bare(ast.NodeTransformer):
    """Take `either(value, …)`, `found(value, …)`, `passed(value, …)` and `keep_name(value)` for the value."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(func=ast.Name(id=name), args=[value, *_]) if _AROUND.fullmatch(repr(name)):
                return value
        return node
