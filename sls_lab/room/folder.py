"""The messages of one class: a file for each learner, in a folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sls_lab.facts.whole_files import write_whole
from sls_lab.room.message import MAX_BYTES, Refused, opened
from sls_lab.room.standing import Standing
from sls_lab.taint.kept.stored_file import NotAsStored, read_stored

_SUFFIX = ".standing.json"
_MOST_LEARNERS = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of the folder that does not count, and why."""

    file: str
    why: str


class Room:
    """A class. `folder` is made where it is missing; `word` is the class word."""

    def __init__(self, folder: Path, word: str) -> None:
        self.folder = folder
        self._word = word
        folder.mkdir(parents=True, exist_ok=True)

    def receive(self, message: bytes) -> Standing:
        """Keep a message that came over the network.

        Raises Refused for one that is forged or malformed, that is not newer than what is known of its learner, whose
        nickname someone else has, or that would be one learner too many.
        """
        standing = opened(message, self._word)
        known = {one.learner: one for one in self.standings()[0]}
        before = known.get(standing.learner)
        if before is not None and standing.number <= before.number:
            raise Refused("it is not newer than what is known")
        if any(one.nickname == standing.nickname for one in known.values() if one.learner != standing.learner):
            raise Refused(f"someone else is called {standing.nickname}: choose another nickname")
        if before is None and len(known) >= _MOST_LEARNERS:
            raise Refused(f"the room has {_MOST_LEARNERS} learners already")
        leave_message(self.folder, standing.learner, message)
        return standing

    def standings(self) -> tuple[list[Standing], list[Refusal]]:
        """The learners by nickname, and the files that do not count."""
        found: list[Standing] = []
        refused: list[Refusal] = []
        for file in self._files():
            try:
                standing = opened(read_stored(file, limit=MAX_BYTES), self._word)
                if file.name != _name(standing.learner):
                    raise Refused("the file is named after another learner")
            except (OSError, NotAsStored, Refused) as error:
                refused.append(Refusal(file.name, str(error)))
            else:
                found.append(standing)
        return sorted(found, key=lambda one: (one.nickname.casefold(), one.learner)), refused

    def remove(self, nickname: str) -> int:
        """Forget the learners of this nickname; returns how many there were. Raises OSError."""
        gone = [one for one in self.standings()[0] if one.nickname == nickname]
        for one in gone:
            (self.folder / _name(one.learner)).unlink(missing_ok=True)
        return len(gone)

    def _files(self) -> Iterable[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))[: 2 * _MOST_LEARNERS]


def leave_message(folder: Path, learner: str, message: bytes) -> None:
    """Write a learner's message into the folder of a class, in place of the one before. Raises OSError."""
    write_whole(folder / _name(learner), message, 0o644)  # the instructor is another user than the learner


def _name(learner: str) -> str:
    """The file of a learner. The number itself stays secret, since whoever knows it can speak for the learner."""
    return hashlib.sha256(learner.encode()).hexdigest()[:24] + _SUFFIX
