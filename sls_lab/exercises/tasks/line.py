"""Find the line: click it in the code or in the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import Answer, AnswerResult, Setting, Unanswered, Unusable, Wrong
from sls_lab.exercises.places import TextPlace, read_place, text_lines, text_of


@dataclass(frozen=True, slots=True)
class LineTask:
    """Places in files. An answer is a list of `[file, line]`: one of the places, or with `every` a line of each."""

    files: tuple[str, ...]
    places: tuple[TextPlace, ...]
    every: bool
    wrong: tuple[Wrong, ...]

    @property
    def solution(self) -> tuple[TextPlace, ...]:
        """The places to pick."""
        return self.places if self.every else self.places[:1]

    def resolve(self, answer: Answer, setting: Setting) -> Answer:
        """The places as lines."""
        return [[place.file, place.first_line(setting.folder)] for place in answer]

    def judge(self, answer: Answer, setting: Setting) -> AnswerResult:
        """Whether the lines picked belong to the places, and none is missing."""
        if not answer:
            raise Unanswered
        if not isinstance(answer, list):
            raise Unusable("an answer is a list of files and lines")
        picked = [self._line(one, setting) for one in answer]
        stray = [one for one in picked if not any(place.covers(*one, setting.folder) for place in self.places)]
        hit = [place for place in self.places if any(place.covers(*one, setting.folder) for one in picked)]
        passed = not stray and len(hit) == len(self.solution)
        wrong = None
        if not passed:
            wrong = next((wrong for wrong in self.wrong if self._is(wrong, picked, setting)), None)
        if passed:
            expected = self.in_words(answer, setting)
        elif self.every and hit:
            expected = f"{len(self.places)} places; {len(hit)} of them found"
        else:
            expected = "another line" if len(self.solution) == 1 else f"{len(self.places)} places"
        return AnswerResult(passed, self._shown(picked, setting), expected, wrong)

    def view(self, setting: Setting) -> dict[str, Any]:
        """The files to pick from."""
        return {"texts": {file: text_of(setting.folder, file) for file in self.files}, "count": len(self.solution)}

    def in_words(self, answer: Answer, setting: Setting) -> str:
        """The places."""
        return ", ".join(f"{file}:{line}" for file, line in answer)

    def _line(self, one: Any, setting: Setting) -> tuple[str, int]:
        match one:
            case [str(file), int(line)] if file in self.files:
                count = len(text_lines(setting.folder, file))
                if not 1 <= line <= count:
                    raise Unusable(f"{file} has lines 1 to {count}, no line {line}")
                return file, line
        raise Unusable("an answer is a list of files and lines")

    def _shown(self, picked: list[tuple[str, int]], setting: Setting) -> str:
        return ", ".join(
            f"{file}:{line} `{text_lines(setting.folder, file)[line - 1].strip()}`" for file, line in picked
        )

    def _is(self, wrong: Wrong, picked: list[tuple[str, int]], setting: Setting) -> bool:
        return all(any(place.covers(*one, setting.folder) for one in picked) for place in wrong.answer)


def read_line(fields: Fields) -> LineTask:
    """The files shown, the places to pick, and what is often picked."""
    places = tuple(read_place(part) for part in fields.parts("places"))
    if not places:
        raise mistake(fields.node, "the exercise has no `places`")
    wrong = []
    for part in fields.parts("wrong"):
        wrong.append(Wrong(tuple(map(read_place, part.parts("answer"))), part.text("explanation"), {}))
        part.done()
    named = (place.file for place in (*places, *(place for one in wrong for place in one.answer)))
    files = fields.texts("files") or tuple(dict.fromkeys(named))
    return LineTask(files, places, fields.word("pick", ("one", "every"), "one") == "every", tuple(wrong))
