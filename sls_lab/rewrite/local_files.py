"""Where a function writes local files: which call, which path, and what goes in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from sls_lab.python.module import FunctionNode, ScopeNode
from sls_lab.python.walking import own_nodes, walk

# Trees are not changed after they were parsed: the nodes of a scope are found once for as long as it lives.
_NODES: WeakKeyDictionary[ast.AST, tuple[ast.AST, ...]] = WeakKeyDictionary()

_WRITERS = {"write", "writelines", "write_text", "write_bytes"}
#: calls that copy one argument into the file object or path that is another: (content, file)
_DUMPERS = {"dump": (0, 1), "safe_dump": (0, 1), "copyfileobj": (0, 1), "print": (0, None)}
_ROWS = {"writerow", "writerows"}
_COPIERS = {"copy", "copy2", "copyfile", "move"}


@dataclass(frozen=True, slots=True)
class Write:
    """`content` goes into the file at `path` by `call`.

    `copied` says that `content` is a path itself, of a file that is copied or, where it is `path`, was downloaded;
    `appended` that what the file held before stays. Where it is `unnamed`, the file has no path that is known, and
    `path` is the file object, into which a writer of rows writes.
    """

    call: ast.Call
    path: ast.expr
    content: ast.expr
    copied: bool = False
    appended: bool = False
    unnamed: bool = False

    @property
    def fixed(self) -> bool:
        """Whether the content is written out in the code, so that it is not a user's data."""
        return isinstance(self.content, ast.Constant) and not self.copied


def writes_in(scope: ScopeNode) -> list[Write]:
    """The writes of one scope, in source order; those of functions within it are theirs."""
    opened = _Opened(scope)
    found = (_write(call, opened) or _download(call) for call in calls_in(scope))
    return sorted(
        (write for write in found if write is not None), key=lambda write: (write.call.lineno, write.call.col_offset)
    )


def functions_of(tree: ast.Module) -> Iterator[FunctionNode]:
    """All functions of a module, methods and nested ones included."""
    return (node for node in walk(tree).nodes if isinstance(node, FunctionNode))


def nodes_in(scope: ScopeNode) -> tuple[ast.AST, ...]:
    """The nodes of one scope with those of lambdas in it, and nothing of the functions and classes within it."""
    known = _NODES.get(scope)
    if known is None:
        found = list(own_nodes(scope))
        for node in found:  # it grows by what is in lambdas
            if isinstance(node, ast.Lambda):
                found += own_nodes(node)
        known = _NODES[scope] = tuple(found)
    return known


def calls_in(scope: ScopeNode) -> Iterator[ast.Call]:
    """The calls of one scope."""
    return (node for node in nodes_in(scope) if isinstance(node, ast.Call))


def expressions_in(scope: ScopeNode) -> Iterator[ast.expr]:
    """The expressions of one scope."""
    return (node for node in nodes_in(scope) if isinstance(node, ast.expr))


@dataclass(frozen=True, slots=True)
class _Opening:
    """A call that opens a file. `place` is where it is."""

    path: ast.expr
    appends: bool
    place: tuple[int, int]


class _Opened:
    """The open files of a scope by the names they are bound to; a name may be bound to one file after the other."""

    def __init__(self, scope: ScopeNode) -> None:
        self._scope = scope

    @cached_property
    def _bound(self) -> tuple[dict[str, list[_Opening]], dict[str, ast.expr]]:
        """What opens a file, and the file objects that writers of rows write into; most functions never ask."""
        openings: dict[str, list[_Opening]] = {}
        writers: dict[str, ast.expr] = {}
        for node in nodes_in(self._scope):
            match node:
                case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
                    pass
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    pass
                case _:
                    continue
            opening = _opening(value) or _temporary(value, name)
            if opening is not None:
                openings.setdefault(name, []).append(opening)
            elif (file := _written_by(value)) is not None:
                writers[name] = file
        return openings, writers

    def behind(self, writer: ast.expr) -> ast.expr | None:
        """The file object that a writer of rows (`csv.writer(file)`, or a name for one) writes into."""
        return self._bound[1].get(writer.id) if isinstance(writer, ast.Name) else _written_by(writer)

    def by(self, file: ast.expr, use: ast.Call) -> _Opening | None:
        """How the file object `file` was opened: of a name, the last opening before `use`, else the first."""
        if not isinstance(file, ast.Name):
            return _opening(file)
        openings = sorted(self._bound[0].get(file.id, []), key=lambda opening: opening.place)
        before = [opening for opening in openings if opening.place <= _place(use)]
        return before[-1] if before else next(iter(openings), None)


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _write(call: ast.Call, opened: _Opened) -> Write | None:
    arguments = call.args
    match call.func:
        case ast.Attribute(value=receiver, attr=method) if method in _WRITERS and arguments:
            opening = opened.by(receiver, call)
            if opening is not None:
                return Write(call, opening.path, arguments[0], appended=opening.appends)
            path = _path_object(receiver) if method.startswith("write_") else None
            return Write(call, path, arguments[0]) if path is not None else None
        case ast.Attribute(value=receiver, attr=method) if method in _ROWS and arguments:
            file = opened.behind(receiver)
            opening = opened.by(file, call) if file is not None else None
            if opening is not None:
                return Write(call, opening.path, arguments[0], appended=opening.appends)
            return Write(call, file, arguments[0], unnamed=True) if isinstance(file, ast.Name) else None
        case ast.Attribute(attr=method) if method in _COPIERS and len(arguments) == 2:
            return Write(call, arguments[1], arguments[0], copied=True)
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in _DUMPERS and arguments:
            content, position = _DUMPERS[name]
            file = next((keyword.value for keyword in call.keywords if keyword.arg in ("file", "fp", "stream")), None)
            if file is None and position is not None and len(arguments) > position:
                file = arguments[position]
            opening = opened.by(file, call) if file is not None else None
            if opening is not None:
                return Write(call, opening.path, arguments[content], appended=opening.appends)
    return None


def _download(call: ast.Call) -> Write | None:
    """What fills a local path: `Filename` of boto3's `download_file`, `filename` of `urlretrieve`."""
    match call.func:
        case ast.Attribute(attr="download_file" | "urlretrieve") | ast.Name(id="urlretrieve"):
            named = [keyword.value for keyword in call.keywords if keyword.arg in ("Filename", "filename")]
            path = next(iter(named or call.args[-1:]), None)
            return None if path is None else Write(call, path, path, copied=True)
    return None


def _path_object(expression: ast.expr) -> ast.expr | None:
    """The path in `Path(path)`, or the variable that holds the `Path`."""
    match expression:
        case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[path]):
            return path
        case ast.Name() | ast.Attribute():
            return expression
    return None


def _opening(call: ast.expr) -> _Opening | None:
    """How `open(path, mode)` or `path.open(mode)` opens which file, None where `call` is something else."""
    match call:
        case ast.Call(func=ast.Name(id="open") | ast.Attribute(value=ast.Name(id="io" | "codecs"), attr="open")):
            named = [keyword.value for keyword in call.keywords if keyword.arg == "file"]
            path = next(iter(call.args + named), None)
            modes = call.args[1:2]
        case ast.Call(func=ast.Attribute(value=receiver, attr="open")):
            path = _path_object(receiver)
            modes = call.args[:1]
        case _:
            return None
    modes += [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    return None if path is None else _Opening(path, bool(modes) and _appends(modes[0]), _place(call))


def _temporary(call: ast.expr, name: str) -> _Opening | None:
    """A temporary file by the name it is bound to: its path is its attribute `name`."""
    match call:
        case ast.Call(func=ast.Name(id="NamedTemporaryFile") | ast.Attribute(attr="NamedTemporaryFile")):
            path = ast.Attribute(ast.Name(name, ast.Load()), "name", ast.Load())
            return _Opening(path, False, _place(call))
    return None


def _written_by(call: ast.expr) -> ast.expr | None:
    """The file object that `csv.writer(file)` or `csv.DictWriter(file, …)` was given."""
    match call:
        case ast.Call(func=ast.Attribute(attr="writer" | "DictWriter") | ast.Name(id="DictWriter"), args=[file, *_]):
            return file
    return None


def _appends(mode: ast.expr) -> bool:
    """Whether a mode keeps what the file holds, or may be one that does."""
    return not (isinstance(mode, ast.Constant) and ("w" in str(mode.value) or "x" in str(mode.value)))
