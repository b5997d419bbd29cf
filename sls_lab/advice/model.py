"""What a piece of advice is."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts import Span


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding that is not a flow but worth a change; `code` is a stable kebab-case name."""

    code: str
    message: str
    span: Span
