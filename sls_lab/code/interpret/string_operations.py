"""String operations on patterns: what is known of the result when only parts of the string are known."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from sls_lab.code.interpret.budget import MAX_PARTS, MAX_TEXT
from sls_lab.facts import Hole, HoleKind, Pattern

#: Methods without arguments that work on each character separately.
_CHARACTERWISE: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "casefold": str.casefold,
    "swapcase": str.swapcase,
}
#: Functions that leave most text as it is and change the rest character by character.
_ENCODERS: dict[str, Callable[[str], str]] = {
    "urllib.parse.quote": quote,
    "urllib.parse.quote_plus": quote_plus,
    "urllib.parse.unquote": unquote,
    "urllib.parse.unquote_plus": unquote_plus,
}


def concatenation(*patterns: Pattern | str) -> Pattern:
    """One text after the other; a result that is too long to be a name is known by its beginning alone."""
    whole = Pattern.of(*patterns)
    if len(whole.parts) > MAX_PARTS or sum(len(part) for part in whole.parts if isinstance(part, str)) > MAX_TEXT:
        first = whole.parts[0]
        return Pattern.of(first[:MAX_TEXT], Hole("…")) if isinstance(first, str) else Pattern.of(Hole("…"))
    return whole


def derived(pattern: Pattern, operation: str) -> Pattern:
    """A text made of `pattern` by an operation of whose result nothing is known."""
    label = pattern.holes[0].label if len(pattern.holes) == 1 else str(pattern)
    return Pattern.of(Hole(f"{label}{operation}"[:80], _weakest(pattern)))


def _weakest(pattern: Pattern) -> HoleKind:
    # What a fixed string is turned into is fixed as well, but it is no longer the generated name itself.
    kinds = {hole.kind for hole in pattern.holes}
    return HoleKind.ANY if HoleKind.ANY in kinds or not kinds else HoleKind.FIXED


def mapped(pattern: Pattern, function: Callable[[str], str], operation: str) -> Pattern:
    """Each known part changed separately, and each hole turned into one that says so."""
    return Pattern.of(
        *(function(part) if isinstance(part, str) else derived(Pattern((part,)), operation) for part in pattern.parts)
    )


def method(name: str, pattern: Pattern, arguments: list[Pattern | None]) -> Pattern | None:
    """The result of `pattern.name(*arguments)` where it is a string; None where this method is not understood.

    An argument that is not known, or no string, is None.
    """
    given = f".{name}({', '.join(_written(argument) for argument in arguments)})"
    if name in _CHARACTERWISE and not arguments:
        return mapped(pattern, _CHARACTERWISE[name], given)
    if name in ("title", "capitalize") and not arguments:
        return Pattern.of(getattr(pattern.text, name)()) if pattern.text is not None else derived(pattern, given)
    if name in ("strip", "lstrip", "rstrip"):
        characters = arguments[0].text if arguments and arguments[0] is not None else None
        return stripped(pattern, name, characters, known=not arguments or characters is not None)
    if name == "replace" and len(arguments) >= 2:
        return replaced(pattern, arguments[0], arguments[1]) if len(arguments) == 2 else derived(pattern, given)
    if name in ("removeprefix", "removesuffix") and arguments:
        return _removed(pattern, name, arguments[0]) or derived(pattern, given)
    if name in ("zfill", "ljust", "rjust", "center", "expandtabs", "translate"):
        return derived(pattern, given)
    if name in ("encode", "decode", "format_map"):
        return pattern
    return None


def _written(argument: Pattern | None) -> str:
    return "…" if argument is None else f'"{argument}"'


def stripped(pattern: Pattern, name: str, characters: str | None, known: bool) -> Pattern:
    """`strip`, `lstrip` or `rstrip`; a hole at the end may hold what is stripped, and stays a hole."""
    if not known:
        return derived(pattern, f".{name}(…)")
    parts = list(pattern.parts)
    if name != "rstrip":
        while parts and isinstance(parts[0], str):
            parts[0] = parts[0].lstrip(characters)
            if parts[0]:
                break
            del parts[0]
        parts[:1] = map(_unquoted, parts[:1])
    if name != "lstrip":
        while parts and isinstance(last := parts[-1], str):
            parts[-1] = last.rstrip(characters)
            if parts[-1]:
                break
            del parts[-1]
        parts[-1:] = map(_unquoted, parts[-1:])
    return Pattern.of(*parts)


def _unquoted(part: str | Hole) -> str | Hole:
    """A part at an end that was stripped, perhaps of its quotes."""
    return replace(part, quoted="") if isinstance(part, Hole) else part


def replaced(pattern: Pattern, old: Pattern | None, new: Pattern | None) -> Pattern:
    """`replace(old, new)`: in known text; where the old text may reach into a hole nothing is known."""
    operation = f".replace({_written(old)}, {_written(new)})"
    wanted = old.text if old is not None else None
    if wanted is None or wanted == "" or new is None:
        return derived(pattern, operation)
    if len(wanted) > 1 and any(_touches(pattern, index, wanted) for index in range(len(pattern.parts))):
        return derived(pattern, operation)
    pieces: list[Pattern] = []
    for part in pattern.parts:
        if isinstance(part, Hole):
            pieces.append(derived(Pattern((part,)), operation) if part.kind is HoleKind.ANY else Pattern((part,)))
        else:
            split = part.split(wanted)
            pieces.append(Pattern.of(split[0]))
            for text in split[1:]:
                pieces.append(concatenation(new, text))
    return concatenation(*pieces)


def _touches(pattern: Pattern, index: int, wanted: str) -> bool:
    """Whether a known part beside a hole ends (or begins) as `wanted` begins (or ends)."""
    part = pattern.parts[index]
    if not isinstance(part, str):
        return False
    before, after = index > 0, index + 1 < len(pattern.parts)
    return any(
        (after and part.endswith(wanted[:size])) or (before and part.startswith(wanted[-size:]))
        for size in range(1, len(wanted))
    )


def _removed(pattern: Pattern, name: str, affix: Pattern | None) -> Pattern | None:
    text = affix.text if affix is not None else None
    if text is None or not pattern.parts:
        return None
    edge = pattern.parts[0] if name == "removeprefix" else pattern.parts[-1]
    if not isinstance(edge, str) or (pattern.holes and len(edge) < len(text)):
        return None
    if name == "removeprefix":
        return Pattern.of(edge.removeprefix(text), *pattern.parts[1:])
    return Pattern.of(*pattern.parts[:-1], edge.removesuffix(text))


def sliced(pattern: Pattern, start: int | None, stop: int | None) -> Pattern:
    """`pattern[start:stop]` with step 1; as far as the bounds lie in known text at the ends."""
    if pattern.text is not None:
        return Pattern.of(pattern.text[start:stop])
    first, last = pattern.parts[0], pattern.parts[-1]
    head = first if isinstance(first, str) else ""
    tail = last if isinstance(last, str) else ""
    written = f"[{'' if start is None else start}:{'' if stop is None else stop}]"
    if start is not None and stop is not None and 0 <= start <= stop <= len(head):
        return Pattern.of(head[start:stop])
    if not start and stop is not None and 0 <= stop <= len(head):
        return Pattern.of(head[:stop])
    if stop is None and start is not None and -len(tail) <= start < 0:
        return Pattern.of(tail[start:])
    cut_head = start is None or 0 <= start <= len(head)
    cut_tail = stop is None or -len(tail) <= stop < 0
    if not cut_head or not cut_tail:
        return derived(pattern, written)
    parts = list(pattern.parts)
    if stop is not None:
        parts[-1] = tail[:stop]
    if start:
        parts[0] = head[start:]
    return Pattern.of(*parts)


def split(pattern: Pattern, separator: str | None, limit: int, right: bool) -> tuple[list[Pattern], Pattern | None]:
    """The known first pieces of `split`, and what each further one is (None where there are no more).

    A fixed or generated hole is taken to hold no separator: names and account numbers have none.
    """
    text = pattern.text
    if text is not None:
        pieces = text.rsplit(separator, limit) if right else text.split(separator, limit)
        return [Pattern.of(piece) for piece in pieces], None
    open_ended = any(hole.kind is HoleKind.ANY for hole in pattern.holes)
    if separator is None or limit >= 0:
        return [], derived(pattern, ".split(…)[…]")
    whole = pattern.split(separator)
    if not open_ended:
        return list(whole), None
    known = []
    for piece in whole:
        if any(hole.kind is HoleKind.ANY for hole in piece.holes):
            break
        known.append(piece)
    return known, derived(pattern, f'.split("{separator}")[…]')


def last_piece(pattern: Pattern, separator: str) -> Pattern:
    """`pattern.split(separator)[-1]`: what comes after the last separator."""
    index = next((i for i in range(len(pattern.parts) - 1, -1, -1) if _ends_piece(pattern.parts[i], separator)), None)
    if index is None:
        return pattern
    part = pattern.parts[index]
    if isinstance(part, str):
        return Pattern.of(part.rsplit(separator, 1)[1], *pattern.parts[index + 1 :])
    return Pattern.of(derived(Pattern((part,)), f'.split("{separator}")[-1]'), *pattern.parts[index + 1 :])


def _ends_piece(part: str | Hole, separator: str) -> bool:
    return separator in part if isinstance(part, str) else part.kind is HoleKind.ANY


def joined_path(parts: Iterable[Pattern]) -> Pattern:
    """`posixpath.join`: a part that begins with `/` forgets those before it; a hole is taken to be relative."""
    path = Pattern.of()
    for part in parts:
        first = part.parts[0] if part.parts else ""
        if isinstance(first, str) and first.startswith("/"):
            path = part
        elif not path.parts or (isinstance(path.parts[-1], str) and path.parts[-1].endswith("/")):
            path = concatenation(path, part)
        else:
            path = concatenation(path, "/", part)
    return path


def shell_word(pattern: Pattern) -> Pattern:
    """`shlex.quote(pattern)`."""
    text = pattern.text
    if text is not None:
        return Pattern.of(shlex.quote(text))
    return Pattern.of(Hole(derived(pattern, "").holes[0].label, _weakest(pattern), quoted="shell"))


def encoded(function: str, pattern: Pattern) -> Pattern:
    """`urllib.parse.quote` and similar functions."""
    if function not in _ENCODERS:
        return pattern
    changed = mapped(pattern, _ENCODERS[function], "")
    if "unquote" in function:
        return changed
    return Pattern(tuple(replace(part, quoted="url") if isinstance(part, Hole) else part for part in changed.parts))


_MAY_RUN = re.compile(r"[^()|{}]*")


def substituted(expression: str, replacement: Pattern, pattern: Pattern) -> Pattern:
    """`re.sub(expression, replacement, pattern)` on known text.

    Only expressions without groups and with few repetitions are run, since others can take for ever; the rest, and
    those that are not regular expressions, give a hole.
    """
    text = pattern.text
    repetitions = sum(expression.count(sign) for sign in "*+?")
    runs = _MAY_RUN.fullmatch(expression) and repetitions <= 2 and len(expression) <= 100
    if text is None or not runs or len(text) > 200 or (replacement.text is None and replacement.known):
        return derived(pattern, ".sub(…)")
    try:
        pieces = re.split(expression, text)
    except re.error:
        return derived(pattern, ".sub(…)")
    if "\\" in str(replacement):
        return derived(pattern, ".sub(…)")
    result = Pattern.of(pieces[0])
    for piece in pieces[1:]:
        result = concatenation(result, replacement, piece)
    return result
