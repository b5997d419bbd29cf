"""The syntax of Serverless variables: `${source:address, fallback}`, nested at will.

Facts: https://www.serverless.com/framework/docs/guides/variables (and, for versions 1 and 2,
https://www.serverless.com/framework/docs-providers-aws-guide-variables).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

MAX_LENGTH: Final = 4_000  #: characters of one variable; a longer one is left as text
MAX_NESTING: Final = 12  #: variables within variables; deeper ones are left as text


@dataclass(frozen=True, slots=True)
class Literal:
    """A fallback that is written out: a number, `true`, `false` or `null`."""

    value: int | float | bool | None


@dataclass(frozen=True, slots=True)
class VariableSource:
    """`kind(params):address`; the parts that are not written are None."""

    kind: str
    params: PlainText | None
    address: PlainText | None


@dataclass(frozen=True, slots=True)
class PlainText:
    """Text with variables in it."""

    parts: tuple[str | VariableReference, ...]

    @property
    def only(self) -> VariableReference | None:
        """The variable if the string is nothing else."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], VariableReference) else None


@dataclass(frozen=True, slots=True)
class VariableReference:
    """One `${…}` as written, the `offset` (in code points) at which it begins in its text, and its choices in order."""

    written: str
    offset: int
    choices: tuple[Literal | VariableSource | PlainText, ...]


# `${AWS::Region}` and `${Resource.Arn}` are CloudFormation's and stay; so do policy variables with a dot before
# the colon (`${cognito-identity.amazonaws.com:sub}`). `${cf.us-east-1:stack.key}` is version 1's way to name a region.
_SOURCE: Final = re.compile(r"\s*(?:(?P<kind>[A-Za-z][\w-]*|(?:cf|s3|ssm)\.[\w-]+)(?P<mark>:(?!:)|\())")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(?P<fraction>\.[0-9]{1,15})?")
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


@lru_cache(maxsize=8192)
def parse_text(text: str, opening: str = "${") -> PlainText:
    """`text` cut at its variables; what only looks like one stays text. `opening` is `${` or `${{`.

    A backslash before the opening keeps it from being a variable.
    """
    if opening not in text:
        return PlainText((text,))
    return _VariableParser(text, opening).text(0, len(text), 0)


class _VariableParser:
    """Cuts one string; positions are offsets into it."""

    def __init__(self, source: str, opening: str) -> None:
        self.source = source
        self.opening = opening
        self.closing = "}" * (len(opening) - 1)
        self.left = 10_000 + 20 * len(source)  # steps, so that openings without an end cannot cost their square

    def text(self, start: int, end: int, depth: int) -> PlainText:
        parts: list[str | VariableReference] = []
        done = position = start
        while (at := self.source.find(self.opening, position, end)) >= 0:
            position = at + len(self.opening)
            if at > start and self.source[at - 1] == "\\":
                parts.append(self.source[done : at - 1])
                done = at
                continue
            variable = self.variable(at, end, depth) if depth < MAX_NESTING else None
            if variable is None:
                continue
            parts += [self.source[done:at], variable]
            done = position = at + len(variable.written)
        parts.append(self.source[done:end])
        return PlainText(_joined(parts))

    def variable(self, start: int, limit: int, depth: int) -> VariableReference | None:
        """The variable that opens at `start`, or None if it is not a variable or is not closed before `limit`."""
        position = start + len(self.opening)
        limit = min(limit, start + MAX_LENGTH)
        if not _SOURCE.match(self.source, position, limit) and not self.source.startswith(self.opening, position):
            return None
        choices: list[Literal | VariableSource | PlainText] = []
        while True:
            end = self.choice_end(position, limit)
            if end is None:
                return None
            choices.append(self.choice(position, end, depth))
            if self.source.startswith(self.closing, end):
                end += len(self.closing)
                return VariableReference(self.source[start:end], start, tuple(choices))
            position = end + 1

    def choice_end(self, position: int, limit: int) -> int | None:
        """Where the choice that begins at `position` ends: at a comma or at the closing brace."""
        source = self.source
        if self.left <= 0 or source.find(self.closing, position, limit) < 0:
            return None
        begun = position
        end = self.scanned(position, limit)
        self.left -= (limit if end is None else end) - begun
        return end

    def scanned(self, position: int, limit: int) -> int | None:
        """The end of a choice, looked for one character after the other; None if there is none."""
        source = self.source
        nested = parentheses = 0
        while position < limit and source[position].isspace():
            position += 1
        if position < limit and source[position] in "'\"":
            position = source.find(source[position], position + 1, limit) + 1
            if position == 0:
                return None
        while position < limit:
            if source.startswith(self.opening, position):
                nested += 1
                position += len(self.opening)
                continue
            if source.startswith(self.closing, position):
                if not nested:
                    return position
                nested -= 1
                position += len(self.closing)
                continue
            character = source[position]
            if not nested:
                if character == "," and not parentheses:
                    return position
                parentheses += (character == "(") - (character == ")" and parentheses > 0)
            position += 1
        return None

    def choice(self, start: int, end: int, depth: int) -> Literal | VariableSource | PlainText:
        while start < end and self.source[start].isspace():
            start += 1
        while end > start and self.source[end - 1].isspace():
            end -= 1
        written = self.source[start:end]
        if len(written) >= 2 and written[0] in "'\"" and written[-1] == written[0]:
            return self.text(start + 1, end - 1, depth + 1)
        if written in _WORDS:
            return Literal(_WORDS[written])
        if number := _NUMBER.fullmatch(written):
            return Literal(float(written) if number["fraction"] else int(written))
        match = _SOURCE.match(self.source, start, end)
        if not match:
            return self.text(start, end, depth + 1)
        return self.source_choice(match, end, depth + 1)

    def source_choice(self, match: re.Match[str], end: int, depth: int) -> VariableSource:
        params: PlainText | None = None
        position = match.end()
        if match["mark"] == "(":
            closing = self.parenthesis_end(position, end)
            params = self.text(position, closing, depth)
            position = closing + 1
            if not self.source.startswith(":", position) or position >= end:
                return VariableSource(match["kind"], params, None)
            position += 1
        start, stop = position, end
        quoted = stop - start >= 2 and self.source[start] in "'\"" and self.source[stop - 1] == self.source[start]
        address = self.text(start + quoted, stop - quoted, depth)
        return VariableSource(match["kind"], params, address)

    def parenthesis_end(self, position: int, end: int) -> int:
        """The closing parenthesis, nested variables passed over; `end` where it is missing."""
        nested = 0
        while position < end:
            if self.source.startswith(self.opening, position):
                nested += 1
            elif nested and self.source.startswith(self.closing, position):
                nested -= 1
            elif not nested and self.source[position] == ")":
                return position
            position += 1
        return end


def _joined(parts: list[str | VariableReference]) -> tuple[str | VariableReference, ...]:
    joined: list[str | VariableReference] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined) or ("",)
