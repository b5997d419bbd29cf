"""What every variable, attribute, list and dict holds at one point of the interpretation.

All of it is one table with a journal. A branch is interpreted in place and then rewound, its changes kept; when all
branches are done their changes are joined. That costs what the branches write, never the size of the table.
"""

from __future__ import annotations

from itertools import count

from sls_lab.code.interpret.joining import join, join_contents
from sls_lab.code.interpret.values import Value

#: An object's number and the name of the variable or attribute; `CONTENTS` for what a list or dict holds.
HeapKey = tuple[int, str]
CONTENTS = "[]"
Changes = dict[HeapKey, Value]
HeapMark = tuple[int, int]

_NUMBERS = count(1)


def new_number() -> int:
    """A number that no other object has."""
    return next(_NUMBERS)


class Store:
    """The table. `version` is the same exactly where everything that outlives a function call is the same."""

    def __init__(self) -> None:
        """An empty table."""
        self.cells: Changes = {}
        self.version = 0
        self.private: set[int] = set()  #: the frames whose variables only the running function can see
        self._versions = count(1)
        self._journal: list[tuple[HeapKey, Value | None]] = []

    def read(self, key: HeapKey) -> Value | None:
        """The value at a place, None where nothing was written."""
        return self.cells.get(key)

    def write(self, key: HeapKey, value: Value) -> None:
        """Put a value there."""
        self._journal.append((key, self.cells.get(key)))
        self.cells[key] = value
        if key[0] not in self.private:
            self.version = next(self._versions)

    def mark(self) -> HeapMark:
        """The present point, to come back to."""
        return len(self._journal), self.version

    def changes(self, mark: HeapMark) -> Changes:
        """What was written since a mark, as it is now."""
        cells = self.cells
        return {key: cells[key] for key, _ in self._journal[mark[0] :]}

    def history(self, mark: HeapMark) -> Changes:
        """For each place written since a mark, every value that it has had since."""
        held: Changes = {}
        for key, old in self._journal[mark[0] :]:
            if old is not None:
                held[key] = joined(key, held[key], old) if key in held else old
        for key, value in self.changes(mark).items():
            held[key] = joined(key, held[key], value) if key in held else value
        return held

    def rewind(self, mark: HeapMark) -> Changes:
        """Undo everything since a mark; gives what `changes` would have given."""
        changes = self.changes(mark)
        position, self.version = mark
        for key, old in reversed(self._journal[position:]):
            if old is None:
                self.cells.pop(key, None)
            else:
                self.cells[key] = old
        del self._journal[position:]
        return changes

    def apply(self, changes: Changes) -> None:
        """Write all of a branch's changes."""
        for key, value in changes.items():
            self.write(key, value)

    def begin_with(self, changes: Changes) -> None:
        """Write the changes of a load before anything else: nobody ever comes back to the empty table."""
        self.cells = dict(changes)
        self.version = next(self._versions)

    def merge(self, branches: list[Changes]) -> None:
        """Continue where several branches meet; one that wrote nothing is an empty one."""
        if len(branches) == 1:
            self.apply(branches[0])
            return
        for key in dict.fromkeys(key for branch in branches for key in branch):
            base = self.cells.get(key)
            value: Value | None = None
            for branch in branches:
                arm = branch.get(key, base)
                if arm is not None:
                    value = arm if value is None else joined(key, value, arm)
            if value is not None and value is not base:
                self.write(key, value)


def joined(key: HeapKey, left: Value, right: Value) -> Value:
    """The join of what two branches left at one place."""
    return join_contents(left, right) if key[1] == CONTENTS else join(left, right)
