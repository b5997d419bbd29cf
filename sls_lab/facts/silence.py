"""Why a finding is not reported with the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sls_lab.facts.span import Span


@dataclass(frozen=True, slots=True)
class Silence:
    """Who accepted a finding: a comment at its line, with its reason and place, or the baseline."""

    by: Literal["comment", "baseline"]
    reason: str
    span: Span | None = None
