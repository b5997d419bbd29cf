"""Learners of a class."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from sls_lab.room.standing import Standing, Tried

WORD = "lighthouse-42"


def standing(nickname: str = "Ada", *, number: int = 1, hand: bool = False, **tried: tuple[int, bool]) -> Standing:
    """A learner with `tried` exercises: `e00_start=(2, True)` is `00/start`, passed at the second attempt."""
    done = {
        f"{name[1:3]}/{name[4:].replace('_', '-')}": Tried(attempts, 0, passed)
        for name, (attempts, passed) in tried.items()
    }
    learner = hashlib.sha256(nickname.encode()).hexdigest()[:32]
    return Standing(nickname, learner, number, done, {"00": 12} if done else {}, next(iter(done), ""), hand)


def renumbered(one: Standing, number: int) -> Standing:
    return replace(one, number=number)
