"""What is known of a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class RegisteredCode:
    """One code of a diagnostic or of advice; `name` is stable and in kebab case.

    An `error` means that something was not analysed because of it, a `warning` that a part was left out or guessed, a
    `note` that the analysis stands but a reader should know. `meaning` and `remedy` are sentences, `example` is what
    brings it about: a few lines of a template, of Python, or of a command.
    """

    name: str
    level: Level | Literal["advice"]
    title: str
    meaning: str
    remedy: str
    example: str
