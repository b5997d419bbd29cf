"""Put TypeScript, which checks the widgets' scripts, into .cache/javascript; do nothing where there is no Node.js.

The version is pinned in tools/javascript/package-lock.json. Nothing is fetched once it is there.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tools" / "javascript"
CACHE = ROOT / ".cache" / "javascript"
COMPILER = CACHE / "node_modules" / "typescript" / "bin" / "tsc"


def main() -> None:
    """Fetch the compiler where Node.js is there and it is not."""
    npm = shutil.which("npm")
    if shutil.which("node") is None or npm is None:
        print("No Node.js on this machine: the scripts of the widgets are not checked.")
        return
    lock, stamp = FOLDER / "package-lock.json", CACHE / "installed"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if COMPILER.is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Installing TypeScript from npm, to check the scripts of the widgets.", flush=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    for file in (lock, FOLDER / "package.json"):
        shutil.copy(file, CACHE)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=CACHE, check=False).returncode:
        print("npm could not install TypeScript (its message stands above), so that the scripts are not checked.")
    else:
        stamp.write_text(wanted)


if __name__ == "__main__":
    main()
