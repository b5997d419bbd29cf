"""Code and serialised objects: recorded and not run; what is plainly data is answered with its value."""

from __future__ import annotations

import ast
import builtins
import importlib
import io
import pickletools
import sys
from collections.abc import Mapping
from types import CodeType
from typing import Any, Final

from sls_lab.replay.child.recorder import Recorder, put

_LONGEST: Final = 4_000  #: characters of an expression that is worked out
_LARGEST: Final = 10**12  #: of an operand of `*`, so that no expression takes memory
#: Opcodes of a pickle that name or call something beyond plain data.
#: https://docs.python.org/3/library/pickletools.html
_CALLING: Final = frozenset({"GLOBAL", "STACK_GLOBAL", "REDUCE", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "BUILD", "EXT1"})


class Evaluation:
    """Takes the place of `eval`, `exec`, `compile`, `pickle`, `marshal` and `yaml` where the application calls them."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._eval, self._exec, self._compile = builtins.eval, builtins.exec, builtins.compile

    def install(self) -> None:
        """Put the recorder in the place of the builtins and of what unpickles."""
        put(builtins, [("eval", self._evaluate), ("exec", self._execute), ("compile", self._compiled)])
        pickle = importlib.import_module("pickle")
        self._loads = pickle.loads
        put(pickle, [("loads", self._unpickled), ("load", self._unpickled_file)])
        yaml = _optional("yaml")
        if yaml is not None:
            self._yaml = yaml
            self._yaml_load = yaml.load
            put(yaml, [(name, self._yaml_loader(name, getattr(yaml, name))) for name in ("load", "load_all")])
            unsafe = ("unsafe_load", "unsafe_load_all", "full_load", "full_load_all")
            put(yaml, [(name, self._yaml_loader(name, getattr(yaml, name))) for name in unsafe])

    def _evaluate(self, source: Any, globals: Any = None, locals: Any = None, /) -> Any:
        frame = sys._getframe(1)
        known = frame.f_globals if globals is None else globals
        inner = (frame.f_locals if globals is None else globals) if locals is None else locals
        if not self._recorder.watching():
            return self._eval(source, known, inner)
        text = self._source(source)
        self._recorder.danger("code", "eval", text)
        return worked_out(text, {**_plain_names(known), **_plain_names(inner)})

    def _execute(self, source: Any, globals: Any = None, locals: Any = None, /, **given: Any) -> None:
        if not self._recorder.watching():
            frame = sys._getframe(1)
            known = frame.f_globals if globals is None else globals
            inner = (frame.f_locals if globals is None else globals) if locals is None else locals
            self._exec(source, known, inner, **given)
            return
        self._recorder.danger("code", "exec", self._source(source))

    def _compiled(self, source: Any, *rest: Any, **given: Any) -> Any:
        made = self._compile(source, *rest, **given)
        if isinstance(made, CodeType) and self._recorder.watching():
            self._recorder.sources[id(made)] = self._source(source)
            self._recorder.danger("code", "compile", self._source(source))
        return made

    def _source(self, source: Any) -> str:
        if isinstance(source, bytes | bytearray):
            return bytes(source).decode("utf-8", "backslashreplace")
        if isinstance(source, ast.AST):
            return ast.unparse(source)
        return self._recorder.sources.get(id(source), str(source))

    def _unpickled(self, data: Any, /, **given: Any) -> Any:
        if not self._recorder.watching():
            return self._loads(data, **given)
        self._recorder.danger("pickle", "pickle.loads", bytes(data), calls=calls_of_pickle(bytes(data)))
        return {} if calls_of_pickle(bytes(data)) else self._loads(data, **given)

    def _unpickled_file(self, file: Any, /, **given: Any) -> Any:
        data = file.read()
        if not self._recorder.watching():
            return self._loads(data, **given)
        self._recorder.danger("pickle", "pickle.load", data, calls=calls_of_pickle(data))
        return {} if calls_of_pickle(data) else self._loads(data, **given)

    def _yaml_loader(self, name: str, original: Any) -> Any:
        def load(stream: Any, *rest: Any, **given: Any) -> Any:
            loader = given.get("Loader", rest[0] if rest else None)
            kind = getattr(loader, "__name__", name)
            if not self._recorder.watching() or "Safe" in kind or kind == "BaseLoader":
                return original(stream, *rest, **given)
            text = stream.read() if hasattr(stream, "read") else stream
            if isinstance(text, bytes):
                text = text.decode("utf-8", "backslashreplace")
            self._recorder.danger("yaml", f"yaml.{name}", text, loader=kind)
            safe = self._yaml.safe_load_all if name.endswith("_all") else self._yaml.safe_load
            try:
                found = safe(io.StringIO(text))
                return list(found) if name.endswith("_all") else found
            except self._yaml.constructor.ConstructorError:
                return {}  # a tag that makes an object: it is not made

        return load


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def calls_of_pickle(data: bytes) -> list[str]:
    """What a pickle would name or call when it is read; empty for plain data. What is not a pickle calls nothing."""
    found = []
    strings: list[str] = []
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if isinstance(argument, str):
                strings.append(argument)
            if opcode.name in _CALLING:
                found.append(" ".join(strings[-2:]) if opcode.name == "STACK_GLOBAL" else str(argument or opcode.name))
    except (ValueError, IndexError, EOFError, UnicodeDecodeError):
        return found
    return found


def _plain_names(names: Any) -> dict[str, Any]:
    if not isinstance(names, Mapping):
        return {}
    return {key: value for key, value in names.items() if isinstance(value, str | int | float | bool | None)}


def worked_out(text: str, names: Mapping[str, Any]) -> Any:
    """The value of an expression of numbers, strings, names of such, comparisons and arithmetic; else None."""
    if len(text) > _LONGEST:
        return None
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError, MemoryError):
        return None


_OPERATIONS: Final[Mapping[type[ast.AST], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.USub: lambda a: -a,
    ast.UAdd: lambda a: +a,
    ast.Not: lambda a: not a,
}


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names[name]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_value(element, names) for element in elements]
        case ast.UnaryOp(op=op, operand=operand):
            return _OPERATIONS[type(op)](_value(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, names), _value(right, names)
            if not all(isinstance(side, int | float) and abs(side) < _LARGEST for side in (a, b)) and not (
                isinstance(op, ast.Add) and isinstance(a, str) and isinstance(b, str)
            ):
                raise ValueError("an operation that is not worked out")
            return _OPERATIONS[type(op)](a, b)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _OPERATIONS[type(op)](_value(left, names), _value(right, names))
        case ast.BoolOp(op=op, values=values):
            found = [_value(value, names) for value in values]
            return all(found) if isinstance(op, ast.And) else any(found)
    raise ValueError("an expression that is not worked out")
