"""Why a derived fact holds."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts.span import Span


@dataclass(frozen=True, slots=True)
class Reason:
    """One link of a `because` chain: a sentence and, where there is one, the text it speaks of."""

    text: str
    span: Span | None = None
