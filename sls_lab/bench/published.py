"""What others measured, each figure with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Published:
    """A tool on a suite: flows found that are true, found that are not, and missed."""

    tool: str
    suite: str
    true: int
    false: int
    missed: int
    source: str


_SANER = "https://doi.org/10.1109/SANER60148.2024.00072"
_USENIX = "https://www.usenix.org/conference/usenixsecurity25/presentation/raffa"

PUBLISHED: Final = (
    Published("prototype", "ten microbenchmarks, eight flows", 7, 2, 1, _SANER),
    Published("CloudFlow", "CloudBench, 40 microbenchmarks", 37, 1, 2, _USENIX),
)

#: What CloudFlow found in public code: applications, flows, vulnerabilities. A flow is not yet a vulnerability.
WILD: Final = (104, 205, 11)
IN_THE_WILD: Final = (
    f"CloudFlow on {WILD[0]} public applications: {WILD[1]} flows, of which {WILD[2]} were vulnerabilities ({_USENIX})"
)
