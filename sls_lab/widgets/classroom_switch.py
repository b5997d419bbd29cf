"""The learner's side of a class: one switch that says who may see how far they are, and a hand to raise."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakSet

from sls_lab.exercises import Progress, UnusableProgress, progress_file, read_progress
from sls_lab.room import (
    Membership,
    NotJoined,
    join,
    leave,
    membership_file,
    offered_room,
    raise_hand,
    read_membership,
    send_standing,
)
from sls_lab.widgets import fallback
from sls_lab.widgets.base import Action, PlainWidget

WHAT_IS_SENT = (
    "Sent are your nickname, the exercises that you tried and passed, the minutes of each notebook, and your hand. "
    "Nothing else leaves this computer: no answers, no code, no name."
)
_WIDGETS: WeakSet[Classroom] = WeakSet()


class Classroom(PlainWidget, source="classroom.js"):
    """Join the room of a class, leave it, ask for help."""

    def __init__(self) -> None:
        super().__init__()
        _WIDGETS.add(self)

    def read(self) -> None:
        """Whether a room was joined."""
        try:
            self._file = membership_file(progress_file())
            self._membership = read_membership(self._file)
        except UnusableProgress as error:
            self._membership = None
            self.status = str(error)

    def make_view(self) -> dict[str, Any]:
        """What the form offers, and what is sent."""
        place, word = offered_room()
        return {"sent": WHAT_IS_SENT, "place": place, "has_word": bool(word)}

    def make_state(self) -> dict[str, Any]:
        """Whether the switch is on, by which name, and whether the hand is up."""
        one = self._membership
        if one is None:
            return {"on": False, "nickname": "", "place": "", "hand": False}
        return {"on": True, "nickname": one.nickname, "place": one.place, "hand": one.hand}

    def actions(self) -> Mapping[str, Action]:
        """Join, leave, raise a hand or take it down."""
        return {"join": self.join, "leave": self.leave, "hand": self.hand}

    def join(self, place: str, word: str, nickname: str) -> None:
        """Turn the switch on; a place and a word that are left out are those that this machine offers."""
        offered, known = offered_room()
        self._membership = join(self._file, place or offered, word or known, nickname, self._progress())
        self.status = "You are in the room."

    def leave(self) -> None:
        """Turn the switch off."""
        leave(self._file)
        self._membership = None
        self.status = "You have left the room. Nothing is sent any more."

    def hand(self, up: bool) -> None:
        """Ask for help, or no longer."""
        if self._membership is not None:
            self._membership = raise_hand(self._file, self._membership, self._progress(), up=up)
            self.status = "Your hand is up." if up else "Your hand is down."

    def as_html(self) -> str:
        """What it is for: a page has nobody to send to."""
        return fallback.page("Your class (runs in JupyterLab)", fallback.paragraph(self.as_text()))

    def as_text(self) -> str:
        """Whether a room was joined, and what is sent."""
        one = self._membership
        if one is None:
            return "You are in no room: nobody sees how far you are."
        hand = " Your hand is up." if one.hand else ""
        return f"You are in the room {one.place} as {one.nickname}.{hand} {WHAT_IS_SENT}"

    def _progress(self) -> Progress:
        return read_progress(progress_file())


def classroom() -> Classroom:
    """The switch and the hand of one's class."""
    return Classroom()


class _Courier:
    """Sends in the background, so that no exercise waits for a network: one message at a time, the latest last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next: Callable[[], None] | None = None
        self._busy = False

    def send(self, message: Callable[[], None]) -> None:
        with self._lock:
            self._next = message
            if self._busy:
                return
            self._busy = True
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._lock:
                message, self._next = self._next, None
                if message is None:
                    self._busy = False
                    return
            message()


_COURIER = _Courier()


def tell_room(progress: Progress, id: str) -> Membership | None:
    """Tell the room that an exercise was worked on, where one was joined; returns the membership, None without one.

    A room that cannot be reached costs nothing: the next message has everything that this one had.
    """
    try:
        file = membership_file(progress_file())
        membership = read_membership(file)
    except UnusableProgress:
        return None
    if membership is None:
        return None

    def send() -> None:
        said = ""
        try:
            send_standing(file, read_membership(file) or membership, progress, id)
        except NotJoined as error:
            said = str(error)
        for widget in list(_WIDGETS):
            widget.status = said

    _COURIER.send(send)
    return membership
