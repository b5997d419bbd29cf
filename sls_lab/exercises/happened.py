"""What came of a trial: of the requests that were sent to an application with a learner's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of a trial. `failed` gives, for each honest request that no longer works, what is missing, in words;
    None where none was sent, since an attack had come through.

    `arrived` says which attack arrived as code, where, and what is read there; empty where none did. `stuck` says why
    the attacks came to no end; empty where they did. `tried` is the number of attacks that were sent. `recorded` says
    that it was not tried here and now.
    """

    failed: tuple[tuple[str, str], ...] | None
    arrived: str
    stuck: str
    tried: int
    recorded: bool = False

    def as_json(self) -> dict[str, Any]:
        """The form in which it is recorded."""
        failed = None if self.failed is None else [list(one) for one in self.failed]
        return {"failed": failed, "arrived": self.arrived, "stuck": self.stuck, "tried": self.tried}

    @staticmethod
    def of_json(recorded: Mapping[str, Any]) -> Happened:
        """What was recorded in that form."""
        failed = recorded["failed"]
        found = None if failed is None else tuple((name, missing) for name, missing in failed)
        return Happened(found, recorded["arrived"], recorded["stuck"], recorded["tried"], recorded=True)
