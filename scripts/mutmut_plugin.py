"""A plugin of pytest for mutmut 3.7: what it expects of pytest and of Python, and does not find by itself."""

from __future__ import annotations

import sys

import pytest

# mutmut puts two calls of its own around each call of a function.
sys.setrecursionlimit(4 * sys.getrecursionlimit())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each item its id under the name that mutmut reads, and pytest 9.2 no longer has."""
    for item in items:
        vars(item)["_nodeid"] = item.nodeid
