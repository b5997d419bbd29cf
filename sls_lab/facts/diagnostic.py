"""What could not be read, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sls_lab.facts.span import Span

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One clear sentence about one place.

    `code` is a stable kebab-case name (`handler-file-missing`); `message` says what is wrong and the remedy.
    An `error` means that something was not analysed because of it.
    """

    level: Level
    code: str
    message: str
    span: Span | None = None
