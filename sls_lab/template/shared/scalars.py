"""Scalars of YAML and JSON: the text as the parser takes it, and what a plain scalar means."""

from __future__ import annotations

import re
from typing import Final

CORE: Final = "tag:yaml.org,2002:"
CORE_TAGS: Final = frozenset(CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq"))
TEXT_TAGS: Final = frozenset({"!", CORE + "str", CORE + "timestamp", CORE + "binary"})
_BOOLS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,30})")
_FLOAT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?")
_FIRST_OF_NUMBERS: Final = frozenset("+-.0123456789")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def scalar_value(text: str, tag: str | None, *, is_plain: bool) -> str | int | float | bool | None:
    """What a scalar means: more than a string only for `true`, `false`, `null`, decimal integers and fractions.

    `tag` is the one that is written before it. A plain scalar has no quotes, and no `|` or `>` before it.
    """
    if tag in TEXT_TAGS or not (is_plain or tag):
        return text
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text[0] not in _FIRST_OF_NUMBERS:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


# Characters that YAML 1.1 counts as line ends, but Python's parser, editors and browsers do not.
_FALSE_LINE_ENDS = dict.fromkeys(map(ord, "\x85\u2028\u2029"), " ")


def readable(text: str, file: str) -> str:
    """The text as the parser can take it, each character on the line and in the column where it was.

    Only the two halves of a surrogate pair in JSON become one shorter escape.
    """
    text = text.removeprefix("\ufeff").translate(_FALSE_LINE_ENDS)
    if file.endswith(".json"):
        text = text.replace("\t", " ")  # JSON may be indented by tabs, YAML not; the columns stay
        text = _ESCAPE.sub(_join_escapes, text)
    return text.encode("utf-8", "replace").decode("utf-8")


# JSON writes characters beyond the basic plane as two escapes, which YAML refuses.
_ESCAPE = re.compile(
    r"\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)


def _join_escapes(match: re.Match[str]) -> str:
    high, low = match.groups()
    if high is None:
        return match[0] if match[0] == "\\\\" else "\\ufffd"
    return f"\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00:08x}"


def without_surrogates(text: str) -> str:
    """The text as UTF-8 can hold it: the parser in Python, unlike libyaml, takes an escaped half of a pair."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
