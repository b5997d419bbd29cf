"""Fill in the blanks of prose or of code."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from sls_lab.exercises.fields import Fields, mistake, scalar
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong

_GAP = re.compile(r"\[\[([\w-]+)\]\]")
#: Numbers are compared to two digits after the point.
_NEAR = Fraction(1, 200)

_Language = Literal["python", "number", "text"]


@dataclass(frozen=True, slots=True)
class BlankTask:
    """A text with gaps, and what each accepts. An answer maps the gaps' names to texts.

    `python` compares as Python expressions, so that quotes and spaces do not count; `number` compares values to two
    digits, given as a decimal, a fraction or a percentage; else case and spaces around do not count.
    """

    text: str
    accepted: Mapping[str, tuple[str, ...]]
    language: _Language
    wrong: tuple[Wrong, ...]

    @property
    def solution(self) -> dict[str, str]:
        """The first text that each gap accepts."""
        return {name: texts[0] for name, texts in self.accepted.items()}

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The gaps that a wrong answer leaves open get their right text."""
        return {**self.solution, **answer}

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """Which gaps are right."""
        if not isinstance(answer, dict) or not all(isinstance(text, str) for text in answer.values()):
            raise Unusable("an answer gives a string for each gap")
        if not all(answer.get(name, "").strip() for name in self.accepted):
            raise Unanswered
        missed = [name for name, texts in self.accepted.items() if not self._right(answer[name], texts)]
        found = ", ".join(f"`{answer[name]}`" for name in (missed or self.accepted))
        expected = "something else in " + (
            f"{len(missed)} of {len(self.accepted)} gaps" if len(answer) > 1 else "the gap"
        )
        wrong = next((wrong for wrong in self.wrong if self._is(wrong, answer)), None) if missed else None
        return AnswerResult(not missed, found, expected if missed else found, wrong)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The text in pieces: every second one is the name of a gap."""
        sizes = {name: max(map(len, texts)) + 4 for name, texts in self.accepted.items()}
        return {"pieces": _GAP.split(self.text), "sizes": sizes, "python": self.language == "python"}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The text with its gaps filled."""
        return _GAP.sub(lambda gap: answer.get(gap[1]) or "____", self.text)

    def _right(self, given: str, texts: tuple[str, ...]) -> bool:
        if self.language == "number":
            number = _number(given)
            return number is not None and any(_close(number, text) for text in texts)
        return self._normal(given) in {self._normal(text) for text in texts}

    def _is(self, wrong: Wrong, answer: Mapping[str, str]) -> bool:
        return all(self._normal(answer[name]) == self._normal(text) for name, text in wrong.answer.items())

    def _normal(self, text: str) -> str:
        if self.language == "python":
            try:
                return ast.dump(ast.parse(text.strip(), mode="eval"))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return text.strip()
        return " ".join(text.split()).strip("`'\"").casefold()


def read_blank(fields: Fields) -> BlankTask:
    """The text, what each gap accepts, and what is often answered."""
    text = fields.text("text")
    blanks = Fields(fields.node_of("blanks"), "`blanks`")
    accepted = {}
    for name in dict.fromkeys(_GAP.findall(text)):
        accepted[name] = blanks.texts(name)
        if not accepted[name]:
            raise mistake(blanks.node, f"`blanks` has no list of strings for the gap `{name}`")
    blanks.done()
    if not accepted:
        raise mistake(fields.node_of("text"), "the text has no gap; one is written [[name]]")
    wrong = []
    for part in fields.parts("wrong"):
        node = part.node_of("answer")
        answer = {name: scalar(child, f"`{name}`") for name, child in node.mapping.items()}
        if not answer or answer.keys() - accepted.keys():
            raise mistake(node, "an answer gives a string for one or more of the gaps")
        wrong.append(Wrong(answer, part.text("explanation"), {}))
        part.done()
    named = fields.word("language", ("python", "number", "text"), "text")
    language: _Language = "python" if named == "python" else "number" if named == "number" else "text"
    if language == "number" and (bad := [one for texts in accepted.values() for one in texts if _number(one) is None]):
        raise mistake(blanks.node, f"`{bad[0]}` is not a number")
    return BlankTask(text, accepted, language, tuple(wrong))


def _number(text: str) -> Fraction | None:
    """The value of `7/9`, `.78`, `0,78` or `78 %`; None for anything else."""
    written = "".join(text.split()).strip("`").replace(",", ".")
    percent = written.endswith("%")
    if not re.fullmatch(r"\d{0,9}\.?\d{1,9}|\d{1,9}/\d{1,9}", written.removesuffix("%")):
        return None
    try:
        value = Fraction(written.removesuffix("%"))
    except (ValueError, ZeroDivisionError):
        return None
    return value / 100 if percent else value


def _close(number: Fraction, text: str) -> bool:
    exact = _number(text)
    return exact is not None and abs(number - exact) <= _NEAR
