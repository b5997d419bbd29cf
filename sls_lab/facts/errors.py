"""The named exceptions of the package."""

from __future__ import annotations

from typing import Final


class SlsLabError(Exception):
    """What a caller of `sls_lab` may want to catch; its text is one sentence for the user."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows where it is raised: the sentence alone. IPython looks for this very name."""
        return [f"{type(self).__name__}: {self}"]


class MissingPackages(SlsLabError, ImportError):
    """Packages of one of the kit's extras are not installed; the message says how to install them."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} not installed: run pip install 'sls-lab[{extra}]'")


#: What code may raise where it meets something that nobody thought of. Caught only around one application among
#: several, so that it does not cost the others their answer.
DEFECTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)


class UnreadableApplication(SlsLabError):
    """The path holds nothing that can be read as an application (no folder, no template)."""
