"""Where a flow begins, as far as a judgement asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sls_lab.facts import Span
from sls_lab.taint.read.dataflow import Station


@dataclass(frozen=True, slots=True)
class FlowSource:
    """The place of a source, and the functions that the data passes from there on, the one of the source first.

    `called` says that a call of AWS gave the data, such as one that lists what others have stored.
    """

    span: Span
    stations: Sequence[Station] = ()
    called: bool = False
