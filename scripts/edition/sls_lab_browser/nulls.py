"""Messages to widgets whose `None` arrives as `null`, as JSON has it.

Pyodide hands `None` to the page as `undefined`, which no script of a widget expects
(https://pyodide.org/en/stable/usage/type-conversions.html).
"""

from __future__ import annotations

from typing import Any

import comm
from pyodide.ffi import jsnull
from pyodide_kernel.comm import Comm


class NullKeepingComm(Comm):  # type: ignore[misc] # a class of the browser's kernel, which has no types
    """The connection between a widget and the page."""

    def publish_msg(self, msg_type: str, data: Any = None, *rest: Any, **more: Any) -> None:
        """Send a message to the page."""
        super().publish_msg(msg_type, with_nulls(data or {}), *rest, **more)


def with_nulls(value: Any) -> Any:
    """A JSON value with JavaScript's `null` in place of each `None`."""
    if value is None:
        return jsnull
    if isinstance(value, dict):
        return {key: with_nulls(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [with_nulls(part) for part in value]
    return value


def keep_nulls() -> None:
    """Use such connections for all widgets that are made from now on."""
    comm.create_comm = NullKeepingComm
