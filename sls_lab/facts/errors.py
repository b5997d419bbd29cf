"""The named exceptions of the package."""

from __future__ import annotations


class SlsLabError(Exception):
    """What a caller of `sls_lab` may want to catch; its text is one sentence for the user."""


class UnreadableApplication(SlsLabError):
    """The path holds nothing that can be read as an application (no folder, no template)."""
