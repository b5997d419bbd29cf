"""A string that a regular expression takes, and what is plausible under a name."""

from __future__ import annotations

import importlib
import re
from typing import Any, Final

_EMAIL, _LINK, _FUTURE, _DAY, _NUMBER = "email", "link", "future", "day", "number"
#: What a field's name says of its value; the first that fits.
_NAMES: Final = (
    (re.compile(r"e?mail$|e?mail_?address$", re.IGNORECASE), _EMAIL),
    (re.compile(r"ur[li]$|link$|href$|callback$|webhook$|endpoint$", re.IGNORECASE), _LINK),
    (re.compile(r"until|expir|deadline|due_?(date|on|at)?$", re.IGNORECASE), _FUTURE),
    (re.compile(r"date$|day$|since$", re.IGNORECASE), _DAY),
    (
        re.compile(
            r"(^|_)count$|size$|limit$|page$|width$|height$|quantity$|amount$|price$|(^|_)age$|year$|month$|total$|seconds$"
            r"|version$|score$|cents$|bytes$|offset$",
            re.IGNORECASE,
        ),
        _NUMBER,
    ),
)
_CATEGORIES: Final = {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "a", "CATEGORY_SPACE": " "}
_LONGEST: Final = 200


def plausible(name: object, token: str) -> Any:
    """A value for a field of this name: a number where the name says so, otherwise a string that contains `token`."""
    kind = next((kind for pattern, kind in _NAMES if isinstance(name, str) and pattern.search(name)), "")
    match kind:
        case "email":
            return f"{token}@example.com"
        case "link":
            return f"https://{token}.example.com/"
        case "future":
            return "2099-12-31"
        case "day":
            return "2024-01-01"
        case "number":
            return 1
    return token


def fitting(pattern: str) -> str | None:
    """A short string that the regular expression takes as a whole; None where none is found."""
    try:
        tree = importlib.import_module("re._parser").parse(pattern)
        found = "".join(_piece(str(operation), given) for operation, given in tree)
        return found if len(found) <= _LONGEST and re.search(pattern, found) else None
    except (re.error, ValueError, TypeError, RecursionError, OverflowError):
        return None


def _pieces(tree: Any) -> str:
    return "".join(_piece(str(operation), given) for operation, given in tree)


def _piece(operation: str, given: Any) -> str:
    match operation:
        case "LITERAL":
            return chr(given)
        case "NOT_LITERAL":
            return "a" if given != ord("a") else "b"
        case "ANY":
            return "a"
        case "IN":
            return _one_of([(str(kind), value) for kind, value in given])
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, tree = given
            times = max(int(least), min(3, int(most)))
            return _pieces(tree) * min(times, _LONGEST)
        case "SUBPATTERN":
            return _pieces(given[-1])
        case "ATOMIC_GROUP":
            return _pieces(given)
        case "BRANCH":
            return _pieces(given[1][0])
    return ""


def _one_of(members: list[tuple[str, Any]]) -> str:
    """A character of a set, a letter or a digit where there is one."""
    if members and members[0][0] == "NEGATE":
        taken = {chr(value) for kind, value in members if kind == "LITERAL"}
        ranges = [value for kind, value in members if kind == "RANGE"]
        return next(one for one in "a1A-_.~" if one not in taken and not any(lo <= ord(one) <= hi for lo, hi in ranges))
    found = []
    for kind, value in members:
        if kind == "LITERAL":
            found.append(chr(value))
        elif kind == "RANGE":
            found.append(chr(value[0]))
        elif kind == "CATEGORY":
            found.append(_CATEGORIES.get(str(value), "a"))
    return min(found, key=lambda one: (not one.islower(), not one.isalnum(), one), default="")
