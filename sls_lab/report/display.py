"""Text of others made safe and measurable for a terminal or a page.

The analysed code is hostile: an escape sequence in a comment must not reach the terminal, and characters that turn
the reading direction must be seen (https://trojansource.codes).
"""

from __future__ import annotations

import unicodedata
from functools import cache


def visible(text: str, *, keep: str = "") -> str:
    """`text` with every invisible character written out, except for those in `keep`.

    Controls below U+0020 become their pictures (`␛`), other controls, format characters (those that turn the
    direction among them), line separators and lone surrogates their escapes (`\\u202e`).
    """
    return "".join(character if character in keep else visible_character(character) for character in text)


@cache
def visible_character(character: str) -> str:
    """One character as `visible` writes it."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    # A zero-width joiner is harmless and holds emoji together.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and character != "\u200d":
        return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
    return character


def one_line(text: str) -> str:
    """`text` on one line: each run of white space becomes one space, and invisible characters are written out."""
    return visible(" ".join(text.split()))


@cache
def width(character: str) -> int:
    """The cells that one visible character takes in a terminal: 0, 1 or 2."""
    if unicodedata.combining(character) or character == "\u200d" or unicodedata.category(character) == "Me":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(text: str) -> int:
    """The cells that visible text takes in a terminal."""
    return sum(map(width, text))
