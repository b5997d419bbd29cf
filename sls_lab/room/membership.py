"""A learner's side of the room: one switch, off until the learner turns it on, and a hand to raise."""

from __future__ import annotations

import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from http.client import HTTPException
from pathlib import Path
from typing import Final

from sls_lab.exercises import Progress
from sls_lab.facts import SlsLabError
from sls_lab.facts.whole_files import write_whole
from sls_lab.room.folder import leave_message
from sls_lab.room.message import MAX_BYTES, sealed
from sls_lab.room.standing import NICKNAME, Standing, Tried

_PATIENCE: Final = 3.0  #: seconds that a server may take to answer
_MOST_SAID = 300


class NotJoined(SlsLabError):
    """A standing could not be sent, or a room not joined; the message says why."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a learner has agreed to: `place` is an address or a folder, `word` the class word.

    `number` counts the messages, `latest` is the exercise worked on last, `hand` whether the learner asks for help.
    `on` is the switch: what is off is remembered, so that a class server, which turns it on, respects it.
    """

    place: str
    word: str
    nickname: str
    learner: str
    number: int = 0
    latest: str = ""
    hand: bool = False
    on: bool = True


def membership_file(progress: Path) -> Path:
    """Where the membership of the learner is kept whose progress is in the file `progress`."""
    return progress.with_name(progress.name.replace("progress", "room", 1))


def read_membership(file: Path, environment: Mapping[str, str] = os.environ) -> Membership | None:
    """The room that this learner is in; None where the switch is off.

    It is off until the learner turns it on, but for a class server, which names its room and its word in `SLS_LAB_ROOM`
    and `SLS_LAB_ROOM_WORD`: there it is on, by the name that the learner logged in with, until it is turned off.
    """
    known = _stored(file)
    if known is not None:
        return known if known.on else None
    place, word = offered_room(environment)
    nickname = environment.get("JUPYTERHUB_USER", "")
    if place and word and NICKNAME.fullmatch(nickname):
        return Membership(place, word, nickname, secrets.token_hex(16))
    return None


def offered_room(environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """The place and the word of the room that this machine offers; empty where it offers none."""
    return environment.get("SLS_LAB_ROOM", ""), environment.get("SLS_LAB_ROOM_WORD", "")


def _stored(file: Path) -> Membership | None:
    try:
        return Membership(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def join(file: Path, place: str, word: str, nickname: str, progress: Progress) -> Membership:
    """Turn the switch on, and send what was done until now. Raises NotJoined, and then nothing is kept."""
    nickname = nickname.strip()
    if not NICKNAME.fullmatch(nickname):
        raise NotJoined("choose a nickname of 1 to 30 letters, digits, blanks, dots, dashes and apostrophes")
    if not word.strip():
        raise NotJoined("give the class word, which your instructor tells you")
    before = _stored(file)
    learner = before.learner if before is not None else secrets.token_hex(16)
    number = before.number if before is not None else 0
    membership = Membership(place.strip(), word.strip(), nickname, learner, number)
    return send_standing(file, membership, progress)


def leave(file: Path) -> None:
    """Turn the switch off: nothing is sent from now on. What was sent stays with the instructor. Raises NotJoined."""
    known = _stored(file) or read_membership(file)
    if known is not None:
        _keep(file, replace(known, on=False, hand=False))


def raise_hand(file: Path, membership: Membership, progress: Progress, *, up: bool) -> Membership:
    """Ask for help, or no longer. Raises NotJoined where that does not reach the room."""
    return send_standing(file, replace(membership, hand=up), progress)


def send_standing(file: Path, membership: Membership, progress: Progress, latest: str = "") -> Membership:
    """Send how far the learner is, and note in `file` that it was sent.

    Raises NotJoined where the room does not take it, or cannot be reached.
    """
    fresh = replace(membership, number=membership.number + 1, latest=latest or membership.latest)
    message = sealed(_standing(fresh, progress), fresh.word).encode()
    if len(message) > MAX_BYTES:
        raise NotJoined("there is more progress than one message holds")
    if fresh.place.startswith(("http://", "https://")):
        _post(fresh.place, message)
    else:
        _put(Path(fresh.place), fresh.learner, message)
    _keep(file, fresh)
    return fresh


def _standing(membership: Membership, progress: Progress) -> Standing:
    tried = {
        id: Tried(one.attempts, one.hints, one.passed) for id, one in progress.done.items() if one.attempts or one.hints
    }
    return Standing(
        nickname=membership.nickname,
        learner=membership.learner,
        number=membership.number,
        tried=tried,
        minutes={lesson: round(one.seconds / 60) for lesson, one in progress.spent.items()},
        latest=membership.latest,
        hand=membership.hand,
    )


def _post(place: str, message: bytes) -> None:
    address = place.rstrip("/") + "/standing"
    try:
        request = urllib.request.Request(address, message, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return
    except urllib.error.HTTPError as error:
        said = error.read(_MOST_SAID).decode("utf-8", "replace").strip()
        raise NotJoined(f"the room does not take it: {said or error.reason}") from error
    except (OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise NotJoined(f"{place} cannot be reached: {reason}") from error


def _put(folder: Path, learner: str, message: bytes) -> None:
    if not folder.is_dir():
        raise NotJoined(f"there is no folder {folder}")
    try:
        leave_message(folder, learner, message)
    except OSError as error:
        raise NotJoined(f"{folder} cannot be written to: {error.strerror or error}") from error


def _keep(file: Path, membership: Membership) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Only its owner can read it: it holds the class word.
        write_whole(file, json.dumps(asdict(membership)).encode("utf-8"))
    except OSError as error:
        raise NotJoined(f"{file} cannot be written: {error.strerror or error}") from error
