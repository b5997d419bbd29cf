"""The named exceptions of the package."""

from __future__ import annotations


class SlsLabError(Exception):
    """What a caller of `sls_lab` may want to catch; its text is one sentence for the user."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows where it is raised: the sentence alone. IPython looks for this very name."""
        return [f"{type(self).__name__}: {self}"]


class UnreadableApplication(SlsLabError):
    """The path holds nothing that can be read as an application (no folder, no template)."""
