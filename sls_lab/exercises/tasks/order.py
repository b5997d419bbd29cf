"""Put lines in order (a Parsons problem); some may not belong."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.prose import segments
from sls_lab.template.shared.raw_tree import RawNode


@dataclass(frozen=True, slots=True)
class OrderTask:
    """Lines, the first `wanted` of which are right in this order; the others do not belong.

    An answer is the list of the numbers, from 1, of the lines in use. `also` are other orders that are right.
    """

    lines: tuple[str, ...]
    wanted: int
    python: bool
    wrong: tuple[Wrong, ...]
    also: tuple[tuple[int, ...], ...] = ()

    @property
    def solution(self) -> list[int]:
        """The lines in order."""
        return list(range(1, self.wanted + 1))

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The same."""
        return answer

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """How far from the top the order is right."""
        if not answer:
            raise Unanswered
        numbers = range(1, len(self.lines) + 1)
        if not isinstance(answer, list) or any(number not in numbers for number in answer):
            raise Unusable(f"an answer is a list of numbers from 1 to {len(self.lines)}")
        # Equal lines are interchangeable.
        texts, wanted = [self.lines[number - 1] for number in answer], list(self.lines[: self.wanted])
        right = next((at for at, (one, other) in enumerate(zip(texts, wanted, strict=False)) if one != other), None)
        if right is None:
            right = min(len(texts), len(wanted))
        found = f"{len(texts)} lines, right from the top as far as line {right}" if right else "the first line differs"
        expected = f"{len(wanted)} lines in order"
        passed = texts == wanted or any(texts == [self.lines[one - 1] for one in order] for order in self.also)
        wrong = None if passed else next((wrong for wrong in self.wrong if _is(wrong, answer)), None)
        return AnswerResult(passed, f"all {len(wanted)} lines in order" if passed else found, expected, wrong)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The lines, shuffled the same way each time."""
        numbers = sorted(range(1, len(self.lines) + 1), key=lambda number: _shuffle(self.lines[number - 1]))
        if numbers[: self.wanted] == self.solution:
            numbers.reverse()
        shown = [[number, self._pieces(self.lines[number - 1])] for number in numbers]
        return {"lines": shown, "extra": self.wanted < len(numbers), "python": self.python}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The lines in use."""
        return "\n".join(self.lines[number - 1] for number in answer)

    def _pieces(self, line: str) -> list[list[str]]:
        return [["text", line]] if self.python else segments(line)


def read_order(fields: Fields) -> OrderTask:
    """The lines in order, those that do not belong, and what is often answered."""
    lines = fields.texts("lines")
    extra = fields.texts("distractors")
    if len(lines) < 2:
        raise mistake(fields.node, "an order has two or more `lines`")
    wrong = []
    for part in fields.parts("wrong"):
        signs = {name: _numbers(part, name, len(lines) + len(extra)) for name in ("uses", "before") if part.has(name)}
        answer = _numbers(part, "answer", len(lines) + len(extra))
        wrong.append(Wrong(answer, part.text("explanation"), signs))
        if not _is(Wrong(None, "", signs), answer) and signs:
            raise mistake(part.node, "the `answer` does not show what `uses` or `before` says")
        part.done()
    python = fields.word("language", ("python", "text"), "text") == "python"
    also = []
    for node in fields.items("also"):
        numbers = node.value if isinstance(node.value, tuple) else ()
        also.append(tuple(_number(number, len(lines)) for number in numbers))
        if sorted(also[-1]) != list(range(1, len(lines) + 1)):
            raise mistake(node, f"another right order has each of the {len(lines)} lines once")
    return OrderTask((*lines, *extra), len(lines), python, tuple(wrong), tuple(also))


def _is(wrong: Wrong, answer: list[int]) -> bool:
    """Whether an answer is that wrong one, or shows what is typical of it."""
    if "uses" in wrong.signs and set(wrong.signs["uses"]) <= set(answer):
        return True
    if "before" in wrong.signs and set(wrong.signs["before"]) <= set(answer):
        places = [answer.index(number) for number in wrong.signs["before"]]
        return all(one < other for one, other in pairwise(places))
    return bool(wrong.answer == answer)


def _numbers(part: Fields, name: str, highest: int) -> list[int]:
    return [_number(node, highest) for node in part.items(name)]


def _number(node: RawNode, highest: int) -> int:
    if not isinstance(node.value, int) or not 1 <= node.value <= highest:
        raise mistake(node, f"a line is named by its number, from 1 to {highest}")
    return node.value


def _shuffle(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
