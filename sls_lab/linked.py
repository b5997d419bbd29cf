"""The results of the first three steps of one application: enough for its advice and for a picture of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # whoever asks for help does not wait for these rooms
    from sls_lab.code.model import Code
    from sls_lab.events.model import EventGraph
    from sls_lab.template.model import Template


class Linked(Protocol):
    """One application as far as its events are linked, as `sls_lab.App` has it, without a run of Pysa."""

    @property
    def name(self) -> str:
        """The folder's name."""

    @property
    def template(self) -> Template:
        """Step 1."""

    @property
    def code(self) -> Code:
        """Step 2."""

    @property
    def events(self) -> EventGraph:
        """Step 3."""
