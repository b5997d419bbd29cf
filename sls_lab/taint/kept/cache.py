"""Answers kept from run to run."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from sls_lab.facts.whole_files import write_whole
from sls_lab.taint.kept.report_json import from_json, to_json
from sls_lab.taint.kept.stored_file import NotAsStored, read_stored
from sls_lab.taint.model import TaintReport


def cache_folder() -> Path | None:
    """Where answers are kept: `sls-lab` in the user's cache folder (`XDG_CACHE_HOME`, else `~/.cache`).

    None for a user without a home.
    """
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "sls-lab"
    except RuntimeError:
        return None


def cached(key: str, folder: Path) -> TaintReport | None:
    """The report kept under `key`; None unless there is one that can be read and that this user wrote."""
    try:
        return from_json(json.loads(read_stored(folder / f"{key}.json", own=True)), "live")
    except (OSError, NotAsStored, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def keep(key: str, report: TaintReport, folder: Path) -> None:
    """Keep a report. A folder that cannot be written to costs time, not results, so that nothing is raised."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder / f"{key}.json", json.dumps(to_json(report)).encode("utf-8"))
