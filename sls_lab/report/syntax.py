"""Which stretches of a file are keywords, strings and comments, for their colour."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Final

from pygments.lexers.data import JsonLexer, YamlLexer
from pygments.lexers.python import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from sls_lab.report.palette import TokenKind

#: Where a colour begins and ends, and which it is.
Stretch = tuple[int, int, TokenKind]

# Models of Pysa are written as Python, its `taint.config` as JSON.
_LEXERS: Final = {
    ".py": PythonLexer,
    ".pysa": PythonLexer,
    ".yml": YamlLexer,
    ".yaml": YamlLexer,
    ".json": JsonLexer,
    ".config": JsonLexer,
}
# The first that a token belongs to counts: a key of JSON or YAML is a `Name.Tag`.
_KINDS: Final[tuple[tuple[_TokenType, TokenKind], ...]] = (
    (Comment, "comment"),
    (String, "string"),
    (Number, "number"),
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (Name.Tag, "name"),
    (Name.Function, "name"),
    (Name.Class, "name"),
    (Name.Decorator, "name"),
)


@lru_cache(maxsize=64)
def coloured(file: str, text: str) -> tuple[Stretch, ...]:
    """The stretches of `text` that have a colour: start, end (in code points) and kind, in order and apart.

    The kind of file is told by the end of its name; a file of any other kind has none.
    """
    lexer = _LEXERS.get(PurePosixPath(file).suffix.lower())
    return tuple(_stretches(lexer, text)) if lexer else ()


def _stretches(lexer: type[PythonLexer | YamlLexer | JsonLexer], text: str) -> Iterator[Stretch]:
    begin, stop = 0, 0
    now: TokenKind | None = None
    for start, token, value in lexer().get_tokens_unprocessed(text):
        kind = next((kind for of, kind in _KINDS if token in of), None)
        if (start, kind) != (stop, now):
            if now:
                yield begin, stop, now
            begin, now = start, kind
        stop = start + len(value)
    if now:
        yield begin, stop, now
