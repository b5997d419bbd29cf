"""Locks on files, and what is done where a system has none."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from sls_lab.survey import Journal, SurveyUnavailable
from sls_lab.taint.run.file_lock import NoFileLocks, lock_file
from sls_lab.taint.run.temporary import staging_folder
from sls_lab.taint.run.turns import turn


@pytest.fixture(params=["no module", "an empty one"])
def without_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no module `fcntl`; in a browser it has none of its functions."""
    monkeypatch.setitem(sys.modules, "fcntl", None if request.param == "no module" else ModuleType("fcntl"))


@pytest.mark.posix
def test_a_lock_is_had_once_until_its_file_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with file.open("w") as first, file.open("w") as second:
        assert lock_file(first.fileno())
        assert not lock_file(second.fileno())
    with file.open("w") as third:
        assert lock_file(third.fileno())


@pytest.mark.usefixtures("without_locks")
def test_where_there_are_no_locks_nobody_is_said_to_hold_one(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as file, pytest.raises(NoFileLocks):
        lock_file(file.fileno())
    with pytest.raises(SurveyUnavailable, match="there is no survey here"), Journal(tmp_path / "s.jsonl"):
        pass


@pytest.mark.usefixtures("without_locks")
def test_a_run_needs_no_locks(tmp_path: Path) -> None:
    told: list[str] = []
    with turn(told.append, tmp_path / "queue", places=1), staging_folder() as folder:
        assert folder.is_dir()
    assert told == []
    assert not folder.exists()
