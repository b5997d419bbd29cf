"""Which characters a string has that a regular expression matches in full."""

from __future__ import annotations

import re
import string
from typing import Final

#: Stands for all letters and digits of all scripts and `_`, as `\\w` does.
WORD: Final = "\\w"
_WORD_CHARACTERS: Final = frozenset(string.ascii_letters + string.digits + "_")
_QUANTIFIER: Final = re.compile(r"(?:[*+?]|\{\d*(?:,\d*)?\})[?+]?")
_GROUP: Final = re.compile(r"\((?:\?:|\?P<\w+>)?")
_PLAIN: Final = frozenset(string.ascii_letters + string.digits + "_-@%=:,/ ;&'\"<>~#!`")
_CLASSES: Final = {"w": {WORD}, "d": {WORD}, "s": set(" \t\n\r\f\v")}


def characters(pattern: str) -> frozenset[str] | None:
    """The characters of the strings that `pattern` matches from beginning to end, with `WORD` for those of words.

    None for an expression with parts whose characters cannot be told: a dot, a class of others, a look around.
    """
    found: set[str] = set()
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        quantifier = _QUANTIFIER.match(pattern, at)
        if quantifier is not None:
            at = quantifier.end()
        elif sign == "[":
            end = _class(pattern, at, found)
            if end is None:
                return None
            at = end
        elif sign == "\\":
            if not _escape(pattern[at + 1 : at + 2], found):
                return None
            at += 2
        elif sign == "(":
            group = _GROUP.match(pattern, at)
            if group is None or (pattern.startswith("(?", at) and group.end() == at + 1):
                return None
            at = group.end()
        elif sign in ")|^$":
            at += 1
        elif sign in _PLAIN:
            found.add(_kind(sign))
            at += 1
        else:
            return None
    return frozenset(found)


def matches_in_full(pattern: str) -> bool:
    """Whether `re.match` with it looks at the whole string: its only end is an anchor, and it has no other branch."""
    depth = 0
    for before, sign in zip(" " + pattern, pattern, strict=False):
        if before == "\\":
            continue
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            return False
    return re.search(r"(?<!\\)(?:\\\\)*(?:\$|\\[Zz])$", pattern) is not None


def _kind(sign: str) -> str:
    return WORD if sign in _WORD_CHARACTERS else sign


def _escape(sign: str, found: set[str]) -> bool:
    if sign in _CLASSES:
        found |= _CLASSES[sign]
    elif sign in "AZzbB" and sign:
        pass  # a place, no character
    elif sign and not sign.isalnum():
        found.add(sign)
    elif sign in ("n", "t", "r"):
        found.add({"n": "\n", "t": "\t", "r": "\r"}[sign])
    else:
        return False
    return True


def _class(pattern: str, at: int, found: set[str]) -> int | None:
    """Read `[…]`; gives the place after it, None for one of all other characters, or one that is not understood."""
    at += 1
    if pattern.startswith("^", at):
        return None
    first = at
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if pattern[at] == "\\":
            if not _escape(pattern[at + 1 : at + 2], found):
                return None
            at += 2
        elif pattern[at + 1 : at + 2] == "-" and pattern[at + 2 : at + 3] not in ("", "]", "\\"):
            low, high = ord(pattern[at]), ord(pattern[at + 2])
            if high - low > 0x250:
                return None
            found |= {_kind(chr(code)) for code in range(low, high + 1)}
            at += 3
        else:
            found.add(_kind(pattern[at]))
            at += 1
    return at + 1 if at < len(pattern) else None
