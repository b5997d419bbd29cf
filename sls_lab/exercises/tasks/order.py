"""Put lines in order (a Parsons problem); some may not belong, and more than one order may be right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.prose import segments
from sls_lab.exercises.shuffle import shuffled
from sls_lab.template.shared.raw_tree import RawNode


@dataclass(frozen=True, slots=True)
class OrderTask:
    """Lines, the first `wanted` of which are right in this order; the others do not belong.

    `needs` gives for a line those that come somewhere before it: every order that keeps to this is right. Without an
    entry in it, a line needs the one above it.
    An answer is the list of the numbers, from 1, of the lines in use.
    """

    lines: tuple[str, ...]
    wanted: int
    python: bool
    wrong: tuple[Wrong, ...]
    needs: Mapping[int, tuple[int, ...]]

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
        right = self._right_as_far_as(answer)
        found = f"{len(answer)} lines, right from the top as far as line {right}" if right else "the first line differs"
        expected = f"{self.wanted} lines in order"
        passed = right == len(answer) == self.wanted
        wrong = None if passed else next((wrong for wrong in self.wrong if _is(wrong, answer)), None)
        return AnswerResult(passed, f"all {self.wanted} lines in order" if passed else found, expected, wrong)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The lines, in an order of the learner's own that is not right."""
        numbers = shuffled(range(1, len(self.lines) + 1), lambda number: self.lines[number - 1], setting.learner)
        wanted = [number for number in numbers if number <= self.wanted]
        if self._right_as_far_as(wanted) == self.wanted:
            numbers.reverse()
        shown = [[number, self._pieces(self.lines[number - 1])] for number in numbers]
        return {"lines": shown, "extra": self.wanted < len(numbers), "python": self.python}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The lines in use."""
        return "\n".join(self.lines[number - 1] for number in answer)

    def _right_as_far_as(self, answer: list[int]) -> int:
        """How many lines from the top come after all that they need. Equal lines are interchangeable."""
        left = list(self.solution)
        for at, number in enumerate(answer):
            text = self.lines[number - 1]
            ready = (one for one in left if self.lines[one - 1] == text and not set(self._needed(one)) & set(left))
            taken = next(ready, None)
            if taken is None:
                return at
            left.remove(taken)
        return len(answer)

    def _needed(self, number: int) -> tuple[int, ...]:
        return self.needs.get(number, (number - 1,) if number > 1 else ())

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
    return OrderTask((*lines, *extra), len(lines), python, tuple(wrong), _needs(fields, len(lines)))


def _needs(fields: Fields, count: int) -> Mapping[int, tuple[int, ...]]:
    """For a line those that come before it; each is above it in the lesson, so that the lesson's own order is right."""
    found: dict[int, tuple[int, ...]] = {}
    for part in fields.parts("needs"):
        line = _number(part.node_of("line"), count)
        found[line] = tuple(_numbers(part, "after", line - 1))
        part.done()
    return found


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
