"""Lay out the stubs for one run.

Pysa reads every class that it can get to. boto3's stub leads to forty services' clients, of which an application uses
a few; without the others a run takes half the time.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

_SERVICE_IMPORT = re.compile(r"^from mypy_boto3_(\w+)\.")
_OVERLOAD = re.compile(r'service_name: Literal\["([\w-]+)"\]')
_NARROWED = "boto3"


def write_stubs(folder: Path, words: set[str]) -> None:
    """Make `folder` hold the stubs, boto3's narrowed to the services among `words`. Raises OSError.

    All others are links: the package's own files are read where they are.
    """
    folder.mkdir()
    with resources.as_file(resources.files("sls_lab.taint") / "stubs") as stubs:
        for entry in stubs.resolve().iterdir():
            if entry.name != _NARROWED:
                (folder / entry.name).symlink_to(entry, target_is_directory=entry.is_dir())
        for file in sorted((stubs / _NARROWED).rglob("*.pyi")):
            target = folder / file.relative_to(stubs)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(narrowed(file.read_text(encoding="utf-8"), words), encoding="utf-8")


def narrowed(stub: str, services: set[str]) -> str:
    """A stub of boto3 without the imports and overloads of other services than these."""
    packages = {service.replace("-", "_") for service in services}
    kept: list[str] = []
    for line in stub.splitlines():
        imported, overload = _SERVICE_IMPORT.match(line), _OVERLOAD.search(line)
        if imported and imported[1] not in packages:
            continue
        if overload and overload[1] not in services:
            kept.pop()  # the `@overload` above
            continue
        kept.append(line)
    return "\n".join(kept) + "\n"
