"""Packages from npm, exactly as locked, put into a folder of .cache. Nothing is fetched once they are there."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LOCK = "package-lock.json"
DESCRIPTION = "package.json"


def installed(folder: Path, into: Path) -> bool:
    """Whether `into` holds what the lock in `folder` names."""
    stamp = into / "installed"
    return stamp.is_file() and stamp.read_text() == _digest(folder)


def install(npm: Sequence[str], folder: Path, into: Path) -> bool:
    """Have the command `npm` put what the lock in `folder` names into `into`; whether it managed."""
    into.mkdir(parents=True, exist_ok=True)
    for name in (LOCK, DESCRIPTION):
        shutil.copy(folder / name, into)
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=into, check=False).returncode:
        return False
    (into / "installed").write_text(_digest(folder))
    return True


def _digest(folder: Path) -> str:
    return hashlib.sha256((folder / LOCK).read_bytes()).hexdigest()
