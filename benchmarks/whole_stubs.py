"""What a run would read without a choice among the stubs: to be measured and compared with."""

from __future__ import annotations

import shutil
from collections.abc import Set
from pathlib import Path

from sls_lab.taint.run.pysa import STUBS, TYPESHED
from sls_lab.taint.staging.stub_files import narrowed

_OWN = Path(__file__).resolve().parent.parent / "sls_lab" / "taint" / "stubs"


def make_whole(folder: Path, services: Set[str]) -> None:
    """Have a staging folder hold all of every stub, and boto3's as ever, narrowed to some services. Raises OSError."""
    shutil.rmtree(folder / TYPESHED)
    shutil.rmtree(folder / STUBS)
    (folder / STUBS).mkdir()
    for entry in _OWN.iterdir():
        if entry.name != "boto3":
            (folder / STUBS / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
    for file in _OWN.glob("boto3/**/*.pyi"):
        target = folder / STUBS / file.relative_to(_OWN)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(narrowed(file.read_text(encoding="utf-8"), services), encoding="utf-8")
