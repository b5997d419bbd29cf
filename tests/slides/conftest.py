"""A look at the pages of a deck, beside whatever else drives Chromium in this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from chromium import find_chromium
from deck.check import complaints

Look = Callable[[Path], list[str]]


@pytest.fixture(scope="session")
def look() -> Look:
    """What `make slides` says of a file of pages."""
    program = find_chromium()
    assert program

    def said(file: Path) -> list[str]:
        # Playwright runs once a thread, and another test of this process may hold it in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(complaints, file, program).result()

    return said
