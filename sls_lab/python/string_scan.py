"""Where the strings and comments of a source are, by the rules of the latest Python, whichever one runs.

https://docs.python.org/3/reference/lexical_analysis.html#f-strings
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_OPENING: Final = re.compile(r"([rRbBuUfFtT]{0,2})('''|\"\"\"|'|\")")
_WORD: Final = re.compile(r"\w+")
#: Strings within each other beyond which a source is not read.
_DEPTH: Final = 60


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A part of an f-string that is written out; offsets, the end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FieldPart:
    """An expression in an f-string, with its conversion (`!r`) and the parts of its format."""

    start: int
    end: int
    conversion: str
    format: tuple[ScannedPart, ...] | None


ScannedPart = WrittenPart | FieldPart


@dataclass(frozen=True, slots=True)
class ScannedString:
    """One string; `parts` are those of an f-string, None for every other."""

    start: int
    end: int
    raw: bool
    quote: str
    parts: tuple[ScannedPart, ...] | None


@dataclass(slots=True)
class Scan:
    """The outermost strings of a source in their order, and its comments."""

    strings: list[ScannedString] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)


def scan(text: str) -> Scan:
    """Find the strings and comments of `text`. Raises ValueError where one does not end."""
    found = Scan()
    _Scanner(text, found).code(0, 0)
    return found


class _Scanner:
    def __init__(self, text: str, found: Scan) -> None:
        self._text = text
        self._found = found

    def code(self, at: int, depth: int) -> int:
        """Read code; within an f-string (`depth` above 0) up to what ends the expression. Gives the place after it."""
        text, open_brackets = self._text, 0
        if depth > _DEPTH:
            raise ValueError("strings are nested too deeply")
        while at < len(text):
            sign = text[at]
            opening = _OPENING.match(text, at)
            if opening is not None:
                string = self.string(at, opening, depth)
                if not depth:
                    self._found.strings.append(string)
                at = string.end
            elif sign == "#":
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                if not depth:
                    self._found.comments.append((at, end))
                at = end
            elif sign == "_" or sign.isalnum():
                word = _WORD.match(text, at)
                at = word.end() if word is not None else at + 1
            elif depth and not open_brackets and (sign in ":}" or (sign == "!" and text[at + 1 : at + 2] != "=")):
                return at
            else:
                open_brackets += (sign in "([{") - (sign in ")]}")
                at += 1
        if depth:
            raise ValueError("an f-string does not end")
        return at

    def string(self, at: int, opening: re.Match[str], depth: int) -> ScannedString:
        """The string that begins at a place."""
        prefix, quote = opening[1].lower(), opening[2]
        raw, formatted = "r" in prefix, bool({"f", "t"} & set(prefix))
        end, parts = self._parts(opening.end(), quote, depth, raw=raw, formatted=formatted)
        return ScannedString(at, end, raw, quote, parts if formatted else None)

    def _parts(
        self, at: int, quote: str, depth: int, *, raw: bool, formatted: bool, in_format: bool = False
    ) -> tuple[int, tuple[ScannedPart, ...]]:
        text, start = self._text, at
        parts: list[ScannedPart] = []
        while at < len(text):
            if in_format and text[at] == "}":
                return at, (*parts, *_written(start, at))
            if not in_format and text.startswith(quote, at):
                return at + len(quote), (*parts, *_written(start, at))
            if text[at] == "\n" and len(quote) == 1 and not in_format:
                break
            following = text[at : at + 2]
            if formatted and not raw and text.startswith("\\N{", at):
                at = text.find("}", at) + 1 or len(text)
            elif formatted and following in ("\\{", "\\}"):
                at += 1  # a brace is never escaped so
            elif text[at] == "\\" or (formatted and not in_format and following in ("{{", "}}")):
                at += 2
            elif formatted and text[at] == "{":
                parts += _written(start, at)
                start = at = self._field(at + 1, quote, depth, raw, parts)
            else:
                at += 1
        raise ValueError("a string does not end")

    def _field(self, at: int, quote: str, depth: int, raw: bool, parts: list[ScannedPart]) -> int:
        text, conversion = self._text, ""
        end = after = self.code(at, depth + 1)
        if text[after] == "!":
            conversion = text[after + 1 : after + 2]
            after += 2
        form: tuple[ScannedPart, ...] | None = None
        if text[after : after + 1] == ":":
            after, form = self._parts(after + 1, quote, depth + 1, raw=raw, formatted=True, in_format=True)
        if text[after : after + 1] != "}":
            raise ValueError("an expression in an f-string does not end")
        parts.append(FieldPart(at, end, conversion, form))
        return after + 1


def _written(start: int, end: int) -> tuple[WrittenPart, ...]:
    return (WrittenPart(start, end),) if start < end else ()
