"""The order in which answers are offered: mixed, and for one learner always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar

_Item = TypeVar("_Item")


def shuffled(items: Iterable[_Item], text_of: Callable[[_Item], str], learner: str) -> list[_Item]:
    """`items` in an order that depends on nothing but their texts and the learner."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{learner}\0{text_of(item)}".encode()).hexdigest())
