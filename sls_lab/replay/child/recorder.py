"""The record of dangerous calls: reported to the kit as they are made, and answered by the patch that caught them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sls_lab.replay.child.channel import Channel
from sls_lab.replay.child.places import Places

_MOST = 2_000  #: records of one hop; a loop may make more, and the rest is not kept


@dataclass
class Recorder:
    """Tells the kit what a handler does. `active` while code of the application runs."""

    channel: Channel
    places: Places
    active: bool = False
    told: int = 0
    sources: dict[int, str] = field(default_factory=dict)  #: what compiled code was made of, by its identity

    def danger(self, kind: str, name: str, value: Any, **detail: Any) -> None:
        """A dangerous call: its kind (`shell`, `sql`, …), the function's name and the value that matters."""
        self._tell({"is": "danger", "kind": kind, "name": name, "value": value, "detail": detail})

    def note(self, code: str, message: str) -> None:
        """One sentence on what the handler did that a learner should know."""
        self._tell({"is": "note", "code": code, "message": message})

    def fed(self, data: Any) -> None:
        """What the program that was told last reads: its input, or a file that it is given."""
        if self.active:
            self.channel.send({"is": "fed", "data": data})

    def seen(self, file: str, line: int, name: str, value: Any) -> None:
        """A variable that holds what was sent, after a line has run."""
        if self.active:
            self.channel.send({"is": "seen", "file": file, "line": line, "name": name, "value": value})

    def _tell(self, message: dict[str, Any]) -> None:
        if not self.active or self.told >= _MOST:
            return
        self.told += 1
        self.channel.send({**message, "place": self.places.nearest()})

    def watching(self, depth: int = 3) -> bool:
        """Whether a call, seen from the patch that asks, is one that the application itself makes while it runs."""
        return self.active and self.places.by_application(depth)


def put(owner: object, replaced: Iterable[tuple[str, Any]]) -> None:
    """Put other functions into a module or class; names that it does not have on this system are left out."""
    for name, value in replaced:
        if hasattr(owner, name):
            setattr(owner, name, value)
