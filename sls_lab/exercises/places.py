"""Places in files that lessons name by what is written there, so that they survive moved lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sls_lab.exercises.fields import Fields
from sls_lab.exercises.model import ExerciseError
from sls_lab.facts import split_lines


@dataclass(frozen=True, slots=True)
class TextPlace:
    """The one line of a file that holds `text`, and the `lines` - 1 lines below it."""

    file: str
    text: str
    lines: int
    declared: str

    def first_line(self, folder: Path) -> int:
        """The line, from 1. Raises ExerciseError unless exactly one line contains the text."""
        found = [number for number, line in enumerate(text_lines(folder, self.file), 1) if self.text in line]
        if len(found) != 1:
            held = f"{len(found)} lines hold" if found else "no line holds"
            raise ExerciseError(f"{self.declared}: {held} {self.text!r} in {self.file}")
        return found[0]

    def covers(self, file: str, line: int, folder: Path) -> bool:
        """Whether a line belongs to this place."""
        return file == self.file and 0 <= line - self.first_line(folder) < self.lines


def read_place(fields: Fields) -> TextPlace:
    """A place of a lesson file."""
    place = TextPlace(fields.text("file"), fields.text("text"), fields.number("lines", 1), fields.node.span.place)
    fields.done()
    return place


def text_of(folder: Path, file: str) -> str:
    """The content of a file in `folder`. Raises ExerciseError if there is no such file."""
    try:
        return (folder / file).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ExerciseError(f"{folder.name}/{file} cannot be read, and this exercise needs it") from error


def text_lines(folder: Path, file: str) -> list[str]:
    """Its lines."""
    return split_lines(text_of(folder, file))
