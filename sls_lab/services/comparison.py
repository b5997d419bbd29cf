"""Compare one value with one operator of the content-filter language, three-valued.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sls_lab.facts import Pattern, Verdict

_NUMERIC: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


@dataclass(frozen=True, slots=True)
class EventLeaf:
    """One value of an event: a string, a number, a truth value, null, or a list of which one may match."""

    text: Pattern | None = None
    number: float | None = None
    truth: bool | None = None
    null: bool = False
    several: tuple[EventLeaf, ...] | None = None


def compare(option: Any, leaf: EventLeaf) -> Verdict:
    """Whether `leaf` passes one `option`: a plain value, or a mapping with one operator; others are not decided."""
    if leaf.several is not None:
        return Verdict.any(compare(option, inner) for inner in leaf.several)
    if isinstance(option, Mapping):
        return Verdict.all(_operator(word, operand, leaf) for word, operand in option.items())
    return _equal(option, leaf)


def _equal(wanted: Any, leaf: EventLeaf) -> Verdict:
    if isinstance(wanted, Pattern):
        return leaf.text.equals(wanted) if leaf.text is not None else Verdict.NO
    if leaf.text is not None and leaf.text.holes:
        return Verdict.MAYBE  # an expression of which nothing is known may be of any type
    if wanted is None:
        return _answer(leaf.null)
    if isinstance(wanted, bool):
        return _answer(leaf.truth is wanted)
    if isinstance(wanted, int | float):
        return _answer(leaf.number == wanted)
    return Verdict.MAYBE


def _operator(word: str, operand: Any, leaf: EventLeaf) -> Verdict:
    match word:
        case "prefix" | "suffix":
            return _affix(word, operand, leaf)
        case "anything-but":
            return _anything_but(operand, leaf)
        case "equals-ignore-case":
            return _any_of(operand, leaf, lambda text, wanted: text.matches_glob(_plain(wanted), ignore_case=True))
        case "wildcard":
            return _any_of(operand, leaf, lambda text, wanted: text.matches_glob(wanted))
        case "numeric":
            return _in_range(operand, leaf)
    return Verdict.MAYBE  # `cidr`, and what is added to the language later


def _affix(word: str, operand: Any, leaf: EventLeaf) -> Verdict:
    if isinstance(operand, Mapping):
        wanted = operand.get("equals-ignore-case")
        if not isinstance(wanted, Pattern):
            return Verdict.MAYBE
        glob = Pattern.of(_plain(wanted), "*") if word == "prefix" else Pattern.of("*", _plain(wanted))
        return _any_of(glob, leaf, lambda text, shape: text.matches_glob(shape, ignore_case=True))
    if word == "prefix":
        return _any_of(operand, leaf, lambda text, wanted: text.starts_with(wanted))
    return _any_of(operand, leaf, lambda text, wanted: text.ends_with(wanted))


def _anything_but(operand: Any, leaf: EventLeaf) -> Verdict:
    if isinstance(operand, Mapping):
        return compare(operand, leaf).negated()
    options = operand if isinstance(operand, list) else [operand]
    return Verdict.any(_equal(option, leaf) for option in options).negated()


def _any_of(operand: Any, leaf: EventLeaf, holds: Callable[[Pattern, Pattern], Verdict]) -> Verdict:
    if leaf.text is None:
        return Verdict.NO
    text, options = leaf.text, operand if isinstance(operand, list) else [operand]
    verdict = Verdict.any(holds(text, option) if isinstance(option, Pattern) else Verdict.MAYBE for option in options)
    # What nothing is known of may be no text at all, which not even an empty prefix takes.
    return Verdict.MAYBE if text.opaque and verdict is Verdict.YES else verdict


def _in_range(operand: Any, leaf: EventLeaf) -> Verdict:
    if not isinstance(operand, Sequence):
        return Verdict.MAYBE
    number = leaf.number  # a string of digits is not a number
    if number is None:
        return Verdict.MAYBE if leaf.text is not None and leaf.text.holes else Verdict.NO
    answers = []
    for sign, bound in zip(operand[::2], operand[1::2], strict=False):
        compared = _NUMERIC.get((sign.text or "") if isinstance(sign, Pattern) else "")
        limit = _number(bound.text or "") if isinstance(bound, Pattern) else bound
        if compared is None or not isinstance(limit, int | float):
            return Verdict.MAYBE
        answers.append(_answer(compared(number, limit)))
    return Verdict.all(answers)


def _plain(pattern: Pattern) -> Pattern:
    """A pattern that matches only itself as a glob: `*` and `?` become any one character, the nearest there is."""
    return Pattern.of(*(part.replace("*", "?") if isinstance(part, str) else part for part in pattern.parts))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _answer(holds: bool) -> Verdict:
    return Verdict.YES if holds else Verdict.NO
