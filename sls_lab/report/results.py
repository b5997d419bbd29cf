"""What a report needs of one analysed application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sls_lab.linked import Linked

if TYPE_CHECKING:  # whoever asks for help does not wait for all rooms
    from sls_lab.advice import Advice
    from sls_lab.facts import Diagnostic
    from sls_lab.replay.confirmation import Confirmed
    from sls_lab.silence import Silenced
    from sls_lab.taint.model import TaintReport


class Results(Linked, Protocol):
    """The results of one application, as `sls_lab.App` has them.

    Reports take these protocols and not `App` itself, so that they depend on values alone.
    """

    @property
    def path(self) -> Path:
        """The application's folder."""

    @property
    def flows(self) -> TaintReport:
        """Step 5."""

    @property
    def advice(self) -> Sequence[Advice]:
        """Findings that are not flows but worth fixing."""

    @property
    def silenced(self) -> Sequence[Silenced]:
        """The flows and the advice that a comment or a baseline accepts."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What could not be read, in the order of the steps."""

    @property
    def timings(self) -> Mapping[str, float]:
        """The seconds each step took."""

    @property
    def confirmed(self) -> Confirmed | None:
        """What became of the flows when attacks on them were replayed; None where that was not asked for."""

    @property
    def complete(self) -> bool:
        """Whether every handler was analysed."""
