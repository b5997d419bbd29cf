"""A plugin of pytest for mutmut 3.7: what it expects of pytest and of Python, and does not find by itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from weakref import WeakKeyDictionary

import pytest

# mutmut puts two calls of its own around each call of a function.
sys.setrecursionlimit(4 * sys.getrecursionlimit())


def pytest_sessionstart() -> None:
    """Forget what functions remember: each fault is tried in a copy of a process that has run all tests without it."""
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "sls_lab":
            for value in _within(vars(module)):
                if isinstance(value, WeakKeyDictionary):
                    value.clear()
                elif callable(forget := getattr(value, "cache_clear", None)):
                    forget()


def _within(names: dict[str, object]) -> Iterator[object]:
    for value in [*names.values()]:
        yield value
        if isinstance(value, type):
            yield from vars(value).values()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each item its id under the name that mutmut reads, and pytest 9.2 no longer has."""
    for item in items:
        vars(item)["_nodeid"] = item.nodeid
