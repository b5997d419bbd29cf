from __future__ import annotations

import pytest

from sls_lab.cli import commands
from tests.cli.fakes import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Applications that are named after what comes of them: `flow`, `clean`, `part`, `not-run`, `unreadable`."""
    world = World()
    monkeypatch.setattr(commands, "load_app", world.load_app)
    monkeypatch.setattr(commands, "analyse", world.analyse)
    return world
