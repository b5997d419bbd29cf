"""What could not be read, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts.codes import Level, level_of
from sls_lab.facts.span import Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One clear sentence about one place.

    `code` is registered in `sls_lab.facts.codes`, which says its level; `message` says what is wrong and the remedy.
    Raises KeyError for a code that is not registered.
    """

    code: str
    message: str
    span: Span | None = None

    def __post_init__(self) -> None:
        level_of(self.code)

    @property
    def level(self) -> Level:
        """`error` where something was not analysed because of it, else `warning` or `note`."""
        return level_of(self.code)
