"""An installed kit holds all that the package holds: models, stubs, schema and canary are data that it needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MADE = {"__pycache__"}


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(tmp_path: Path) -> None:
    # Hatchling leaves out what git ignores; a file of the package that a pattern hits by accident would be missing.
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        entries = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "sls-lab = sls_lab.cli:main" in archive.read(entries).decode()
    files = (file for file in (ROOT / "sls_lab").rglob("*") if file.is_file() and not MADE & {*file.parts})
    assert packed == {file.relative_to(ROOT).as_posix() for file in files}
    suffixes = {Path(name).suffix for name in packed} | {Path(name).name for name in packed}
    assert {".py", ".pyi", ".pysa", ".json", ".yml", "py.typed"} <= suffixes
