"""Strings in pieces: what is known of each, and what pieces make when they are put together."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from sls_lab.facts import Hole, HoleKind
from sls_lab.facts.pattern import Part
from sls_lab.python.module import NamespaceNode

#: Longer and more various strings are not written by people.
MAX_LENGTH = 4096  # of a path on Linux; what doubles itself again and again ends here
MAX_PIECES = 64
MAX_ALTERNATIVES = 16

_EACH_LETTER = frozenset({"lower", "upper", "casefold", "swapcase"})
_STRIPPING = frozenset({"strip", "lstrip", "rstrip"})
#: The methods of strings whose result is made of nothing but the string and their arguments.
CHANGING = _EACH_LETTER | _STRIPPING | {"title", "capitalize", "removeprefix", "removesuffix", "replace"}

Scopes = tuple[NamespaceNode, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a string: text, a hole of which something is known, or None.

    `node` is the expression that it comes from, `scopes` are those whose names that sees, the innermost first.
    """

    part: Part | None
    node: ast.expr
    scopes: tuple[NamespaceNode, ...] = field(default=(), repr=False)
    #: whether it is the value of an environment variable, which may be another one in each function
    setting: bool = False

    @property
    def text(self) -> str | None:
        """The text that is written out, None for a hole."""
        return self.part if isinstance(self.part, str) else None

    @property
    def fixed(self) -> bool:
        """Whether no caller of the application chooses it: it is written out, or a setting of the deployment."""
        hole = self.part if isinstance(self.part, Hole) else None
        return self.setting or self.text is not None or (hole is not None and hole.kind is not HoleKind.ANY)

    @property
    def known(self) -> Part:
        """The text, or a hole that is called as the expression is written."""
        return self.part if self.part is not None else Hole(ast.unparse(self.node))


Pieces = tuple[Piece, ...]
Alternatives = tuple[Pieces, ...]


def hole(node: ast.expr, scopes: Scopes) -> Pieces:
    """A string of which nothing is known."""
    return (Piece(None, node, scopes),)


def setting(node: ast.expr, scopes: Scopes) -> Pieces:
    """The value of an environment variable."""
    return (Piece(None, node, scopes, setting=True),)


def any_of(node: ast.expr, scopes: Scopes, choices: Iterable[Alternatives]) -> Alternatives:
    """All that one of several may be; one hole where that is too much."""
    found = tuple(dict.fromkeys(one for choice in choices for one in choice))
    return found if len(found) <= MAX_ALTERNATIVES else (hole(node, scopes),)


def combined(
    node: ast.expr, scopes: Scopes, parts: Sequence[Alternatives], put: Callable[[Piece, Sequence[Pieces]], Pieces]
) -> Alternatives:
    """Put parts together in all ways, by `concatenated` or `as_path`."""
    ways = 1
    for part in parts:
        ways *= len(part)
    if ways > MAX_ALTERNATIVES:
        return (hole(node, scopes),)
    between = Piece("/", node, scopes)
    found = tuple(dict.fromkeys(_merged(put(between, chosen)) for chosen in product(*parts)))
    return tuple(one if _is_bounded(one) else hole(node, scopes) for one in found)


def _merged(pieces: Pieces) -> Pieces:
    """The same string with texts that follow each other as one, where there are too many to tell them apart."""
    if len(pieces) <= MAX_PIECES:
        return pieces
    found: list[Piece] = []
    for piece in pieces:
        if found and found[-1].text is not None and piece.text is not None:
            found[-1] = replace(found[-1], part=found[-1].text + piece.text)
        else:
            found.append(piece)
    return tuple(found)


def _is_bounded(pieces: Pieces) -> bool:
    return len(pieces) <= MAX_PIECES and sum(len(piece.text or "") for piece in pieces) <= MAX_LENGTH


def concatenated(_: Piece, parts: Sequence[Pieces]) -> Pieces:
    """One piece after the other."""
    return tuple(piece for part in parts for piece in part)


def as_path(slash: Piece, parts: Sequence[Pieces]) -> Pieces:
    """As `os.path.join`: what begins with a slash replaces what comes before it."""
    found: list[Piece] = []
    for part in parts:
        if part and (part[0].text or "").startswith("/"):
            found = []
        elif found and not (found[-1].text or "").endswith("/"):
            found.append(slash)
        found += part
    return tuple(found)


def changed(node: ast.expr, scopes: Scopes, name: str, arguments: list[str], pieces: Pieces) -> Pieces:
    """What a method of strings makes of a string: exact where it is known, else the same holes."""
    if all(piece.text is not None for piece in pieces):
        text = "".join(piece.text or "" for piece in pieces)
        if len(text) * max(map(len, arguments), default=0) > 16 * MAX_LENGTH:
            return hole(node, scopes)
        try:
            return (Piece(getattr(text, name)(*arguments), node, scopes),)
        except TypeError:  # it raises when it runs
            return hole(node, scopes)
    if name not in _EACH_LETTER | _STRIPPING:
        return (Piece(None, node, scopes, setting=all(piece.fixed for piece in pieces)),)
    last = len(pieces) - 1
    found = []
    for number, piece in enumerate(pieces):
        if isinstance(piece.part, Hole):
            found.append(replace(piece, part=replace(piece.part, label=f"{piece.part.label}.{name}()")))
        elif piece.part is None:
            found.append(piece)
        else:
            text = piece.part
            for method in _at_place(name, number == 0, number == last):
                text = getattr(text, method)(*arguments)
            found.append(replace(piece, part=text))
    return tuple(piece for piece in found if piece.part != "")


def _at_place(name: str, first: bool, last: bool) -> Iterator[str]:
    """The methods that do to one piece what `name` does to the whole string."""
    if name not in _STRIPPING:
        yield name
    if first and name in ("strip", "lstrip"):
        yield "lstrip"
    if last and name in ("strip", "rstrip"):
        yield "rstrip"
