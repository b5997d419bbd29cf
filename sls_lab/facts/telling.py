"""How one that waits is told what happens."""

from __future__ import annotations

from collections.abc import Callable

#: Is given one sentence at each step.
Telling = Callable[[str], None]


def silent(_: str) -> None:
    """Tell nothing."""
