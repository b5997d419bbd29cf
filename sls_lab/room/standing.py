"""How far one learner is: what is sent, and all that is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sls_lab.facts import SlsLabError

SCHEMA: Final = "sls-lab/room/1"
NICKNAME: Final = re.compile(r"\w(?:[\w .'-]{0,28}[\w.])?")
_LEARNER = re.compile(r"[0-9a-f]{32}")
_ID = re.compile(r"[0-9a-z]{2,3}/[a-z0-9-]{1,60}")
_LESSON = re.compile(r"[0-9a-z]{2,3}")
_MOST_TRIED = 500
_MOST_LESSONS = 50
_MOST = 1_000_000


class MalformedStanding(SlsLabError):
    """What was sent is not in the form of a standing; the message says where."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What was done about one exercise."""

    attempts: int
    hints: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a learner is.

    `nickname` is the learner's choice; `learner` is a random number that distinguishes two learners of one nickname.
    `number` goes up with each message. `tried` has what was done about each exercise, `minutes` those spent on each
    lesson, and `latest` the exercise that was worked on last, `""` before the first.
    """

    nickname: str
    learner: str
    number: int
    tried: Mapping[str, Tried]
    minutes: Mapping[str, int]
    latest: str = ""
    hand: bool = False

    @property
    def passed(self) -> int:
        """How many exercises are passed."""
        return sum(one.passed for one in self.tried.values())

    def as_json(self) -> dict[str, Any]:
        """The standing as plain values."""
        return {
            "schema": SCHEMA,
            "nickname": self.nickname,
            "learner": self.learner,
            "number": self.number,
            "tried": {id: [one.attempts, one.hints, one.passed] for id, one in sorted(self.tried.items())},
            "minutes": dict(sorted(self.minutes.items())),
            "latest": self.latest,
            "hand": self.hand,
        }


def standing_of(data: object) -> Standing:
    """The standing in plain values that anybody may have sent. Raises MalformedStanding."""
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        raise MalformedStanding(f"this is not a message of {SCHEMA}")
    unknown = set(data) - {"schema", *Standing.__slots__}
    if unknown:
        raise MalformedStanding(f"there is no entry {sorted(map(str, unknown))[0]!r}")
    latest = data.get("latest", "")
    if latest != "":
        latest = _word(latest, _ID, "latest")
    return Standing(
        nickname=_word(data.get("nickname"), NICKNAME, "nickname"),
        learner=_word(data.get("learner"), _LEARNER, "learner"),
        number=_count(data.get("number"), "number"),
        tried={_word(id, _ID, "tried"): _tried(one) for id, one in _mapping(data.get("tried"), "tried", _MOST_TRIED)},
        minutes={
            _word(lesson, _LESSON, "minutes"): _count(minutes, "minutes")
            for lesson, minutes in _mapping(data.get("minutes"), "minutes", _MOST_LESSONS)
        },
        latest=latest,
        hand=_truth(data.get("hand"), "hand"),
    )


def _mapping(value: object, entry: str, most: int) -> list[tuple[object, object]]:
    if not isinstance(value, dict) or len(value) > most:
        raise MalformedStanding(f"{entry} is not a mapping of at most {most} entries")
    return list(value.items())


def _tried(value: object) -> Tried:
    if not isinstance(value, list) or len(value) != 3:
        raise MalformedStanding("an entry of tried is not a list of attempts, hints and passed")
    return Tried(_count(value[0], "attempts"), _count(value[1], "hints"), _truth(value[2], "passed"))


def _word(value: object, form: re.Pattern[str], entry: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise MalformedStanding(f"{entry} has not the form that it must have")
    return value


def _count(value: object, entry: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise MalformedStanding(f"{entry} is not a number from 0 to {_MOST:,}")
    return value


def _truth(value: object, entry: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedStanding(f"{entry} is neither true nor false")
    return value
