"""What a piece of advice is."""

from __future__ import annotations

from dataclasses import dataclass

from sls_lab.facts import CODES, Span


@dataclass(frozen=True, slots=True)
class Advice:
    """A finding that is not a flow but worth fixing; `code` is registered in `sls_lab.facts.codes`.

    Raises KeyError for a code that is not registered as one of advice.
    """

    code: str
    message: str
    span: Span

    def __post_init__(self) -> None:
        if CODES[self.code].level != "advice":
            raise KeyError(self.code)
