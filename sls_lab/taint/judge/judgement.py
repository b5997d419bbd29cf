"""The judgement on a flow that was found."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts import Reason


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a flow is set aside, None where it is not; else a note on its sink, and what is taken for granted."""

    aside: Reason | None = None
    note: str = ""
    doubts: tuple[Reason, ...] = ()
