"""Parse long sources part by part.

Until it has read a source to its end, Python's parser remembers all that it has tried: for a file of a megabyte several
times as much as the tree takes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

#: Characters of a part; a shorter source is parsed as a whole.
_PART: Final = 100_000
# Where a statement at the module's top may begin; within a string too, but then what is before it does not parse.
_START: Final = re.compile(r"\n\r?\n(?=@|def |class |async def )")


_REFUSALS: Final = (SyntaxError, ValueError, RecursionError, MemoryError)


def parse_long(text: str) -> ast.Module:
    """The tree of a module, as `ast.parse` makes it. Raises what `ast.parse` raises.

    A part that parses to its end leaves the parser as it was at the beginning. So the statements of a source are those
    of its parts, one after the other, where each of them parses; where one does not, the whole is parsed at once.
    """
    try:
        statements = [statement for part in _parts(text) for statement in ast.parse(part).body]
    except _REFUSALS:
        return ast.parse(text)
    return ast.Module(statements, [])


def parses_in_parts(text: str) -> bool:
    """Whether each part of a source parses, so that the whole does; no tree is kept.

    False leaves open whether the whole parses.
    """
    try:
        for part in _parts(text):
            ast.parse(part)
    except _REFUSALS:
        return False
    return True


def _parts(text: str) -> Iterator[str]:
    """The source in parts of whole lines, each after as many empty lines as come before it."""
    start = lines = 0
    is_long = len(text) > 2 * _PART and "\r" not in text.replace("\r\n", "")  # which Python counts as a line end
    while is_long and len(text) - start > 2 * _PART:
        found = _START.search(text, start + _PART)
        if found is None:
            break
        yield "\n" * lines + text[start : found.end()]
        lines += text.count("\n", start, found.end())
        start = found.end()
    yield "\n" * lines + text[start:]
