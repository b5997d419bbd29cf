"""Files that are there as a whole or not at all, whatever ends the program that writes them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Write `data` beside `file` and rename, so that half a file is never found; a full disk leaves the old one.

    `mode` says who may read it. The folder must be there. Raises OSError.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".sls-lab-")
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        aside.chmod(mode)
        aside.replace(file)  # after it is closed: Windows renames no file that is open
    except OSError:
        aside.unlink(missing_ok=True)
        raise
