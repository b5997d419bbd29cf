"""Changes to a file, as lessons write them."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent, indent

from sls_lab.exercises.fields import Fields, mistake
from sls_lab.exercises.model import ExerciseError
from sls_lab.facts import split_lines


@dataclass(frozen=True, slots=True)
class Replacement:
    """`new` in place of `old`, which occurs in the file once; without an `old`, `new` is the whole file.

    Where `old` is a part of a line, so is `new`. Else both are whole lines, written without the indentation that all
    lines have in the file.
    """

    file: str
    old: str
    new: str
    declared: str

    def made_to(self, text: str) -> str:
        """The content after the change. Raises ExerciseError where `old` does not occur exactly once."""
        if not self.old:
            return self.new
        if "\n" not in self.old:
            self._once(text.count(self.old))
            return text.replace(self.old, self.new)
        lines, old = split_lines(text), split_lines(dedent(self.old))
        found = [at for at in range(len(lines)) if dedent("".join(lines[at : at + len(old)])) == "".join(old)]
        self._once(len(found))
        at = found[0]
        margin = " " * (len(lines[at]) - len(lines[at].lstrip()) - len(old[0]) + len(old[0].lstrip()))
        return "".join([*lines[:at], indent(dedent(self.new), margin), *lines[at + len(old) :]])

    def _once(self, count: int) -> None:
        if count != 1:
            raise ExerciseError(f"{self.declared}: {self.file} contains what is to be replaced {count} times, not once")


def read_changes(fields: Fields, name: str) -> tuple[Replacement, ...]:
    """The changes in a list of a lesson file."""
    changes = []
    for part in fields.parts(name):
        old = part.text("replace", "")
        changes.append(Replacement(part.text("file"), old, part.text("with" if old else "text"), part.node.span.place))
        part.done()
    if not changes:
        raise mistake(fields.node, f"`{name}` is a list of changes")
    return tuple(changes)


def normal(text: str) -> str:
    """`text` without what does not count: spaces at the ends of lines, and empty lines."""
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
