"""What an `update_item` writes: DynamoDB's update expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(?:([:#]?[A-Za-z_]\w*|[:#]\w+)|(\[\s*\d+\s*\])|([.,=()+-]))")
_CLAUSES = {"SET", "REMOVE", "ADD", "DELETE"}
_MAXIMUM_LENGTH = 4096  # DynamoDB's own limit for an expression


@dataclass(frozen=True, slots=True)
class Assignment:
    """One path that an update writes (attribute names and list indexes) and the `:values` it may get."""

    path: tuple[str | int, ...]
    values: tuple[str, ...]


class NotAnUpdate(ValueError):
    """The string is not an update expression."""


def parse_update(text: str, names: Mapping[str, str]) -> tuple[Assignment, ...]:
    """What the expression writes, in order. `names` are the ExpressionAttributeNames.

    Raises NotAnUpdate for any other string; an alias that is not in `names` stays as it is.
    """
    if len(text) > _MAXIMUM_LENGTH:
        raise NotAnUpdate("longer than an update expression may be")
    return tuple(_UpdateParser(list(_tokens(text)), names).clauses())


def _tokens(text: str) -> Iterator[str]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotAnUpdate(f"unexpected character at {position}")
        yield next(group for group in match.groups() if group)
        position = match.end()


class _UpdateParser:
    def __init__(self, tokens: list[str], names: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._names = names
        self._at = 0

    def clauses(self) -> Iterator[Assignment]:
        while self._at < len(self._tokens):
            clause = self._take().upper()
            if clause not in _CLAUSES:
                raise NotAnUpdate(f"`{clause}` is not a clause")
            while True:
                path = self._path()
                if clause == "SET":
                    self._expect("=")
                    yield Assignment(path, tuple(self._operands()))
                elif clause in ("ADD", "DELETE"):
                    value = self._take()
                    if clause == "ADD":
                        yield Assignment(path, (value,))
                if self._peek() != ",":
                    break
                self._at += 1

    def _operands(self) -> list[str]:
        found = self._operand()
        while self._peek() in ("+", "-"):
            self._at += 1
            found += self._operand()
        return found

    def _operand(self) -> list[str]:
        token = self._peek()
        if token == "(":
            self._at += 1
            found = self._operands()
            self._expect(")")
            return found
        if token.startswith(":"):
            return [self._take()]
        if token.lower() in ("if_not_exists", "list_append") and self._ahead() == "(":
            self._at += 2
            found = self._operands()
            self._expect(",")
            found += self._operands()
            self._expect(")")
            return found
        self._path()
        return []

    def _path(self) -> tuple[str | int, ...]:
        path: list[str | int] = [self._name()]
        while True:
            token = self._peek()
            if token.startswith("["):
                path.append(int(self._take().strip("[] ")))
            elif token == ".":
                self._at += 1
                path.append(self._name())
            else:
                return tuple(path)

    def _name(self) -> str:
        token = self._take()
        if not (token[0].isalpha() or token[0] in "_#"):
            raise NotAnUpdate(f"`{token}` is not an attribute")
        return self._names.get(token, token)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _ahead(self) -> str:
        return self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise NotAnUpdate("the expression ends too early")
        self._at += 1
        return token

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise NotAnUpdate(f"`{token}` is missing")


def typed_at(path: tuple[str | int, ...], value: ast.expr) -> ast.expr:
    """The typed attribute that holds `value` (typed itself) at the rest of `path` below it."""
    for step in reversed(path):
        if isinstance(step, int):
            value = ast.Dict([ast.Constant("L")], [ast.List([value], ast.Load())])
        else:
            inner = ast.Dict([ast.Constant(step)], [value])
            value = ast.Dict([ast.Constant("M")], [inner])
    return value
