"""Whether the data can lead a path to another file than the application means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.module import FunctionNode
from sls_lab.python.pieces import Piece
from sls_lab.python.walking import own_nodes
from sls_lab.taint.judge.definitions import Defined
from sls_lab.taint.judge.object_classes import property_of
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.judge.transfers import transfer_of

#: Methods of `pathlib.Path`, whose receiver is the path, and modules that have functions of the same names.
_PATH_METHODS: Final = frozenset(
    {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rmdir", "rename", "replace"}
)
_FILE_MODULES: Final = frozenset({"builtins", "os", "io", "codecs", "gzip", "bz2", "lzma"})
_TWO_PATHS: Final = frozenset({"rename", "replace", "copy", "copy2", "copyfile", "copytree", "move"})
_PATH_PARAMETERS: Final = frozenset({"file", "path", "src", "dst", "name", "path_or_file"})

#: Functions whose results hold no folder.
_BASE_NAMES: Final = frozenset({"os.path.basename", "posixpath.basename", "ntpath.basename"})
_CLEANED: Final = frozenset({"werkzeug.utils.secure_filename", "werkzeug.secure_filename"})
_MADE: Final = frozenset({"uuid.uuid1", "uuid.uuid4", "builtins.int", "builtins.float", "builtins.len"})
_FOLDERS: Final = frozenset({"tempfile.gettempdir", "tempfile.mkdtemp"})
_PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"})
#: Functions that return what others return are followed through so many.
_DEPTH: Final = 4
_SPLITS: Final = frozenset({"os.path.split", "posixpath.split"})


def file_path(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data cannot choose another file than the application means."""
    return _last_part(call, reading) or _local_copy(call, reading)


def _last_part(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the data cannot choose another folder."""
    parts = [piece for path in _paths(call, reading) for pieces in reading.strings(path) for piece in pieces]
    if not parts or not all(_cannot_leave(piece, reading) for piece in parts):
        return None
    cleaned = next((piece for piece in parts if reading.is_data(piece)), None)
    return reading.reason("only the last part of the name is used", cleaned)


def _local_copy(call: ast.Call, reading: Reading) -> Reason | None:
    """Why the local path of a transfer is but the name of the object itself.

    An upload under the file's own name keeps what the function has at hand under that name, and the key of an object
    that a listing gave names its copy. A download to a path that the caller chooses may overwrite any file.
    """
    transfer = transfer_of(call, reading)
    if transfer is None or transfer.path is None or transfer.key is None:
        return None
    listed = reading.source is not None and reading.source.called
    if transfer.downloads and not listed:
        return None
    in_path, in_key = _data(transfer.path, reading), _data(transfer.key, reading)
    if not in_path or not in_path <= in_key:
        return None
    return reading.reason("the object and its local copy have the same name")


def _data(leaf: Leaf, reading: Reading) -> set[str]:
    """The parts of a string that may be of the data, as they are written."""
    parts = (piece for pieces in reading.strings(leaf) for piece in pieces)
    return {ast.dump(piece.node) for piece in parts if reading.is_data(piece)}


def _paths(call: ast.Call, reading: Reading) -> Iterator[Leaf]:
    """The paths among a call's arguments."""
    transfer = transfer_of(call, reading)
    if transfer is not None:
        if transfer.path is not None:
            yield transfer.path
        return
    name = reading.called(call.func)
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    paths = [one for one in call.args if not isinstance(one, ast.Starred)]
    if receiver is not None and name in _PATH_METHODS and not _is_module(receiver, reading):
        paths = [receiver, *(paths if name in _TWO_PATHS else ())]  # `Path(name).read_text()`
    elif name not in _TWO_PATHS:
        paths = paths[:1]
    yield from map(reading.leaf, paths)
    yield from (reading.leaf(keyword.value) for keyword in call.keywords if keyword.arg in _PATH_PARAMETERS)


def _is_module(expression: ast.expr, reading: Reading) -> bool:
    return reading.means(reading.leaf(expression), _FILE_MODULES)


def _cannot_leave(part: Piece, reading: Reading, depth: int = 0) -> bool:
    """Whether a part of a path is not of the data, or a name without folders: `x.split("/")[-1]`.

    So is what a function of the application returns, if all that it may return is; `depth` counts such functions.
    """
    if not reading.is_data(part):
        return True
    match part.node:
        case ast.Call(func=function, args=args, keywords=keywords):
            called = Leaf(function, part.scopes)
            given = [*args, *(keyword.value for keyword in keywords)]
            if reading.means(called, _FOLDERS):
                return all(reading.whole(Leaf(one, part.scopes)) for one in given)
            if reading.means(called, _BASE_NAMES | _CLEANED | _MADE):
                return True
            return _returns_name(reading.meant(called), reading, depth)
        case ast.Attribute(attr="name" | "stem" | "suffix", value=ast.Call(func=function)):
            return reading.means(Leaf(function, part.scopes), _PATHS)
        case ast.Attribute() if (read := property_of(Leaf(part.node, part.scopes), reading)) is not None:
            return _returns_name(read, reading, depth, is_property=True)
        case ast.Attribute(attr="hex" | "int", value=ast.Call(func=function)):
            return reading.means(Leaf(function, part.scopes), {"uuid.uuid1", "uuid.uuid4"})
    return is_last_part(Leaf(part.node, part.scopes), reading)


def _returns_name(meant: Defined | None, reading: Reading, depth: int, *, is_property: bool = False) -> bool:
    """Whether a function of the application returns nothing but names without folders."""
    if meant is None or depth >= _DEPTH or not isinstance(meant.node, FunctionNode):
        return False
    if not is_property and not _is_plain(meant.node):
        return False
    spec = meant.node.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, *filter(None, (spec.vararg, spec.kwarg))]
    inner = reading.within(meant.module, meant.node, frozenset(one.arg for one in every))
    given = [one.value for one in own_nodes(meant.node) if isinstance(one, ast.Return)]
    return bool(given) and all(
        value is not None
        and all(
            _cannot_leave(piece, inner, depth + 1)
            for pieces in inner.strings(Leaf(value, inner.scopes_of(value)))
            for piece in pieces
        )
        for value in given
    )


def _is_plain(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a call of a function gives what its body returns."""
    return not any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function)) and all(
        isinstance(one, ast.Name) and one.id in ("staticmethod", "classmethod") for one in function.decorator_list
    )


def is_last_part(leaf: Leaf, reading: Reading) -> bool:
    """Whether an expression is what follows the last slash of a string: `x.split("/")[-1]`."""
    match leaf.node:
        case ast.Subscript(value=ast.Call() as inner, slice=index):
            return _is_last(inner, index, Leaf(inner.func, leaf.scopes), reading)
    return False


def _is_last(call: ast.Call, index: ast.expr, function: Leaf, reading: Reading) -> bool:
    """Whether `call[index]` is what follows the last slash of a string."""
    last = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and _is(index.operand, 1)
    if reading.means(function, _SPLITS):
        return last or _is(index, 1)
    separator = call.args[0] if call.args else next((one.value for one in call.keywords if one.arg == "sep"), None)
    if not isinstance(call.func, ast.Attribute) or separator is None:
        return False
    if reading.text(Leaf(separator, function.scopes)) != "/":
        return False
    limited = len(call.args) > 1 or any(keyword.arg == "maxsplit" for keyword in call.keywords)
    match call.func.attr:
        case "split":
            return last and not limited  # what follows the first slash may have others
        case "rsplit":
            return last
        case "rpartition":
            return last or _is(index, 2)
    return False


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value
