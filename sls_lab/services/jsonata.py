"""JSONata in state machines: what an expression makes of a state's data, as a Python expression.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html and https://docs.jsonata.org/
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sls_lab.services import build
from sls_lab.services.inputs import entry_of, plain
from sls_lab.services.jsonata_functions import FUNCTIONS, as_string, concatenated
from sls_lab.template.shared.node import Node

_WRAPPED: Final = re.compile(r"\s*\{%(?P<expression>.*)%\}\s*", re.DOTALL)
_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>\d+(?:\.\d+)?)
    |(?P<variable>\$[A-Za-z_]\w*)|(?P<name>`[^`]*`|[A-Za-z_]\w*)
    |(?P<mark>:=|!=|<=|>=|[-+*/%&?:.,;(){}\[\]=<>]))""",
    re.VERBOSE,
)
_MAX_LENGTH, _MAX_DEPTH = 20_000, 40
_LEVELS: Final = (("or",), ("and",), ("=", "!=", "<", ">", "<=", ">=", "in"), ("&",), ("+", "-"), ("*", "/", "%"))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an expression can refer to: `$states.input`, `$states.result`, a map's item, and the variables assigned.

    `unknown` is the value of a variable that was assigned before the part of the machine that is looked at. `item` is
    that of the map around, None within its states, where it is taken for what they are given.
    """

    input: ast.expr
    result: ast.expr | None
    unknown: ast.expr
    variables: Mapping[str, ast.expr] = field(default_factory=dict)
    item: ast.expr | None = None


def evaluated(node: Node, around: Surroundings) -> ast.expr:
    """A template's value with each `{% … %}` in it replaced by what it makes of `around`."""
    if isinstance(node.value, Mapping):
        return build.record({key: evaluated(entry, around) for key, entry in node.mapping.items()})
    if isinstance(node.value, tuple):
        return ast.List([evaluated(entry, around) for entry in node.items], ast.Load())
    found = _WRAPPED.fullmatch(str(node.pattern)) if node.pattern is not None else None
    return _expression(found["expression"], around) if found is not None else plain(node)


class _Unreadable(Exception):
    """An expression that is not of the language, or of a part of it that is not followed."""


def _expression(text: str, around: Surroundings) -> ast.expr:
    try:
        if len(text) > _MAX_LENGTH:
            raise _Unreadable
        parser = _JsonataParser(tuple(_tokens(_COMMENT.sub(" ", text))), around, around.variables)
        value = parser.sequence()
        if parser.left:
            raise _Unreadable
    except _Unreadable:
        # Whatever it makes, it makes of the state's data.
        parts = [around.input] if around.result is None else [around.input, around.result]
        return concatenated(parts)
    return value


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise _Unreadable
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


@dataclass(frozen=True, slots=True)
class _Function:
    """`function($a, $b) { … }`: its parameters and the tokens of its body."""

    parameters: tuple[str, ...]
    body: tuple[tuple[str, str], ...]


class _JsonataParser:
    """Reads one expression and builds its value at once; `context` is what bare names are fields of."""

    def __init__(
        self,
        tokens: Sequence[tuple[str, str]],
        around: Surroundings,
        variables: Mapping[str, ast.expr],
        context: ast.expr | None = None,
        depth: int = 0,
    ) -> None:
        self.tokens = tokens
        self.around = around
        self.variables = dict(variables)
        self.context = context
        self.depth = depth
        self.at = 0

    @property
    def left(self) -> bool:
        """Whether there is more to read."""
        return self.at < len(self.tokens)

    def sequence(self) -> ast.expr:
        """`a; b; c`: the last one's value; `$x := …` binds a variable for those that follow."""
        value = self._bound()
        while self._take(";"):
            value = self._bound()
        return value

    def _peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else ("end", "")

    def _next(self, kind: str) -> str:
        found, text = self._peek()
        if found != kind:
            raise _Unreadable
        self.at += 1
        return text

    def _take(self, word: str) -> bool:
        kind, text = self._peek()
        if text != word or kind not in ("mark", "name"):
            return False
        self.at += 1
        return True

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise _Unreadable

    def _bound(self) -> ast.expr:
        if self._peek()[0] == "variable" and self._peek(1) == ("mark", ":="):
            name = self._next("variable")
            self.at += 1
            self.variables[name] = self._bound()
            return self.variables[name]
        return self._choice()

    def _choice(self) -> ast.expr:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _Unreadable
        value = self._operation(0)
        if self._take("?"):
            chosen = self._bound()
            other = self._bound() if self._take(":") else build.const(None)
            value = ast.IfExp(value, chosen, other)
        self.depth -= 1
        return value

    def _operation(self, level: int) -> ast.expr:
        if level == len(_LEVELS):
            return self._unary()
        value = self._operation(level + 1)
        while (word := self._peek()[1]) in _LEVELS[level] and self._peek()[0] in ("mark", "name"):
            self.at += 1
            value = _combined(word, value, self._operation(level + 1))
        return value

    def _unary(self) -> ast.expr:
        if self._take("-"):
            return ast.UnaryOp(ast.USub(), self._unary())
        return self._path(self._primary())

    def _path(self, value: ast.expr) -> ast.expr:
        while True:
            if self._take("."):
                value = self._step(value)
            elif self._take("["):
                value = self._indexed(value)
            else:
                return value

    def _step(self, value: ast.expr) -> ast.expr:
        kind, text = self._peek()
        if kind in ("name", "string"):
            self.at += 1
            return entry_of(value, _unquoted(text))
        if text in ("{", "(") and kind == "mark":
            outer, self.context = self.context, value
            made = self._primary()
            self.context = outer
            return made
        raise _Unreadable

    def _indexed(self, value: ast.expr) -> ast.expr:
        if self._take("]"):
            return value
        kind, text = self._peek()
        if kind == "number" and self._peek(1) == ("mark", "]"):
            self.at += 2
            return entry_of(value, int(float(text)))
        outer, self.context = self.context, build.item(value, 0)
        self._bound()  # a filter chooses elements and leaves them as they are
        self.context = outer
        self._expect("]")
        return value

    def _primary(self) -> ast.expr:
        kind, text = self._peek()
        self.at += 1
        match kind, text:
            case "string", _:
                return build.const(_unquoted(text))
            case "number", _:
                return build.const(float(text) if "." in text else int(text))
            case "variable", "$states":
                return self._states()
            case "variable", _:
                return self._called(text) if self._take("(") else self.variables.get(text, self.around.unknown)
            case "name", "true" | "false" | "null":
                return build.const({"true": True, "false": False}.get(text))
            case "name", _ if self.context is not None and self._peek() != ("mark", "("):
                return entry_of(self.context, _unquoted(text))
            case "mark", "(":
                value = self.sequence()
                self._expect(")")
                return value
            case "mark", "[":
                return ast.List(self._listed("]"), ast.Load())
            case "mark", "{":
                return self._object()
        raise _Unreadable

    def _states(self) -> ast.expr:
        self._expect(".")
        match self._next("name"):
            case "input":
                return self.around.input
            case "result" if self.around.result is not None:
                return self.around.result
            case "context":
                return self._context()
            case "errorOutput":
                return self.around.unknown
        raise _Unreadable

    def _context(self) -> ast.expr:
        """The context object holds names and times, but for the input of the execution and the item of a map."""
        path: list[str] = []
        while self._peek() == ("mark", ".") and self._peek(1)[0] == "name":
            path.append(self._peek(1)[1])
            self.at += 2
        if path[:3] == ["Map", "Item", "Value"]:
            value = self.around.item if self.around.item is not None else self.around.input
        elif path[:2] == ["Execution", "Input"]:
            value = self.around.unknown
        else:
            return build.const("")
        for name in path[3 if path[0] == "Map" else 2 :]:
            value = entry_of(value, name)
        return value

    def _object(self) -> ast.expr:
        entries: dict[str, ast.expr | None] = {}
        while not self._take("}"):
            key = self._bound()
            self._expect(":")
            value = self._bound()
            if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
                raise _Unreadable
            entries[key.value] = value
            if not self._take(","):
                self._expect("}")
                break
        return build.record(entries)

    def _listed(self, end: str) -> list[ast.expr]:
        values: list[ast.expr] = []
        while not self._take(end):
            values.append(self._bound())
            if not self._take(","):
                self._expect(end)
                break
        return values

    def _called(self, name: str) -> ast.expr:
        values: list[ast.expr] = []
        function: _Function | None = None
        while not self._take(")"):
            if self._take("function"):
                function = self._function()
            else:
                values.append(self._bound())
            if not self._take(","):
                self._expect(")")
                break
        if name in ("$map", "$filter", "$single") and len(values) == 1 and function is not None:
            element = build.item(values[0], 0)
            return ast.List([self._applied(function, element)], ast.Load()) if name == "$map" else values[0]
        make = FUNCTIONS.get(name)
        if make is None or function is not None:
            raise _Unreadable
        return make(values)

    def _function(self) -> _Function:
        self._expect("(")
        parameters: list[str] = []
        while not self._take(")"):
            parameters.append(self._next("variable"))
            self._take(",")
        self._expect("{")
        begin, depth = self.at, 1
        while depth:
            kind, text = self._peek()
            if kind == "end":
                raise _Unreadable
            depth += (text == "{") - (text == "}") if kind == "mark" else 0
            self.at += 1
        return _Function(tuple(parameters), tuple(self.tokens[begin : self.at - 1]))

    def _applied(self, function: _Function, element: ast.expr) -> ast.expr:
        bound = {**self.variables, **dict.fromkeys(function.parameters[1:], build.const(0))}
        if function.parameters:
            bound[function.parameters[0]] = element
        inner = _JsonataParser(function.body, self.around, bound, self.context, self.depth + 1)
        value = inner.sequence()
        if inner.left:
            raise _Unreadable
        return value


def _unquoted(text: str) -> str:
    if text[:1] not in "\"'`":
        return text
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text[1:-1])


def _combined(word: str, left: ast.expr, right: ast.expr) -> ast.expr:
    match word:
        case "or" | "and":
            return ast.BoolOp(ast.Or() if word == "or" else ast.And(), [left, right])
        case "&":
            return ast.BinOp(as_string(left), ast.Add(), as_string(right))
        case "+" | "-" | "*" | "/" | "%":  # numbers, or an error
            return build.call(build.name("float"), ast.BinOp(left, ast.Add(), right))
    return ast.Compare(left, [ast.Eq()], [right])
