"""Partial string values: known characters with holes between them.

Names in real applications are seldom one literal. `os.path.join("uploads", name + ".txt")` is not known, but it
is known to begin with `uploads/` and to end with `.txt`, which settles an S3 prefix or suffix filter without
knowing `name`. Every comparison answers in three values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Final, Literal

from sls_lab.facts.verdict import Verdict


class HoleKind(Enum):
    """How much is known about the string that a hole stands for."""

    ANY = "any"  #: any string, a different one each time: user input, a clock, a file
    FIXED = "fixed"  #: one string for a whole deployment, not known here: an account id, a parameter without default
    GENERATED = "generated"  #: a name that the deployment makes up: equal to itself and to nothing else


Quoted = Literal["", "shell", "url"]


@dataclass(frozen=True, slots=True)
class Hole:
    """An unknown part of a string. `label` names it (`AWS::AccountId`, `PhotosBucket`, `event["body"]`).

    `quoted` says for which place a function made it safe: `shell` for a word (`shlex.quote`), `url` for a part of a
    URL (`urllib.parse.quote`). `begins` is what a made-up name is known to begin with; it does not tell one hole from
    another.
    """

    label: str
    kind: HoleKind = HoleKind.ANY
    quoted: Quoted = ""
    begins: tuple[str | Hole, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return "{" + self.label + "}"


Part = str | Hole


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sequence of strings and holes; adjacent strings are merged and empty ones dropped."""

    parts: tuple[Part, ...]

    @staticmethod
    def of(*parts: Part | Pattern) -> Pattern:
        """Concatenate strings, holes and patterns."""
        if len(parts) == 1:  # nearly always
            (alone,) = parts
            return alone if isinstance(alone, Pattern) else Pattern((alone,) if alone != "" else ())
        flat: list[Part] = []
        for part in parts:
            for piece in part.parts if isinstance(part, Pattern) else (part,):
                if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                    flat[-1] += piece
                elif piece != "":
                    flat.append(piece)
        return Pattern(tuple(flat))

    @staticmethod
    def any(label: str) -> Pattern:
        """A string of which nothing is known; `label` says what it is."""
        return Pattern((Hole(label),))

    @staticmethod
    def fixed(label: str) -> Pattern:
        """A string unknown here but the same throughout one deployment."""
        return Pattern((Hole(label, HoleKind.FIXED),))

    @staticmethod
    def generated(label: str, begins: Pattern | None = None) -> Pattern:
        """A name made up at deployment for the resource `label`, with what it is known to begin with."""
        return Pattern((Hole(label, HoleKind.GENERATED, begins=begins.parts if begins is not None else ()),))

    def __add__(self, other: Part | Pattern) -> Pattern:
        return Pattern.of(self, other)

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    @property
    def text(self) -> str | None:
        """The whole string where it is known, else None."""
        if not self.parts:
            return ""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return None

    @property
    def unfolded(self) -> Pattern:
        """The string with the known beginning of each made-up name written out before it."""
        if not any(hole.begins for hole in self.holes):
            return self
        parts = ((*part.begins, part) if isinstance(part, Hole) else (part,) for part in self.parts)
        return Pattern.of(*(piece for pieces in parts for piece in pieces))

    @property
    def known(self) -> bool:
        """Whether the string is known in full."""
        return self.text is not None

    @property
    def opaque(self) -> bool:
        """Whether nothing at all is known: there are no characters and no fixed or generated part."""
        return bool(self.parts) and all(isinstance(part, Hole) and part.kind is HoleKind.ANY for part in self.parts)

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The holes, in order."""
        return tuple(part for part in self.parts if isinstance(part, Hole))

    def equals(self, other: Pattern | str) -> Verdict:
        """Whether the two are the same string."""
        other = _as_pattern(other)
        if self == other:
            return Verdict.MAYBE if any(hole.kind is HoleKind.ANY for hole in self.holes) else Verdict.YES
        if self.opaque or other.opaque:
            return Verdict.MAYBE
        left, right = _without_common_front(_tokens(self), _tokens(other))
        if not _can_match(*_without_common_end(left, right)):
            return Verdict.NO
        return Verdict.MAYBE

    def starts_with(self, prefix: Pattern | str) -> Verdict:
        """Whether the string begins with `prefix`."""
        prefix = _as_pattern(prefix)
        left, right = _without_common_front(_tokens(self), _tokens(prefix))
        if not _can_match(left, (*right, _STAR)):
            return Verdict.NO
        return Verdict.YES if _certainly_begins(self.parts, prefix.parts) else Verdict.MAYBE

    def ends_with(self, suffix: Pattern | str) -> Verdict:
        """Whether the string ends with `suffix`."""
        return self._reversed().starts_with(_as_pattern(suffix)._reversed())

    def contains(self, text: str) -> Verdict:
        """Whether `text` occurs in the string."""
        if not text or any(isinstance(part, str) and text in part for part in self.parts):
            return Verdict.YES
        return Verdict.MAYBE if self.holes else Verdict.NO

    def matches_glob(self, glob: Pattern | str, *, ignore_case: bool = False) -> Verdict:
        """Whether the string matches `glob`, in which `*` stands for any string and `?` for one character.

        That is the language of IAM's actions and resources
        (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
        """
        glob = _as_pattern(glob)
        text, shape = self.text, glob.text
        if text is not None and shape is not None:
            same = _fits(text.lower(), shape.lower()) if ignore_case else _fits(text, shape)
            return Verdict.YES if same else Verdict.NO
        mine = self._lowered() if ignore_case else self
        theirs = glob._lowered() if ignore_case else glob
        pattern = _tokens(theirs, glob=True)
        left, right = _without_common_front(_tokens(mine), pattern)
        if not _can_match(*_without_common_end(left, right)):
            return Verdict.NO
        certain = not any(hole.kind is HoleKind.ANY for hole in theirs.holes)
        return Verdict.YES if certain and _covers(_tokens(mine), pattern) else Verdict.MAYBE

    def split(self, separator: str) -> tuple[Pattern, ...]:
        """Split at each `separator` in the known parts; a hole stays whole, although it may contain one."""
        pieces: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Hole):
                pieces[-1].append(part)
                continue
            first, *rest = part.split(separator)
            pieces[-1].append(first)
            pieces.extend([text] for text in rest)
        # Strings are no neighbours in a pattern, and so neither in its pieces.
        return tuple(Pattern(tuple(part for part in piece if part != "")) for piece in pieces)

    def _reversed(self) -> Pattern:
        return Pattern(tuple(part[::-1] if isinstance(part, str) else part for part in reversed(self.parts)))

    def _lowered(self) -> Pattern:
        return Pattern(tuple(part.lower() if isinstance(part, str) else part for part in self.parts))


# Matching works on tokens: a character, `_ONE` (one unknown character), `_STAR` (any string), or a hole whose string is
# the same wherever its label occurs.
_LONGEST_NAME: Final = 400
_ONE = Hole("?", HoleKind.GENERATED)
_STAR = Hole("*")
Token = str | Hole


def _as_pattern(value: Pattern | str) -> Pattern:
    return value if isinstance(value, Pattern) else Pattern.of(value)


@lru_cache(maxsize=65536)
def _fits(text: str, glob: str) -> bool:
    """Whether a known text matches a known glob; never slower than the product of their lengths."""
    at = shape = 0
    star, taken = -1, 0
    while at < len(text):
        if shape < len(glob) and glob[shape] == "*":
            star, taken, shape = shape, at, shape + 1
        elif shape < len(glob) and glob[shape] in ("?", text[at]):
            at, shape = at + 1, shape + 1
        elif star >= 0:  # the last star takes one character more
            taken += 1
            at, shape = taken, star + 1
        else:
            return False
    return not glob[shape:].strip("*")


def _tokens(pattern: Pattern, glob: bool = False) -> tuple[Token, ...]:
    """The tokens of a pattern; several stars in a row are one."""
    short = sum(len(part) if isinstance(part, str) else 1 for part in pattern.parts) <= _LONGEST_NAME
    return (_short_tokens if short else _new_tokens)(pattern, glob)


def _new_tokens(pattern: Pattern, glob: bool) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for part in pattern.parts:
        if isinstance(part, Hole):
            tokens.append(_STAR if part.kind is HoleKind.ANY else part)
        elif glob:
            tokens.extend({"*": _STAR, "?": _ONE}.get(character, character) for character in part)
        else:
            tokens.extend(part)
    return tuple(t for t, before in zip(tokens, (None, *tokens), strict=False) if t is not _STAR or before is not _STAR)


_short_tokens = lru_cache(maxsize=4096)(_new_tokens)


def _without_common_front(
    left: tuple[Token, ...], right: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """What remains after the common beginning: a fixed string is the same on both sides, although it is not known.

    Without this, `{stage}-in-{account}` might equal `{stage}-out-{account}` with the stage taken for two things.
    """
    end = 0
    while end < len(left) and end < len(right) and left[end] == right[end] and left[end] not in (_STAR, _ONE):
        end += 1
    return left[end:], right[end:]


def _without_common_end(
    left: tuple[Token, ...], right: tuple[Token, ...]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    front, back = _without_common_front(left[::-1], right[::-1])
    return front[::-1], back[::-1]


def _spans_text(token: Token) -> bool:
    """Whether a token may stand for a string of any length: a star, or a fixed string that is not known here."""
    return isinstance(token, Hole) and token is not _ONE and token.kind is not HoleKind.GENERATED


def _can_match(left: tuple[Token, ...], right: tuple[Token, ...]) -> bool:
    """Whether some string is described by both sides.

    A generated name meets itself, a star, any number of `?` or an unknown string, never written characters. A fixed
    string meets itself and, since it is not known, anything.

    `reached[i][j]` says that the first `i` tokens of `left` and the first `j` of `right` can describe the same
    beginning. A token that spans text may end there (its own side moves on), or take one more token of the other side
    (that side moves on, and it stays). Two tokens that are equal move both sides on. This is the product of two
    automata; it errs only towards yes, since a fixed string may be taken for different things in one match.
    """
    if len(left) > _LONGEST_NAME or len(right) > _LONGEST_NAME:  # no name of AWS is as long; do not spend time on it
        return True
    reached = [[False] * (len(right) + 1) for _ in range(len(left) + 1)]
    reached[0][0] = True
    for i in range(len(left) + 1):
        for j in range(len(right) + 1):
            if not reached[i][j]:
                continue
            a = left[i] if i < len(left) else None
            b = right[j] if j < len(right) else None
            if a is not None and _spans_text(a):
                reached[i + 1][j] = True
                if b is not None:
                    reached[i][j + 1] = True
            if b is not None and _spans_text(b):
                reached[i][j + 1] = True
                if a is not None:
                    reached[i + 1][j] = True
            if a is not None and b is not None and (a == b or _one_meets(a, b) or _one_meets(b, a)):
                reached[i + 1][j + 1] = True
                if _is_made_up(a) and b is _ONE:
                    reached[i][j + 1] = True
                if _is_made_up(b) and a is _ONE:
                    reached[i + 1][j] = True
    return reached[-1][-1]


def _one_meets(one: Token, other: Token) -> bool:
    """Whether `?` may be a character, or one of those of a made-up name."""
    return one is _ONE and (isinstance(other, str) or _is_made_up(other))


def _is_made_up(token: Token) -> bool:
    return isinstance(token, Hole) and token is not _ONE and token.kind is HoleKind.GENERATED


def _covers(text: tuple[Token, ...], glob: tuple[Token, ...]) -> bool:
    """Whether every text that `text` describes matches `glob`: each of its tokens is consumed in order.

    The places in the glob that can be reached are the bits of one number, so that a token costs one step for all.
    """
    stars, ones = _bits(glob, _STAR), _bits(glob, _ONE)
    reached = 1 | (stars & 1) << 1
    known: dict[Token, int] = {}
    for token in text:
        # A star of the glob may stay and take the token; an equal token is passed.
        if token not in known:
            known[token] = 0 if token is _STAR else _bits(glob, token) | (ones if isinstance(token, str) else 0)
        reached = (reached & known[token]) << 1 | reached & stars
        reached |= (reached & stars) << 1
        if not reached:
            return False
    return bool(reached >> len(glob) & 1)


def _bits(glob: tuple[Token, ...], wanted: Token) -> int:
    """The places of `wanted` in `glob`, each as one bit."""
    return int("".join("1" if token == wanted else "0" for token in reversed(glob)) or "0", 2)


def _certainly_begins(parts: tuple[Part, ...], prefix: tuple[Part, ...]) -> bool:
    for index, wanted in enumerate(prefix):
        if index >= len(parts):
            return False
        found = parts[index]
        if isinstance(wanted, Hole):
            if wanted.kind is HoleKind.ANY or found != wanted:
                return False
        elif not isinstance(found, str):
            return False
        elif index == len(prefix) - 1:
            return found.startswith(wanted)
        elif found != wanted:
            return False
    return True
