"""What became of each static flow when an attack on it was replayed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sls_lab.facts import Span
from sls_lab.replay.model import Danger, Observed, Request

ConfirmationStatus = Literal["confirmed", "not-confirmed", "not-tried"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`why` is one sentence: what arrived, where the marker ended and in which form, or why nothing was tried.

    `sent` is the string that held the marker, `request` the whole request; `arrived` is the dangerous call that it
    reached, `span` where the marker was seen last.
    """

    status: ConfirmationStatus
    why: str
    sent: str = ""
    request: Request | None = None
    arrived: Danger | None = None
    span: Span | None = None

    @property
    def confirmed(self) -> bool | None:
        """True, False, or None for what was not tried."""
        return {"confirmed": True, "not-confirmed": False}.get(self.status)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The confirmations of an application's flows, by their place in the report, and the edges that were observed.

    `set_aside` has those of the flows that were set aside. `missing` is the module without which nothing was replayed.
    """

    flows: tuple[Confirmation, ...]
    set_aside: tuple[Confirmation, ...] = ()
    observed: tuple[Observed, ...] = ()
    unreported: tuple[Danger, ...] = ()
    missing: str = ""
