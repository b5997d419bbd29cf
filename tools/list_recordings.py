"""List the recordings of the kit's own examples, which count without being trusted: run by `make record`.

python tools/list_recordings.py
"""

from __future__ import annotations

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "sls_lab" / "taint" / "kept" / "own_recordings.txt"


def listed() -> str:
    """One line for each recording: its SHA-256 and the application's folder."""
    files = sorted((ROOT / "code-examples").glob("*/*/recorded.json"))
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.parent.relative_to(ROOT)}" for file in files)
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    LIST.write_text(listed(), encoding="utf-8", newline="\n")
