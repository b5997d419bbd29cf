"""How long a notebook takes a learner who works alone: a model, to be replaced by what is measured.

Prose is read at 130 words a minute, code that is meant to be read at four seconds a line. Each question, exercise and
widget has its minutes by its kind. Waiting is not counted, nor are cells that are folded. Each learner's own minutes
are noted while they work (`sls_lab.exercises.progress.Spent`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sls_lab.exercises.loading import find
from sls_lab.exercises.model import Exercise
from sls_lab.exercises.recalling import RECALLED

WORDS_A_MINUTE: Final = 130
SECONDS_A_LINE: Final = 4
#: Minutes to read, answer and read why, by the kind of what is asked.
ASKED: Final = {
    "recall": 0.5,
    "prediction": 1,
    "choice": 2,
    "line": 3,
    "blank": 4,
    "order": 4,
    "attack": 7,
    "model": 8,
    "permission": 9,
    "handler": 9,
    "extractor": 12,
}
#: Minutes with a widget that shows an application, or with a function of the kit that is read in full.
WIDGET: Final = 3
_WIDGETS: Final = re.compile(
    r"\b(?:(?:AstExplorer|Editor|EventGraphExplorer|RewritingStepper|SendRequest|TaintStepper|TemplateExplorer)\("
    r"|look_into\((?!.*\bfolded=))"  # what is folded is for whoever wants to know more
)
_ASKS: Final = re.compile(r"^\s*(?:predict|exercise)\(\s*\"([^\"]+)\"", re.MULTILINE)
_IMPORTS: Final = re.compile(r"^from \S+ import \([^)]*\)", re.MULTILINE)
#: Lines that nobody reads: what is asked has minutes of its own.
_ASKING: Final = re.compile(r"(?:from|import|predict|exercise|recall|classroom)\b")
_RECALLS: Final = re.compile(r"^recall\(", re.MULTILINE)
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Section:
    """What is below one heading of a notebook: its `minutes`, not rounded, and what it asks, in order."""

    title: str
    minutes: float
    asked: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One cell: the heading that it begins with, the minutes to read it, and what it asks."""

    heading: str
    reading: float
    asked: tuple[Exercise, ...]
    recalls: int

    @property
    def answering(self) -> float:
        return sum(ASKED[one.kind] for one in self.asked) + self.recalls * RECALLED * ASKED["recall"]


def sections(notebook: Path) -> tuple[Section, ...]:
    """The parts of a notebook, from heading to heading. Raises ExerciseError for an unknown exercise."""
    found: list[Section] = []
    for part in _parts(notebook):
        spent = part.reading + part.answering
        if part.heading or not found:
            found.append(Section(part.heading, spent, part.asked))
        else:
            last = found.pop()
            found.append(Section(last.title, last.minutes + spent, (*last.asked, *part.asked)))
    return tuple(found)


def minutes(notebook: Path) -> int:
    """The minutes that a notebook takes, to the nearest five. Raises ExerciseError for an unknown exercise."""
    return _STEP * round(sum(section.minutes for section in sections(notebook)) / _STEP)


def longest_stretch(notebook: Path) -> float:
    """The most minutes of reading and looking between two questions. Raises ExerciseError for an unknown exercise."""
    longest = since = 0.0
    for part in _parts(notebook):
        since += part.reading
        longest = max(longest, since)
        if part.asked or part.recalls:
            since = 0.0
    return longest


def _parts(notebook: Path) -> Iterator[_Part]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            heading = re.match(r"#+ (.+)", text)
            yield _Part(heading[1].strip() if heading else "", len(_words(text)) / WORDS_A_MINUTE, (), 0)
        elif not _folded(cell):
            reading = WIDGET * len(_WIDGETS.findall(text)) + SECONDS_A_LINE / 60 * len(list(_lines(text)))
            yield _Part("", reading, tuple(find(id) for id in _ASKS.findall(text)), len(_RECALLS.findall(text)))


def _folded(cell: dict[str, Any]) -> bool:
    return bool(cell["metadata"].get("jupyter", {}).get("source_hidden"))


def _words(text: str) -> list[str]:
    """The words of a cell that are read: not the targets of links, nor the frames of tables."""
    return re.findall(r"\w[\w'.-]*", re.sub(r"\]\([^)\s]+(?: \"[^\"]*\")?\)", "]", text))


def _lines(text: str) -> Iterator[str]:
    """Lines of code that say something: not imports, brackets alone, or the name of an exercise."""
    for line in _IMPORTS.sub("", text).splitlines():
        stripped = line.strip()
        if re.search(r"\w", stripped) and not _ASKING.match(stripped):
            yield line
