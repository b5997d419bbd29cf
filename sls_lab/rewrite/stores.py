"""Content that travels through a local file: `store(path, content)` beside each write.

A file's path and its content are two things. `open(path, "w").write(text)` changes nothing that the name `path` is
bound to, and a later `open(path).read()` reads what was written: the content travels beside the path, by the path.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from sls_lab.facts import Reason
from sls_lab.rewrite import synthesis
from sls_lab.rewrite.model import Edit
from sls_lab.rewrite.raising import Imports, insertion
from sls_lab.rewrite.site import FunctionNode, Site

_WRITERS = {"write", "writelines", "write_text", "write_bytes"}
#: calls that copy into the file object or path at one argument what stands at another: (content, file)
_DUMPERS = {"dump": (0, 1), "safe_dump": (0, 1), "copyfileobj": (0, 1), "print": (0, None)}
_COPIERS = {"copy", "copy2", "copyfile", "move"}


@dataclass(frozen=True, slots=True)
class _Write:
    """`content` goes into the file at `path` by `call`; `copied` says that `content` is a path itself."""

    call: ast.Call
    path: ast.expr
    content: ast.expr
    copied: bool = False


def store_edits(site: Site, imports: Imports) -> list[Edit]:
    """The edits for every local file that a function of the site's file writes."""
    edits: list[Edit] = []
    for scope in (site.module.tree, *_functions(site.module.tree)):
        opened = dict(_opened_files(scope))
        writes = [write for call in _calls(scope) if (write := _write(call, opened)) is not None]
        variables = _PathVariables(site, scope)
        for call in _calls(scope):
            path = _downloaded_to(call)
            if path is not None:
                variables.variable_for(path)
        for write in writes:
            edits += _edits_for(site, imports, variables, write)
        edits += variables.edits
    return edits


def _edits_for(site: Site, imports: Imports, variables: _PathVariables, write: _Write) -> list[Edit]:
    statement = site.simple_statement(write.call)
    target = variables.variable_for(write.path)
    if statement is None or target is None or isinstance(write.content, ast.Constant):
        return []
    about = site.span(write.call)
    reason = Reason(f"what is written here is what is later read from `{ast.unparse(write.path)}`", about)
    function = imports.bind("sls_lab_support", "store", "store_content", reason, about)
    content = write.content
    if write.copied:
        loaded = imports.bind("sls_lab_support", "loaded", "loaded_content", reason, about)
        content = synthesis.call(synthesis.name(loaded), content)
    storing = ast.Expr(synthesis.call(synthesis.name(function), target, content))
    early = isinstance(statement, ast.Return | ast.Raise)
    if site.has_beside(statement, storing.value, before=early):
        return []
    gap = site.gap_before(statement) if early else site.gap_after(statement)
    return [insertion(site, "store-propagation", gap, storing, about, (reason,))]


class _PathVariables:
    """Variables that stand for a function's paths: those it has, and new ones for a path written out repeatedly.

    `open("/tmp/a", "w")` and a later `open("/tmp/a")` mean one file, but no variable carries its content from one to
    the other. Each of them is replaced by a variable that is bound where the function begins.
    """

    def __init__(self, site: Site, scope: ast.AST) -> None:
        self._site = site
        self._scope = scope
        self._made: dict[str, ast.expr] = {}
        self.edits: list[Edit] = []

    def variable_for(self, path: ast.expr) -> ast.expr | None:
        """An expression that names the path and can be given content; None where there is none."""
        if isinstance(path, ast.Name | ast.Attribute | ast.Subscript):
            return path
        key = ast.dump(path)
        if key not in self._made:
            same = [node for node in _expressions(self._scope) if ast.dump(node) == key]
            if not isinstance(self._scope, FunctionNode) or len(same) < 2 or not self._bound_early(path):
                return None
            self._made[key] = self._introduce(path, same)
        return self._made[key]

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
        binding = synthesis.assign(synthesis.name(variable), path)
        gap = self._site.start_of_body(self._scope)
        self.edits.append(insertion(self._site, "store-propagation", gap, binding, about, (reason,)))
        for place in places:
            span = self._site.span(place)
            self.edits.append(Edit("store-propagation", span, variable, span, (reason,), synthesis.name(variable)))
        return synthesis.name(variable)


def _write(call: ast.Call, opened: dict[str, ast.expr]) -> _Write | None:
    arguments = call.args
    match call.func:
        case ast.Attribute(value=receiver, attr=method) if method in _WRITERS and arguments:
            path = _file_of(receiver, opened)
            if path is None and method.startswith("write_"):
                path = _path_object(receiver)
            return _Write(call, path, arguments[0]) if path is not None else None
        case ast.Attribute(attr=method) if method in _COPIERS and len(arguments) == 2:
            return _Write(call, arguments[1], arguments[0], copied=True)
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in _DUMPERS and arguments:
            content, position = _DUMPERS[name]
            file = next((keyword.value for keyword in call.keywords if keyword.arg in ("file", "fp", "stream")), None)
            if file is None and position is not None and len(arguments) > position:
                file = arguments[position]
            path = _file_of(file, opened) if file is not None else None
            return _Write(call, path, arguments[content]) if path is not None else None
    return None


def _downloaded_to(call: ast.Call) -> ast.expr | None:
    """The local path that a download fills: `Filename` of boto3's `download_file`, `filename` of `urlretrieve`."""
    match call.func:
        case ast.Attribute(attr="download_file" | "urlretrieve") | ast.Name(id="urlretrieve"):
            named = [keyword.value for keyword in call.keywords if keyword.arg in ("Filename", "filename")]
            return next(iter(named or call.args[-1:]), None)
    return None


def _file_of(expression: ast.expr, opened: dict[str, ast.expr]) -> ast.expr | None:
    """The path of the file that `expression` is a writable file object of."""
    match expression:
        case ast.Name(id=name):
            return opened.get(name)
        case ast.Call():
            return _opened_path(expression)
    return None


def _path_object(expression: ast.expr) -> ast.expr | None:
    """The path behind `Path(path)`, or the variable that holds the `Path`."""
    match expression:
        case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[path]):
            return path
        case ast.Name() | ast.Attribute():
            return expression
    return None


def _opened_path(call: ast.expr) -> ast.expr | None:
    """The path of `open(path, mode)` or `path.open(mode)`, None where `call` is something else."""
    match call:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(value=ast.Name(id="io" | "codecs"), attr="open")):
            named = [keyword.value for keyword in call.keywords if keyword.arg == "file"]
            return next(iter(call.args + named), None)
        case ast.Call(func=ast.Attribute(value=receiver, attr="open")):
            return _path_object(receiver)
    return None


def _opened_files(scope: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names bound to open files in a scope, with the files' paths."""
    for node in _nodes(scope):
        match node:
            case ast.withitem(context_expr=opening, optional_vars=ast.Name(id=name)):
                path = _opened_path(opening)
            case ast.Assign(targets=[ast.Name(id=name)], value=opening):
                path = _opened_path(opening)
            case _:
                continue
        if path is not None:
            yield name, path


def _functions(tree: ast.Module) -> Iterator[FunctionNode]:
    return (node for node in ast.walk(tree) if isinstance(node, FunctionNode))


def _nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of one scope, those of functions and classes within it left out."""
    pending = list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))


def _calls(scope: ast.AST) -> Iterator[ast.Call]:
    return (node for node in _nodes(scope) if isinstance(node, ast.Call))


def _expressions(scope: ast.AST) -> Iterator[ast.expr]:
    return (node for node in _nodes(scope) if isinstance(node, ast.expr))
