"""What the source of a call shows that taint alone does not: whether the sink it reaches is one after all.

Pysa knows which argument the data reaches. Whether a list of arguments starts a shell, whether a YAML loader is safe,
whether only the end of a URL comes from outside, is seen in the text of the call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.binding import BindingKind
from sls_lab.python.pieces import Scopes
from sls_lab.taint.judge.addresses import request_url
from sls_lab.taint.judge.call_arguments import argument
from sls_lab.taint.judge.file_paths import file_path
from sls_lab.taint.judge.mails import mail_message
from sls_lab.taint.judge.mongo_filters import mongo_filter
from sls_lab.taint.judge.platform_values import own_object
from sls_lab.taint.judge.processes import program_name, reads_no_command, shell_command, shell_script
from sls_lab.taint.judge.reading import Leaf, Reading
from sls_lab.taint.model import Rule

_SAFE_LOADERS: Final = frozenset(
    f"yaml.{module}{loader}"
    for module in ("", "loader.", "cyaml.")
    for loader in ("SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader")
)
_FILTERS: Final = frozenset({"tarfile.data_filter", "tarfile.tar_filter"})
#: The beginning of a module's name that names a package: `..views`, which is relative, or `plugins.`.
_RELATIVE: Final = re.compile(r"\.+|\w+(?:\.\w+)*\.")
_FIXED_PACKAGE: Final = re.compile(r"\.+\w|\w+(?:\.\w+)*\.")


def harmless(rule: Rule, call: ast.Call, reading: Reading) -> Reason | None:
    """Why `call`, at which a flow of `rule` ends, is not a sink of that rule; None where nothing speaks against it.

    `reading` is what is known around the call. Only what the source shows counts: where an argument is computed
    elsewhere, the answer is None.
    """
    check = _CHECKS.get(rule.name)
    return one_of_literals(call, reading) or (check(call, reading) if check else None)


def one_of_literals(call: ast.Call, reading: Reading) -> Reason | None:
    """Why no data reaches a call: all that it is given is written out, and the data only chose which of it.

    So is a part of what holds the data elsewhere: `{**event, "kind": "fixed"}["kind"]`.
    """
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    inner = (node for argument in given for node in ast.walk(argument) if isinstance(node, ast.expr))
    chosen = next((found for node in inner if (found := _choice(reading.leaf(node), reading)) is not None), None)
    written = all(
        piece.text is not None
        for argument in given
        if not isinstance(argument, ast.Constant)
        for pieces in reading.strings(reading.leaf(argument))
        for piece in pieces
    )
    if not written:
        return None
    if chosen is not None:
        return Reason("the data only chooses one of the strings that are written out here", reading.span(*chosen))
    parts = [part for argument in given for part in _parts(argument)]
    if not parts or not all(_is_made_here(reading.leaf(node.value), reading) for node in parts):
        return None
    return reading.reason("the data is beside this part, which is written out")


def _parts(node: ast.AST) -> Iterator[ast.Subscript | ast.Attribute]:
    """The elements and attributes that a string is put together from."""
    if isinstance(node, ast.Subscript | ast.Attribute):
        yield node
    else:
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def _is_made_here(leaf: Leaf, reading: Reading) -> bool:
    """Whether something is made in the function of the call, and nothing is given it but what leaves it as it is."""
    if isinstance(leaf.node, ast.Name) and not reading.is_left_alone(leaf):
        return False
    return isinstance(reading.resolved(leaf).node, ast.Dict | ast.List | ast.Tuple | ast.BinOp | ast.Call)


def _choice(leaf: Leaf, reading: Reading) -> tuple[ast.AST, Scopes] | None:
    """What lets data choose a string: `case "a" | "b" as name` for `name`, an enumeration for `Class(data).value`."""
    match leaf.node:
        case ast.Name():
            found = reading.bindings_of(leaf)
            captures = (one for one in found if isinstance(one.node, ast.MatchAs) and one.kind is BindingKind.VALUE)
            return next(((one.node, leaf.scopes) for one in captures), None)
        case ast.Attribute(value=value, attr="value" | "name"):
            made = reading.resolved(Leaf(value, leaf.scopes))
            return (made.node, made.scopes) if isinstance(made.node, ast.Call) else None
    return None


def _deserialisation(call: ast.Call, reading: Reading) -> Reason | None:
    if reading.called(call.func) not in {"load", "load_all"}:
        return None
    given = argument(call, 1, "Loader")
    if given is None or not reading.means(reading.leaf(given), _SAFE_LOADERS):
        return None
    return reading.reason(f"{reading.called(given)} makes plain data alone", reading.leaf(given))


def _relative_import(call: ast.Call, reading: Reading) -> Reason | None:
    """Of `import_module("..views" + name, __name__)` the package is fixed: nothing else than its modules is loaded."""
    given = argument(call, 0, "name")
    if given is None or not reading.means(reading.leaf(call.func), {"importlib.import_module"}):
        return None
    strings = reading.strings(reading.leaf(given))
    package = argument(call, 1, "package")
    # With a package that is fixed, one dot is enough to stay within it.
    fixed = _RELATIVE if package is not None and reading.whole(reading.leaf(package)) else _FIXED_PACKAGE
    if not all(fixed.match(reading.leading(pieces)) for pieces in strings):
        return None
    return reading.reason("only modules of a fixed package can be loaded", reading.leaf(given))


def _archive(call: ast.Call, reading: Reading) -> Reason | None:
    chosen = argument(call, None, "filter")
    if chosen is None:
        return None
    if reading.text(reading.leaf(chosen)) not in {"data", "tar"} and not reading.means(reading.leaf(chosen), _FILTERS):
        return None
    return reading.reason("the filter keeps every member in the folder", reading.leaf(chosen))


def _deletion(_: ast.Call, reading: Reading) -> Reason | None:
    return own_object(reading.source) if reading.source is not None else None


_CHECKS: Final[Mapping[str, Callable[[ast.Call, Reading], Reason | None]]] = {
    "ShellCommand": shell_command,
    "ProgramName": program_name,
    "ShellScript": shell_script,
    "QuotedCommand": reads_no_command,
    "Deserialisation": _deserialisation,
    "ArchiveExtraction": _archive,
    "MongoFilter": mongo_filter,
    "MailMessage": mail_message,
    "CodeEvaluation": _relative_import,
    "RequestUrl": request_url,
    "ObjectDeletion": _deletion,
    "FileAccess": file_path,
    "FileRemoval": file_path,
}
