"""Content that travels through a local file: `store(path, content)` beside each write.

A file's path and its content are two things. `open(path, "w").write(text)` changes nothing that the name `path` is
bound to, and a later `open(path).read()` reads what was written: the content travels beside the path, by the path.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from sls_lab.facts import Reason, Span
from sls_lab.python.module import FunctionNode, ScopeNode
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.context import FileContext
from sls_lab.rewrite.kept_data import KEPT
from sls_lab.rewrite.local_files import Write, expressions_in, functions_of, writes_in
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.order import Order
from sls_lab.rewrite.shared_files import KeptFiles


def store_edits(context: FileContext, kept: KeptFiles) -> list[Edit]:
    """The edits for every local file that a function of the site's file writes, or reads from another."""
    edits: list[Edit] = []
    tree = context.site.module.tree
    for scope in (tree, *functions_of(tree)):
        variables = _PathVariables(context, scope, kept)
        writes = writes_in(scope)
        overwritten = Order(scope).overwritten(writes) if len(writes) > 1 else set()
        for write in writes:
            if write.call not in overwritten:
                edits += _edits_for(context, variables, write, kept.kept(write))
        edits += variables.edits
    return edits


def _edits_for(context: FileContext, variables: _PathVariables, write: Write, name: str | None) -> Iterator[Edit]:
    site, imports = context.site, context.imports
    statement = site.simple_statement(write.call)
    target = None if write.unnamed else variables.variable_for(write.path, repeated=not (name and write.copied))
    if statement is None or write.fixed:
        return
    about = site.span(write.call)
    reason = Reason(f"what is written here is what is later read from `{ast.unparse(write.path)}`", about)
    content = write.content
    if write.copied:
        loaded = context.support("loaded", reason, about)
        content = synthesis.call(loaded, site.replaced.get(content, content))
    stores = []
    if write.unnamed:
        stores.append(synthesis.call(ast.Attribute(write.path, "write", ast.Load()), content))
    if target is not None and write.content is not write.path:
        stores.append(synthesis.call(context.support("store", reason, about), target, content))
    if name is not None:
        keep = imports.bind(KEPT, f"keep_{name}", f"keep_{name}_file", reason, about)
        stores.append(synthesis.call(synthesis.name(keep), content))
    early = isinstance(statement, ast.Return | ast.Raise)
    gap = site.gap_before(statement) if early else site.gap_after(statement)
    for storing in stores:
        if not site.has_beside(statement, storing, before=early):
            yield context.insertion("store-propagation", gap, ast.Expr(storing), about, (reason,))


class _PathVariables:
    """Variables for a function's paths: those it has, and new ones for a path written out repeatedly.

    `open("/tmp/a", "w")` and a later `open("/tmp/a")` mean one file, but no variable carries its content from one to
    the other. Each of them is replaced by a variable that is bound where the function begins.
    """

    def __init__(self, context: FileContext, scope: ScopeNode, kept: KeptFiles) -> None:
        self._context = context
        self._site = context.site
        self._scope = scope
        self._made: dict[str, ast.expr] = {}
        self._kept = {ast.dump(one): name for name, mentions in kept.read(scope).items() for one in mentions}
        self.edits: list[Edit] = []
        for mentions in kept.read(scope).values():
            for one in mentions:
                self._begin_with_content(one)

    def variable_for(self, path: ast.expr, *, repeated: bool = True) -> ast.expr | None:
        """An expression that names the path and can be given content; None if there is none.

        A new variable is made for a path that is written out more than once, or, unless `repeated`, at all.
        """
        if isinstance(path, ast.Name | ast.Attribute | ast.Subscript):
            return path
        key = ast.dump(path)
        if key not in self._made:
            same = [node for node in expressions_in(self._scope) if ast.dump(node) == key]
            enough = len(same) > 1 or not repeated
            if not isinstance(self._scope, FunctionNode) or not enough or not self._bound_early(path):
                return None
            self._made[key] = self._introduce(path, same)
        return self._made[key]

    def _begin_with_content(self, path: ast.expr) -> None:
        """Let a path that others fill have its content from where the function begins."""
        variable = self.variable_for(path, repeated=False)
        if variable is not path or not isinstance(self._scope, FunctionNode):
            return  # a variable of ours is bound with its content
        about = self._site.span(path)
        reason = self._reason(path, about)
        function = self._context.support("store", reason, about)
        storing = synthesis.call(function, path, self._content(path, reason, about))
        if any(isinstance(one, ast.Expr) and ast.dump(one.value) == ast.dump(storing) for one in self._scope.body):
            return
        key = ast.dump(storing)
        if key not in self._made:
            self._made[key] = path
            gap = self._site.start_of_body(self._scope)
            self.edits.append(self._context.insertion("store-propagation", gap, ast.Expr(storing), about, (reason,)))

    def _content(self, path: ast.expr, reason: Reason, about: Span) -> ast.Call:
        name = self._kept[ast.dump(path)]
        return synthesis.call(
            synthesis.name(self._context.imports.bind(KEPT, f"kept_{name}", f"kept_{name}_file", reason, about))
        )

    def _reason(self, path: ast.expr, about: Span) -> Reason:
        return Reason(f"another function writes the file `{ast.unparse(path)}`", about)

    def _bound_early(self, path: ast.expr) -> bool:
        """Whether the path's variables keep one value in the whole function, so that it can be built at its start."""
        assert isinstance(self._scope, FunctionNode)
        assigned = {
            node.id for node in ast.walk(self._scope) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return not any(isinstance(node, ast.Name) and node.id in assigned for node in ast.walk(path))

    def _introduce(self, path: ast.expr, places: list[ast.expr]) -> ast.expr:
        assert isinstance(self._scope, FunctionNode)
        variable = self._site.fresh("local_path")
        about = self._site.span(places[0])
        reason = Reason(
            f"one variable for the file `{ast.unparse(path)}`, so that its content can travel with it", about
        )
        value = path
        if ast.dump(path) in self._kept:
            reason = self._reason(path, about)
            function = self._context.support("stored", reason, about)
            value = synthesis.call(function, path, self._content(path, reason, about))
        binding = synthesis.assign(synthesis.name(variable), value)
        gap = self._site.start_of_body(self._scope)
        self.edits.append(self._context.insertion("store-propagation", gap, binding, about, (reason,)))
        for place in places:
            span = self._site.span(place)
            self.edits.append(Edit("store-propagation", span, variable, span, (reason,), synthesis.name(variable)))
            self._site.replaced[place] = synthesis.name(variable)
        return synthesis.name(variable)
