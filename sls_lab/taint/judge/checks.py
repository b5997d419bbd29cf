"""What the text of a call tells that taint alone does not: whether the sink it reaches is one after all.

Pysa knows which argument the data reaches. Whether a list of arguments starts a shell, whether a YAML loader is safe,
whether only the end of a URL comes from outside, stands in the text of the call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Final

from sls_lab.facts import Reason
from sls_lab.python.module import Module
from sls_lab.python.positions import enclosing_function, span_of
from sls_lab.taint.judge.strings import Scope, is_setting
from sls_lab.taint.model import Rule

_SHELLS: Final = frozenset({"sh", "ash", "bash", "dash", "ksh", "zsh"})
_SAFE_LOADERS: Final = frozenset({"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"})
#: Methods of `pathlib.Path`, whose receiver is the path, and modules that have functions of the same names.
_PATH_METHODS: Final = frozenset(
    {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rmdir", "rename", "replace"}
)
_FILE_MODULES: Final = frozenset({"os", "io", "codecs", "gzip", "bz2", "lzma"})
_TWO_PATHS: Final = frozenset({"rename", "replace", "copy", "copy2", "copyfile", "copytree", "move"})
_PATH_PARAMETERS: Final = frozenset({"file", "path", "src", "dst", "name", "path_or_file"})
#: Functions whose results hold no folder of the data's choice.
_PLAIN_NAMES: Final = frozenset({"basename", "secure_filename", "uuid1", "uuid4", "int", "gettempdir", "mkdtemp"})
_SAFE_FILTERS: Final = frozenset({"data", "tar", "data_filter", "tar_filter"})
_PROCESS_FUNCTIONS: Final = frozenset({"run", "call", "check_call", "check_output", "Popen"})
#: A scheme and a whole host, or a setting of the deployment, and then the end of the host.
_FIXED_HOST: Final = re.compile(rf"(?:[a-z][a-z+.-]*://[^/?#]+|{Scope.SETTING}[^/?#]*)[/?#]", re.IGNORECASE)


#: What speaks against a sink, and the node that shows it.
_Finding = tuple[str, ast.AST]


def harmless(rule: Rule, call: ast.Call, module: Module) -> Reason | None:
    """Why `call`, at which a flow of `rule` ends, is no sink of its; None where nothing speaks against it.

    `module` is the one in which the call stands. Only what the text shows counts: where an argument is computed
    elsewhere, the answer is None.
    """
    check = _CHECKS.get(rule.name)
    finding = check(call, Scope(module.tree, enclosing_function(module, call))) if check else None
    if finding is None:
        return None
    text, node = finding
    # What was read off a format string has no place of its own.
    return Reason(text, span_of(module, node if hasattr(node, "lineno") else call))


def _shell_command(call: ast.Call, scope: Scope) -> _Finding | None:
    if not _starts_process(call):
        return None
    if not _may_use_shell(call):
        return "no shell is used", call
    return _fixed_first(call, scope)


def _program_name(call: ast.Call, scope: Scope) -> _Finding | None:
    if not _starts_process(call):
        return None
    return (
        _fixed_first(call, scope) if not _may_use_shell(call) else ("a shell is used, which decides the program", call)
    )


def _shell_script(call: ast.Call, scope: Scope) -> _Finding | None:
    words = scope.list_of(argument(call, 0, "args"))
    if words is None or len(words) < 3:
        return "no shell is started with a script", call
    program, option = (scope.text(word) for word in words[:2])
    shell = program is None or program.rpartition("/")[2] in _SHELLS  # what is not known may be a shell
    script = option is not None and re.fullmatch(r"-[a-z]*c", option) is not None
    return None if shell and script else ("no shell is started with a script", words[0])


def _starts_process(call: ast.Call) -> bool:
    return name_of(call.func) in _PROCESS_FUNCTIONS


def _may_use_shell(call: ast.Call) -> bool:
    """False only where the call says so or says nothing."""
    for keyword in call.keywords:
        if keyword.arg == "shell":
            return not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
    return any(keyword.arg is None for keyword in call.keywords)


def _fixed_first(call: ast.Call, scope: Scope) -> _Finding | None:
    """Of a list the first element alone is the program or, with a shell, the command."""
    words = scope.list_of(argument(call, 0, "args"))
    if words and scope.text(words[0]) is not None:
        return "the data is an argument of a fixed program", words[0]
    return None


def _deserialisation(call: ast.Call, scope: Scope) -> _Finding | None:
    if name_of(call.func) not in {"load", "load_all"}:
        return None
    given = argument(call, 1, "Loader")
    loader = name_of(given)
    return (f"{loader} makes plain data alone", given or call) if loader in _SAFE_LOADERS else None


def _archive(call: ast.Call, scope: Scope) -> _Finding | None:
    chosen = argument(call, None, "filter")
    name = chosen.value if isinstance(chosen, ast.Constant) else name_of(chosen)
    return ("the filter keeps every member in the folder", chosen or call) if name in _SAFE_FILTERS else None


def _request_url(call: ast.Call, scope: Scope) -> _Finding | None:
    url = argument(call, 0, "url")
    method = scope.text(url)
    if name_of(call.func) in {"request", "stream"} or (method is not None and method.isalpha() and method.isupper()):
        url = argument(call, 1, "url")
    if isinstance(url, ast.Call) and name_of(url.func) == "Request":
        url = argument(url, 0, "url")
    if name_of(call.func) in {"HTTPConnection", "HTTPSConnection"} or url is None:
        return None
    return ("the host is fixed", scope.leaves(url)[0]) if _FIXED_HOST.match(scope.leading(url)) else None


def _file(call: ast.Call, scope: Scope) -> _Finding | None:
    paths = list(call.args)
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if owner is not None and name_of(call.func) in _PATH_METHODS and name_of(owner) not in _FILE_MODULES:
        paths = [owner]  # `Path(name).read_text()`
        if name_of(call.func) in {"rename", "replace"}:
            paths += call.args
    elif name_of(call.func) not in _TWO_PATHS:
        paths = paths[:1]
    paths += [keyword.value for keyword in call.keywords if keyword.arg in _PATH_PARAMETERS]
    leaves = [leaf for path in paths for leaf in scope.leaves(path)]
    if not leaves or not all(map(_cannot_leave, leaves)):
        return None
    cleaned = next((leaf for leaf in leaves if not isinstance(leaf, ast.Constant)), call)
    return "only the last part of the name is used", cleaned


def _cannot_leave(part: ast.expr) -> bool:
    """Whether a part of a path is fixed or a name without folders: `x.split("/")[-1]`, `os.path.split(x)[1]`."""
    match part:
        case ast.Constant():
            return True
        case ast.Call(func=function):
            return name_of(function) in _PLAIN_NAMES or is_setting(part)
        case ast.Attribute(attr="name" | "stem" | "hex", value=ast.Call(func=function)):
            return name_of(function) in {"Path", "PurePath", "PurePosixPath", "uuid1", "uuid4"}
        case ast.Subscript(value=ast.Call(func=ast.Attribute(attr=attr), args=args), slice=index):
            last = isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub) and _is(index.operand, 1)
            if attr in {"split", "rsplit"} and args and _is(args[0], "/"):
                return last
            return (attr == "rpartition" and (last or _is(index, 2))) or (attr == "split" and (last or _is(index, 1)))
    return is_setting(part)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def argument(call: ast.Call, position: int | None, name: str) -> ast.expr | None:
    """The argument given at `position` (from 0; None for keyword-only) or by `name`, None where it cannot be seen."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is None or position >= len(call.args) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    return call.args[position]


def name_of(expression: ast.expr | None) -> str | None:
    """The last name of `a.b.c`, `c` for a bare name; None for all else."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


_CHECKS: Final[Mapping[str, Callable[[ast.Call, Scope], _Finding | None]]] = {
    "ShellCommand": _shell_command,
    "ProgramName": _program_name,
    "ShellScript": _shell_script,
    "Deserialisation": _deserialisation,
    "ArchiveExtraction": _archive,
    "RequestUrl": _request_url,
    "FileAccess": _file,
    "FileRemoval": _file,
}
