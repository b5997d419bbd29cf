"""What a piece of advice is, and what a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sls_lab.facts import CODES, Span
from sls_lab.linked import Linked


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


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `check` gives the advice for one application, each piece with one of `codes`.

    `risk` is the number of the risk (4 for SAS-4) in *The 12 Most Critical Risks for Serverless Applications* (Cloud
    Security Alliance, 2019); `source` is the address of the facts that the check relies on.
    """

    id: str
    title: str
    risk: int
    source: str
    codes: tuple[str, ...]
    check: Callable[[Linked], Iterable[Advice]]
