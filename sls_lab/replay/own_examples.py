"""Whether an application is one of the kit's own examples, by its content: those are run without asking."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from sls_lab.facts import SlsLabError

_MADE: Final = frozenset({"__pycache__", ".ipynb_checkpoints"})
_LARGEST: Final = 4 << 20  #: bytes; no example is as large, so that larger folders are not read


class NotAllowed(SlsLabError):
    """An application is not the kit's own, and whoever asked did not say that its code may be run."""


def check_allowed(application: Path, examples: Iterable[Path], allowed: bool) -> None:
    """Raise NotAllowed, with what would be run, unless the application is one of `examples` or `allowed` is true."""
    if allowed or is_own(application, examples):
        return
    raise NotAllowed(
        f"{application} is not one of the kit's examples, and a replay runs its handlers' code on this computer, in a "
        "process with limits, which is not a sandbox: give --run-its-code (in a notebook run_its_code=True) to allow "
        "that; for code that you do not trust, do that in a container"
    )


def is_own(application: Path, examples: Iterable[Path]) -> bool:
    """Whether the folder has the content of one of the examples, file by file."""
    found = _digest(application)
    return found is not None and any(_digest(example) == found for example in examples)


def _digest(folder: Path) -> str | None:
    """A SHA-256 over the names and contents of all files; None where they cannot be read or are too large."""
    total, size = hashlib.sha256(), 0
    try:
        for file in sorted(folder.rglob("*")):
            if _MADE & {*file.relative_to(folder).parts}:
                continue
            if file.is_symlink():
                return None
            if file.is_file():
                size += file.stat().st_size
                if size > _LARGEST:
                    return None
                name = file.relative_to(folder).as_posix()
                data = file.read_bytes()
                total.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
    except OSError:
        return None
    return total.hexdigest() if size else None
